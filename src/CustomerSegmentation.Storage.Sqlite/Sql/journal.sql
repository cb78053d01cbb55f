-- name: journal_insert
INSERT INTO journal (position, customer, first_sequence, count, min_time, max_time, events) VALUES

-- name: journal_latest_after
SELECT coalesce(max(max_time), 0) FROM journal WHERE position > ?1

-- name: journal_read
SELECT j.first_sequence, j.count, j.events FROM journal j
WHERE j.customer = ?1 AND j.first_sequence >= ?2
ORDER BY j.first_sequence LIMIT ?3

-- name: journal_floor
SELECT first_sequence FROM journal WHERE customer = ?1 AND first_sequence <= ?2 ORDER BY first_sequence DESC LIMIT 1

-- name: journal_read_backwards
SELECT j.first_sequence, j.count, j.events FROM journal j
WHERE j.customer = ?1 AND j.first_sequence < ?2
ORDER BY j.first_sequence DESC LIMIT ?3

-- name: journal_scan
SELECT j.customer, j.first_sequence, j.count, j.events, c.id
FROM journal j INDEXED BY journal_customer JOIN customer c ON c.key = j.customer
WHERE (j.customer, j.first_sequence) > (?1, ?2) AND j.position <= ?3 AND j.max_time >= ?5 AND j.min_time < ?6
ORDER BY j.customer, j.first_sequence LIMIT ?4

-- name: journal_old
SELECT c.key, c.id, (SELECT j.max_time FROM journal j WHERE j.customer = c.key AND j.first_sequence > c.trimmed ORDER BY j.first_sequence LIMIT 1)
FROM snapshot s JOIN customer c ON c.key = s.customer
WHERE s.customer > ?1 ORDER BY s.customer LIMIT ?2

-- name: journal_covered
SELECT j.first_sequence, j.count, j.max_time, j.events, s.sequence
FROM customer c JOIN snapshot s ON s.customer = c.key JOIN journal j ON j.customer = c.key
WHERE c.key = ?1 AND j.first_sequence > c.trimmed ORDER BY j.first_sequence LIMIT ?2

-- name: journal_remove
DELETE FROM journal WHERE customer = ?1 AND first_sequence = ?2

-- name: customer_trim
UPDATE customer SET trimmed = ?2 WHERE key = ?1

-- name: customer_trimmed
SELECT trimmed FROM customer WHERE key = ?1
