-- name: meta_get
SELECT value FROM meta WHERE name = ?1

-- name: meta_set
INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- name: name_all
SELECT key, text FROM name

-- name: name_insert
INSERT INTO name (text) VALUES (?1) RETURNING key
