-- name: migration_lock
SELECT pg_advisory_xact_lock(hashtextextended($1 || ':migration', 0))

-- name: schema_state
SELECT current_setting('server_version_num')::integer, current_setting('server_version'), current_setting('fsync'),
  EXISTS (SELECT FROM pg_namespace WHERE nspname = $1),
  EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1),
  EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'segmentation_schema')

-- name: schema_version_create
CREATE TABLE segmentation_schema (version integer PRIMARY KEY, applied bigint NOT NULL)

-- name: schema_version
SELECT coalesce(max(version), 0) FROM segmentation_schema

-- name: schema_version_add
INSERT INTO segmentation_schema (version, applied) VALUES ($1, $2)
