-- Where a customer's records lie. Filled behind the journal, in the order of its key: an entry of its own with each append would change a page of its own.
-- Rows of the journal after meta 'indexed_position' may be missing here; a start enters them.
CREATE TABLE journal_index (
  customer INTEGER NOT NULL,
  first_sequence INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (customer, first_sequence)
) WITHOUT ROWID;

INSERT INTO journal_index (customer, first_sequence, position)
SELECT customer, first_sequence, position FROM journal INDEXED BY journal_customer ORDER BY customer, first_sequence;

INSERT INTO meta (name, value) SELECT 'indexed_position', coalesce(max(position), 0) FROM journal;

DROP INDEX journal_customer;
