-- Names that repeat (segment keys, audience keys, schema hashes) are stored once; 0 stands for the empty name.
CREATE TABLE name (
  key INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
);

INSERT INTO name (key, text) VALUES (0, '');

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value NOT NULL
) WITHOUT ROWID;

CREATE TABLE customer (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  retired INTEGER NOT NULL DEFAULT 0
);

-- Appended at the end only; the index is the fence and the way to one customer's events.
CREATE TABLE journal (
  position INTEGER PRIMARY KEY,
  customer INTEGER NOT NULL,
  first_sequence INTEGER NOT NULL,
  count INTEGER NOT NULL,
  min_time INTEGER NOT NULL,
  max_time INTEGER NOT NULL,
  events BLOB NOT NULL
);

CREATE UNIQUE INDEX journal_customer ON journal (customer, first_sequence);

CREATE TABLE snapshot (
  customer INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL,
  state BLOB NOT NULL
);

-- The vector, in the form of SparseVector, comes last: everything before it is read without its bytes.
CREATE TABLE profile (
  customer INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  segment INTEGER NOT NULL,
  version INTEGER NOT NULL,
  activation INTEGER NOT NULL,
  probability REAL NOT NULL,
  since INTEGER NOT NULL,
  monetary REAL NOT NULL,
  orders INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  due INTEGER,
  as_of INTEGER NOT NULL,
  schema INTEGER NOT NULL,
  audiences BLOB,
  vector BLOB NOT NULL
);

CREATE INDEX profile_segment ON profile (segment, id);

CREATE INDEX profile_due ON profile (due) WHERE due IS NOT NULL;

-- Sums over profile, moved in the same transactions; units are ten-thousandths of the currency.
CREATE TABLE segment_total (
  segment INTEGER PRIMARY KEY,
  customers INTEGER NOT NULL,
  units INTEGER NOT NULL
);

CREATE TABLE audience_total (
  audience INTEGER PRIMARY KEY,
  customers INTEGER NOT NULL
);

-- -1 stands for none.
CREATE TABLE flow (
  hour INTEGER NOT NULL,
  origin INTEGER NOT NULL,
  destination INTEGER NOT NULL,
  customers INTEGER NOT NULL,
  PRIMARY KEY (hour, origin, destination)
) WITHOUT ROWID;

CREATE TABLE tombstone (
  hash BLOB PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE rejection (
  id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  source TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  customer_id TEXT,
  message_id TEXT,
  position INTEGER,
  excerpt TEXT
);

CREATE INDEX rejection_customer ON rejection (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE segmentation (
  version INTEGER PRIMARY KEY,
  payload BLOB NOT NULL
);

CREATE TABLE activation (
  activation INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL
);

CREATE TABLE audience (
  key TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  rule TEXT NOT NULL,
  revision INTEGER NOT NULL,
  changed INTEGER NOT NULL
) WITHOUT ROWID;
