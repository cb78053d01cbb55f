-- name: segmentation_save
INSERT INTO segmentation (version, payload) VALUES (?1, ?2) ON CONFLICT (version) DO UPDATE SET payload = excluded.payload

-- name: segmentation_load
SELECT payload FROM segmentation WHERE version = ?1

-- name: segmentation_last
SELECT coalesce(max(version), 0) FROM segmentation

-- name: segmentation_list
SELECT version, payload FROM segmentation WHERE version < ?1 ORDER BY version DESC LIMIT ?2

-- name: activation_insert
INSERT INTO activation (version, at) VALUES (?1, ?2)

-- name: activation_last
SELECT activation, version, at FROM activation ORDER BY activation DESC LIMIT 1
