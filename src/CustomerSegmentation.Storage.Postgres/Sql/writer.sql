-- name: session_patience
SELECT set_config('lock_timeout', $1, false)

-- A machine that is lost without a word must not keep its locks for hours. And each statement must see what was committed before it, whatever the server's
-- default: a commit group sees customers after it waited for an erasure.
-- name: session_settings
SELECT set_config('default_transaction_isolation', 'read committed', false),
  set_config('idle_in_transaction_session_timeout', '0', false), set_config('tcp_keepalives_idle', '15', false),
  set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false),
  CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN set_config('synchronous_commit', 'on', false) END

-- name: schema_own
SELECT pg_advisory_lock(hashtextextended($1 || ':owner', 0))

-- name: schema_share
SELECT pg_advisory_lock_shared(hashtextextended($1 || ':owner', 0))

-- name: schema_holders
SELECT coalesce(nullif(a.application_name, ''), 'process ' || l.pid || ' of the server'), a.backend_start
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.pid <> pg_backend_pid()
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended($1 || ':owner', 0)
ORDER BY a.backend_start

-- name: session_lock
SELECT pg_try_advisory_lock($1)

-- name: session_end_predecessor
SELECT pg_terminate_backend(pid, 5000) FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND pid <> pg_backend_pid()
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND ((classid::bigint << 32) | objid::bigint) = $1

-- name: writer_enter
INSERT INTO writer (id, transaction, latest_event) VALUES ($1, 0, 0)

-- name: writer_bury
WITH dead AS MATERIALIZED (SELECT id FROM writer WHERE id <> $1 AND pg_try_advisory_xact_lock(id))
DELETE FROM writer w USING dead d WHERE w.id = d.id RETURNING w.latest_event

-- name: writer_dead
SELECT id FROM writer WHERE pg_try_advisory_xact_lock_shared(id) LIMIT 1

-- name: writer_mark
INSERT INTO writer (id, transaction, latest_event) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET transaction = excluded.transaction, latest_event = greatest(writer.latest_event, excluded.latest_event)

-- The mark, and the lock of erasures_exclude: both in one statement before those that need the lock.
-- name: writer_mark_excluding_erasures
WITH mark AS (
  INSERT INTO writer (id, transaction, latest_event) VALUES ($1, $2, $3)
  ON CONFLICT (id) DO UPDATE SET transaction = excluded.transaction, latest_event = greatest(writer.latest_event, excluded.latest_event))
SELECT pg_advisory_xact_lock_shared(hashtextextended(current_schema() || ':erasure', 0))

-- name: writer_ended
SELECT transaction FROM writer WHERE id = $1 FOR UPDATE

-- name: writer_leave
DELETE FROM writer WHERE id = $1 RETURNING latest_event

-- name: latest_raise
UPDATE meta SET value = greatest(value, $1) WHERE name = 'latest_event'

-- name: erasures_exclude
SELECT pg_advisory_xact_lock_shared(hashtextextended(current_schema() || ':erasure', 0))

-- name: erasures_own
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ':erasure', 0))

-- name: revision_next
UPDATE meta SET value = value + 1 WHERE name = 'revision' RETURNING value

-- name: salt_get
SELECT salt FROM tombstone_salt
