-- Ids and free text from outside are bytea: the bytes of UTF-8 sort by code point under every locale, and may contain NUL, which text may not.
CREATE TABLE meta (
  name text PRIMARY KEY,
  value bigint NOT NULL
);

INSERT INTO meta (name, value) VALUES ('revision', 0), ('latest_event', 0), ('last_version', 0);

CREATE TABLE tombstone_salt (salt bytea NOT NULL);

INSERT INTO tombstone_salt (salt) VALUES (uuid_send(gen_random_uuid()));

-- One row per running writer. Each of its transactions leaves its number here, which tells after a lost connection whether it was committed.
CREATE TABLE writer (
  id bigint PRIMARY KEY,
  transaction bigint NOT NULL,
  latest_event bigint NOT NULL
) WITH (fillfactor = 20);

CREATE TABLE customer (
  key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id bytea NOT NULL UNIQUE,
  retired bigint NOT NULL DEFAULT 0
);

-- By customer and not by time: the primary key is the fence, and a key can only be unique across partitions when it contains what they are cut by.
-- A customer's rows lie in one partition, so that an erasure and the vacuum after it touch a fraction of the journal; so does dropping what a
-- snapshot covers, which is decided by customer too.
CREATE TABLE journal (
  customer bigint NOT NULL,
  first_sequence bigint NOT NULL,
  count integer NOT NULL,
  min_time bigint NOT NULL,
  max_time bigint NOT NULL,
  events bytea NOT NULL,
  PRIMARY KEY (customer, first_sequence)
) PARTITION BY HASH (customer);

DO $$
BEGIN
  FOR i IN 0..7 LOOP
    EXECUTE format('CREATE TABLE journal_%s PARTITION OF journal FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
  END LOOP;
END
$$;

CREATE TABLE snapshot (
  customer bigint PRIMARY KEY,
  sequence bigint NOT NULL,
  state bytea NOT NULL
);

-- The empty segment stands for unassigned.
CREATE TABLE profile (
  customer bigint PRIMARY KEY,
  id bytea NOT NULL,
  segment text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  activation bigint NOT NULL,
  probability double precision NOT NULL,
  since bigint NOT NULL,
  monetary double precision NOT NULL,
  orders bigint NOT NULL,
  first_seen bigint NOT NULL,
  last_seen bigint NOT NULL,
  due bigint,
  as_of bigint NOT NULL,
  schema text COLLATE "C" NOT NULL,
  audiences text[] COLLATE "C",
  vector bytea NOT NULL
);

CREATE INDEX profile_segment ON profile (segment, id);

CREATE INDEX profile_due ON profile (due, customer) WHERE due IS NOT NULL;

-- Sums over profile, moved in the same transactions; units are ten-thousandths of the currency.
CREATE TABLE segment_total (
  segment text COLLATE "C" PRIMARY KEY,
  customers bigint NOT NULL,
  units bigint NOT NULL
);

CREATE TABLE audience_total (
  audience text COLLATE "C" PRIMARY KEY,
  customers bigint NOT NULL
);

-- NULL stands for none.
CREATE TABLE flow (
  hour bigint NOT NULL,
  origin text COLLATE "C",
  destination text COLLATE "C",
  customers bigint NOT NULL,
  UNIQUE NULLS NOT DISTINCT (hour, origin, destination)
);

CREATE TABLE tombstone (
  hash bytea PRIMARY KEY,
  at bigint NOT NULL
);

-- Numbered by each writer for itself, from what was there when it began.
CREATE TABLE rejection (
  id bigint NOT NULL,
  writer bigint NOT NULL,
  time bigint NOT NULL,
  source bytea NOT NULL,
  code bytea NOT NULL,
  reason bytea NOT NULL,
  customer_id bytea,
  message_id bytea,
  position bigint,
  excerpt bytea,
  PRIMARY KEY (id, writer)
);

-- By hash: what was refused may carry an id that is too long for an ordered index.
CREATE INDEX rejection_customer ON rejection USING hash (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE segmentation (
  version integer PRIMARY KEY,
  payload bytea NOT NULL
);

CREATE TABLE activation (
  activation bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version integer NOT NULL,
  at bigint NOT NULL
);

CREATE TABLE audience (
  key text COLLATE "C" PRIMARY KEY,
  name bytea NOT NULL,
  rule bytea NOT NULL,
  revision integer NOT NULL,
  changed bigint NOT NULL
);
