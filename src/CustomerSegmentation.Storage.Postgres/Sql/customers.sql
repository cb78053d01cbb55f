-- name: customer_keys
SELECT key, id FROM customer WHERE id = ANY($1)

-- name: customer_create
INSERT INTO customer (id)
SELECT n.id FROM unnest($1::bytea[]) AS n (id)
WHERE NOT EXISTS (SELECT FROM tombstone t WHERE t.hash = sha256($2::bytea || n.id))
ORDER BY n.id
ON CONFLICT (id) DO NOTHING
RETURNING key, id

-- name: customer_load
SELECT n.place, c.key, s.sequence, s.state, p.segment, p.version, p.activation, p.probability, p.since,
  greatest(c.trimmed, (SELECT j.first_sequence + j.count - 1 FROM journal j WHERE j.customer = c.key ORDER BY j.first_sequence DESC LIMIT 1))
FROM unnest($1::bytea[]) WITH ORDINALITY AS n (id, place)
LEFT JOIN customer c ON c.id = n.id
LEFT JOIN tombstone t ON c.key IS NULL AND t.hash = sha256($2::bytea || n.id)
LEFT JOIN snapshot s ON s.customer = c.key LEFT JOIN profile p ON p.customer = c.key
WHERE c.key IS NOT NULL OR t.hash IS NOT NULL

-- name: customer_lock
SELECT key FROM customer WHERE key = ANY($1) ORDER BY key FOR NO KEY UPDATE

-- name: customer_stored
SELECT c.key, c.id, c.retired, s.sequence, p.segment, p.version, p.activation, p.probability, p.since, p.monetary, p.audiences
FROM customer c LEFT JOIN snapshot s ON s.customer = c.key LEFT JOIN profile p ON p.customer = c.key
WHERE c.key = ANY($1)

-- name: customer_stale
SELECT c.key, c.id FROM customer c LEFT JOIN snapshot s ON s.customer = c.key
WHERE c.key > $1 AND greatest(c.retired, coalesce(s.sequence, 0)) <
  (SELECT j.first_sequence + j.count - 1 FROM journal j WHERE j.customer = c.key ORDER BY j.first_sequence DESC LIMIT 1)
ORDER BY c.key LIMIT $2

-- name: customer_retire
UPDATE customer SET retired = greatest(retired, $2) WHERE key = $1

-- name: customer_delete
DELETE FROM customer WHERE key = $1

-- name: snapshot_write
INSERT INTO snapshot (customer, sequence, state)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])
ON CONFLICT (customer) DO UPDATE SET sequence = excluded.sequence, state = excluded.state

-- name: snapshot_delete
DELETE FROM snapshot WHERE customer = $1

-- name: tombstone_insert
INSERT INTO tombstone (hash, at) VALUES (sha256($1::bytea || $2::bytea), $3) ON CONFLICT (hash) DO NOTHING
