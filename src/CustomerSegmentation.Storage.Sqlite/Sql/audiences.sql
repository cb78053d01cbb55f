-- name: audience_list
SELECT key, name, rule, revision, changed FROM audience ORDER BY key

-- name: audience_save
INSERT INTO audience (key, name, rule, revision, changed) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (key) DO UPDATE SET name = excluded.name, rule = excluded.rule, revision = excluded.revision, changed = excluded.changed

-- name: audience_delete
DELETE FROM audience WHERE key = ?1
