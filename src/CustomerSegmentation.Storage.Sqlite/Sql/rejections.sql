-- name: rejection_insert
INSERT INTO rejection (id, time, source, code, reason, customer_id, message_id, position, excerpt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)

-- name: rejection_trim
DELETE FROM rejection WHERE id <= ?1

-- name: rejection_last
SELECT coalesce(max(id), 0) FROM rejection

-- name: rejection_list
SELECT id, time, source, code, reason, customer_id, message_id, position, excerpt FROM rejection WHERE id < ?1 ORDER BY id DESC LIMIT ?2

-- name: rejection_erase
DELETE FROM rejection WHERE customer_id = ?1 RETURNING id
