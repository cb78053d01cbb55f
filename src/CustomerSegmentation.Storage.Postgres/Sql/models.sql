-- name: models_lock
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ':models', 0))

-- name: model_find
SELECT kind, version, manifest, checksum, stored, files, upload FROM model WHERE kind = $1 AND version = $2

-- name: model_list
SELECT kind, version, manifest, checksum, stored, files, upload FROM model WHERE kind = $1 ORDER BY upload DESC

-- name: model_insert
INSERT INTO model (kind, version, upload, stored, checksum, manifest, files) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING

-- name: model_delete
DELETE FROM model WHERE kind = $1 AND version = $2 RETURNING upload

-- name: model_upload_begin
INSERT INTO model_upload (started) VALUES ($1) RETURNING upload

-- name: model_upload_abandon
INSERT INTO model_upload (upload, started) OVERRIDING SYSTEM VALUE VALUES ($1, 0)

-- name: model_upload_end
DELETE FROM model_upload WHERE upload = $1

-- name: model_upload_old
SELECT upload FROM model_upload WHERE started < $1 ORDER BY upload

-- name: model_chunk_write
INSERT INTO model_chunk (upload, file, number, bytes) VALUES ($1, $2, $3, $4)

-- name: model_chunk_read
SELECT bytes FROM model_chunk WHERE upload = $1 AND file = $2 AND number = $3

-- name: model_chunk_remove
DELETE FROM model_chunk WHERE (upload, file, number) IN (SELECT upload, file, number FROM model_chunk WHERE upload = $1 LIMIT $2)

-- name: model_choice_get
SELECT active, previous, revision FROM model_choice WHERE kind = $1

-- name: model_choice_replace
INSERT INTO model_choice (kind, active, previous, revision)
SELECT $1, $2::text, $3::text, $4::bigint
WHERE $4 = 1 + coalesce((SELECT revision FROM model_choice WHERE kind = $1), 0)
  AND ($2::text IS NULL OR EXISTS (SELECT FROM model WHERE kind = $1 AND version = $2))
ON CONFLICT (kind) DO UPDATE SET active = excluded.active, previous = excluded.previous, revision = excluded.revision
