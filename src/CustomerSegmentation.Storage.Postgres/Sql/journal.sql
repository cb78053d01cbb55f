-- name: journal_insert
INSERT INTO journal (customer, first_sequence, count, min_time, max_time, events)
SELECT c.key, n.first_sequence, n.count, n.min_time, n.max_time, n.events
FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::bigint[], $6::bytea[])
  AS n (customer, first_sequence, count, min_time, max_time, events)
LEFT JOIN customer c ON c.key = n.customer AND c.trimmed < n.first_sequence
ORDER BY n.customer, n.first_sequence

-- The one above takes all rows or ends in an error: of the primary key, or of a customer who may not be null. This one takes what it can, where the fence is
-- expected; passing it by nearly doubles what a row costs.
-- name: journal_insert_passing_fence
INSERT INTO journal (customer, first_sequence, count, min_time, max_time, events)
SELECT c.key, n.first_sequence, n.count, n.min_time, n.max_time, n.events
FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::bigint[], $6::bytea[])
  AS n (customer, first_sequence, count, min_time, max_time, events)
JOIN customer c ON c.key = n.customer AND c.trimmed < n.first_sequence
ORDER BY c.key, n.first_sequence
ON CONFLICT (customer, first_sequence) DO NOTHING

-- Which of these rows this transaction wrote.
-- name: journal_written
SELECT j.customer, j.first_sequence
FROM journal j JOIN unnest($1::bigint[], $2::bigint[]) AS n (customer, first_sequence) USING (customer, first_sequence)
WHERE j.xmin = pg_current_xact_id()::xid

-- name: journal_remove
DELETE FROM journal j USING unnest($1::bigint[], $2::bigint[]) AS n (customer, first_sequence)
WHERE j.customer = n.customer AND j.first_sequence = n.first_sequence

-- name: journal_start
SELECT c.key,
  (SELECT j.first_sequence FROM journal j WHERE j.customer = c.key AND j.first_sequence <= $2 ORDER BY j.first_sequence DESC LIMIT 1)
FROM customer c WHERE c.id = $1

-- name: journal_read
SELECT first_sequence, count, events FROM journal WHERE customer = $1 AND first_sequence >= $2 ORDER BY first_sequence LIMIT $3

-- name: journal_read_backwards
SELECT first_sequence, count, events FROM journal WHERE customer = $1 AND first_sequence < $2 ORDER BY first_sequence DESC LIMIT $3

-- name: journal_scan
SELECT j.customer, j.first_sequence, j.count, j.events, c.id
FROM (
  SELECT customer, first_sequence, count, events FROM journal
  WHERE (customer, first_sequence) > ($1, $2) AND max_time >= $4 AND min_time < $5 ORDER BY customer, first_sequence LIMIT $3
) j JOIN customer c ON c.key = j.customer
ORDER BY j.customer, j.first_sequence

-- name: journal_erase
WITH erased AS (DELETE FROM journal WHERE customer = $1 RETURNING count) SELECT coalesce(sum(count), 0)::bigint FROM erased

-- name: journal_old
SELECT c.key, c.retired, (SELECT j.max_time FROM journal j WHERE j.customer = c.key AND j.first_sequence > c.trimmed ORDER BY j.first_sequence LIMIT 1)
FROM snapshot s JOIN customer c ON c.key = s.customer
WHERE s.customer > $1 ORDER BY s.customer LIMIT $2

-- name: journal_covered
SELECT c.key, c.id, j.first_sequence, j.count, j.max_time, j.events, s.sequence
FROM customer c JOIN snapshot s ON s.customer = c.key CROSS JOIN LATERAL (
  SELECT first_sequence, count, max_time, events FROM journal WHERE customer = c.key AND first_sequence > c.trimmed ORDER BY first_sequence LIMIT $2) j
WHERE c.key = ANY($1) ORDER BY c.key, j.first_sequence

-- name: customer_trim
UPDATE customer c SET trimmed = n.trimmed FROM unnest($1::bigint[], $2::bigint[]) AS n (key, trimmed) WHERE c.key = n.key
