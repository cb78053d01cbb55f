-- Up to here records of the customer's journal were examined for removal; what was removed stays fenced.
ALTER TABLE customer ADD COLUMN trimmed INTEGER NOT NULL DEFAULT 0;

-- A model's files lie in model_chunk under its upload number; without a row here they belong to an upload that is under way or was broken off.
CREATE TABLE model (
  kind TEXT NOT NULL,
  version TEXT NOT NULL,
  upload INTEGER NOT NULL UNIQUE,
  stored INTEGER NOT NULL,
  checksum TEXT NOT NULL,
  manifest TEXT NOT NULL,
  files TEXT NOT NULL,
  PRIMARY KEY (kind, version)
) WITHOUT ROWID;

CREATE TABLE model_upload (
  upload INTEGER PRIMARY KEY,
  started INTEGER NOT NULL
);

CREATE TABLE model_chunk (
  upload INTEGER NOT NULL,
  file TEXT NOT NULL,
  number INTEGER NOT NULL,
  bytes BLOB NOT NULL
);

CREATE UNIQUE INDEX model_chunk_file ON model_chunk (upload, file, number);

CREATE TABLE model_choice (
  kind TEXT PRIMARY KEY,
  active TEXT,
  previous TEXT,
  revision INTEGER NOT NULL
) WITHOUT ROWID;
