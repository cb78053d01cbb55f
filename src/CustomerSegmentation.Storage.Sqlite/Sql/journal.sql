-- name: journal_insert
INSERT INTO journal (position, customer, first_sequence, count, min_time, max_time, events) VALUES

-- name: journal_latest_after
SELECT coalesce(max(max_time), 0) FROM journal WHERE position > ?1

-- name: journal_index_insert
INSERT INTO journal_index (customer, first_sequence, position) VALUES

-- name: journal_index_rest
INSERT OR IGNORE INTO journal_index (customer, first_sequence, position)
SELECT customer, first_sequence, position FROM journal WHERE position > ?1 ORDER BY customer, first_sequence

-- name: journal_index_last
SELECT first_sequence FROM journal_index WHERE customer = ?1 ORDER BY first_sequence DESC LIMIT 1

-- name: journal_floor
SELECT first_sequence FROM journal_index WHERE customer = ?1 AND first_sequence <= ?2 ORDER BY first_sequence DESC LIMIT 1

-- name: journal_read
SELECT j.first_sequence, j.count, j.events FROM journal_index i CROSS JOIN journal j ON j.position = i.position
WHERE i.customer = ?1 AND i.first_sequence >= ?2 AND i.first_sequence < ?3
ORDER BY i.first_sequence LIMIT ?4

-- name: journal_read_backwards
SELECT j.first_sequence, j.count, j.events FROM journal_index i CROSS JOIN journal j ON j.position = i.position
WHERE i.customer = ?1 AND i.first_sequence < ?2
ORDER BY i.first_sequence DESC LIMIT ?3

-- name: journal_at
SELECT first_sequence, count, events FROM journal WHERE position = ?1 AND customer = ?2

-- name: journal_scan
SELECT j.customer, j.first_sequence, j.count, j.events, c.id
FROM journal_index i CROSS JOIN journal j ON j.position = i.position CROSS JOIN customer c ON c.key = i.customer
WHERE (i.customer, i.first_sequence) > (?1, ?2) AND i.position <= ?3 AND j.max_time >= ?5 AND j.min_time < ?6
ORDER BY i.customer, i.first_sequence LIMIT ?4

-- name: journal_scan_at
SELECT j.count, j.events, c.id FROM journal j CROSS JOIN customer c ON c.key = j.customer
WHERE j.position = ?1 AND j.customer = ?2 AND j.max_time >= ?3 AND j.min_time < ?4

-- name: journal_old
SELECT c.key, c.id, (SELECT j.max_time FROM journal_index i CROSS JOIN journal j ON j.position = i.position
  WHERE i.customer = c.key AND i.first_sequence > c.trimmed ORDER BY i.first_sequence LIMIT 1)
FROM snapshot s JOIN customer c ON c.key = s.customer
WHERE s.customer > ?1 ORDER BY s.customer LIMIT ?2

-- name: journal_covered
SELECT j.first_sequence, j.count, j.max_time, j.events, s.sequence, j.position
FROM customer c CROSS JOIN snapshot s ON s.customer = c.key CROSS JOIN journal_index i ON i.customer = c.key CROSS JOIN journal j ON j.position = i.position
WHERE c.key = ?1 AND i.first_sequence > c.trimmed ORDER BY i.first_sequence LIMIT ?2

-- name: journal_positions
SELECT position FROM journal_index WHERE customer = ?1

-- name: journal_remove
DELETE FROM journal WHERE position = ?1 AND customer = ?2 RETURNING count

-- name: journal_index_remove
DELETE FROM journal_index WHERE customer = ?1 AND first_sequence = ?2

-- name: journal_index_delete
DELETE FROM journal_index WHERE customer = ?1

-- name: customer_trim
UPDATE customer SET trimmed = ?2 WHERE key = ?1

-- name: customer_trimmed
SELECT trimmed FROM customer WHERE key = ?1
