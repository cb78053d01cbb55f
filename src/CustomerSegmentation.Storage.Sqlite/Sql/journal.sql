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
WHERE (j.customer, j.first_sequence) > (?1, ?2) AND j.position <= ?3
ORDER BY j.customer, j.first_sequence LIMIT ?4
