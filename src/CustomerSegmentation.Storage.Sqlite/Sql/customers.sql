-- name: customer_key
SELECT key FROM customer WHERE id = ?1

-- name: customer_insert
INSERT INTO customer (key, id) VALUES (?1, ?2)

-- name: customer_load
SELECT s.sequence, s.state, p.segment, p.version, p.activation, p.probability, p.since,
  max(c.trimmed, coalesce((SELECT j.first_sequence + j.count - 1 FROM journal_index i CROSS JOIN journal j ON j.position = i.position
    WHERE i.customer = c.key ORDER BY i.first_sequence DESC LIMIT 1), 0))
FROM customer c LEFT JOIN snapshot s ON s.customer = c.key LEFT JOIN profile p ON p.customer = c.key
WHERE c.key = ?1

-- name: customer_stored
SELECT c.id, c.retired, s.sequence, p.segment, p.version, p.activation, p.probability, p.since, p.monetary, p.audiences
FROM customer c LEFT JOIN snapshot s ON s.customer = c.key LEFT JOIN profile p ON p.customer = c.key
WHERE c.key = ?1

-- name: customer_stale
SELECT c.key, c.id FROM customer c LEFT JOIN snapshot s ON s.customer = c.key
WHERE c.key > ?1 AND max(c.retired, coalesce(s.sequence, 0)) <
  (SELECT j.first_sequence + j.count - 1 FROM journal_index i CROSS JOIN journal j ON j.position = i.position
    WHERE i.customer = c.key ORDER BY i.first_sequence DESC LIMIT 1)
ORDER BY c.key LIMIT ?2

-- name: customer_retire
UPDATE customer SET retired = max(retired, ?2) WHERE key = ?1

-- name: snapshot_write
INSERT INTO snapshot (customer, sequence, state) VALUES (?1, ?2, ?3)
ON CONFLICT (customer) DO UPDATE SET sequence = excluded.sequence, state = excluded.state

-- name: snapshot_delete
DELETE FROM snapshot WHERE customer = ?1

-- name: customer_delete
DELETE FROM customer WHERE key = ?1

-- name: tombstone_get
SELECT 1 FROM tombstone WHERE hash = ?1

-- name: tombstone_insert
INSERT INTO tombstone (hash, at) VALUES (?1, ?2) ON CONFLICT (hash) DO NOTHING
