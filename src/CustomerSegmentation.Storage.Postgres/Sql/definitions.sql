-- name: segmentation_save
INSERT INTO segmentation (version, payload) VALUES ($1, $2) ON CONFLICT (version) DO UPDATE SET payload = excluded.payload

-- name: segmentation_load
SELECT version, payload FROM segmentation WHERE version = $1

-- name: segmentation_next
UPDATE meta SET value = greatest(value, (SELECT coalesce(max(version), 0) FROM segmentation)) + 1 WHERE name = 'last_version' RETURNING value

-- name: segmentation_list
SELECT version, payload FROM segmentation WHERE version < $1 ORDER BY version DESC LIMIT $2

-- name: activation_insert
INSERT INTO activation (version, at) VALUES ($1, $2) RETURNING activation

-- name: activation_last
SELECT version, activation, at FROM activation ORDER BY activation DESC LIMIT 1

-- name: audience_list
SELECT key, name, rule, revision, changed FROM audience ORDER BY key

-- name: audience_save
INSERT INTO audience (key, name, rule, revision, changed) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (key) DO UPDATE SET name = excluded.name, rule = excluded.rule, revision = excluded.revision, changed = excluded.changed

-- name: audience_delete
DELETE FROM audience WHERE key = $1

-- name: rejection_insert
INSERT INTO rejection (id, writer, time, source, code, reason, customer_id, message_id, position, excerpt)
SELECT n.id, $1, n.time, n.source, n.code, CASE WHEN t.hash IS NULL THEN n.reason ELSE n.code END,
  CASE WHEN t.hash IS NULL THEN n.customer_id END, n.message_id, n.position, CASE WHEN t.hash IS NULL THEN n.excerpt END
FROM unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bigint[], $10::bytea[])
  AS n (id, time, source, code, reason, customer_id, message_id, position, excerpt)
LEFT JOIN tombstone t ON t.hash = sha256((SELECT salt FROM tombstone_salt) || n.customer_id)

-- name: rejection_trim
DELETE FROM rejection WHERE id <= $1

-- name: rejection_last
SELECT coalesce(max(id), 0) FROM rejection

-- name: rejection_list
SELECT id, time, source, code, reason, customer_id, message_id, position, excerpt FROM rejection
WHERE id < $1 AND NOT (writer = $3 AND id >= $4) ORDER BY id DESC FETCH FIRST ($2) ROWS WITH TIES

-- name: rejection_erase
DELETE FROM rejection WHERE customer_id = $1 RETURNING id, writer
