-- Up to here records of the customer's journal were examined for removal; what was removed stays fenced.
ALTER TABLE customer ADD COLUMN trimmed bigint NOT NULL DEFAULT 0;

-- A model's files lie in model_chunk under its upload number; without a row here they belong to an upload that is under way or was broken off.
CREATE TABLE model (
  kind text COLLATE "C" NOT NULL,
  version text COLLATE "C" NOT NULL,
  upload bigint NOT NULL UNIQUE,
  stored bigint NOT NULL,
  checksum text NOT NULL,
  manifest bytea NOT NULL,
  files text NOT NULL,
  PRIMARY KEY (kind, version)
);

CREATE TABLE model_upload (
  upload bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  started bigint NOT NULL
);

CREATE TABLE model_chunk (
  upload bigint NOT NULL,
  file text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (upload, file, number)
);

-- Weights do not compress: no time is spent on trying.
ALTER TABLE model_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE model_choice (
  kind text COLLATE "C" PRIMARY KEY,
  active text,
  previous text,
  revision bigint NOT NULL
);
