-- name: profile_write
INSERT INTO profile (customer, id, segment, version, activation, probability, since, monetary, orders, first_seen, last_seen, due, as_of, schema, audiences, vector,
  encoder, embedding, text_encoder, text)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
ON CONFLICT (customer) DO UPDATE SET segment = excluded.segment, version = excluded.version, activation = excluded.activation,
  probability = excluded.probability, since = excluded.since, monetary = excluded.monetary, orders = excluded.orders,
  first_seen = excluded.first_seen, last_seen = excluded.last_seen, due = excluded.due, as_of = excluded.as_of, schema = excluded.schema,
  audiences = excluded.audiences, vector = excluded.vector, encoder = excluded.encoder, embedding = excluded.embedding,
  text_encoder = excluded.text_encoder, text = excluded.text

-- name: profile_assigned
SELECT segment, activation, monetary FROM profile WHERE customer = ?1

-- name: profile_assign
UPDATE profile SET segment = ?2, version = ?3, activation = ?4, probability = ?5, since = ?6,
  due = CASE WHEN ?7 IS NULL OR due <= ?7 THEN due ELSE ?7 END WHERE customer = ?1

-- name: profile_delete
DELETE FROM profile WHERE customer = ?1

-- name: total_move
INSERT INTO segment_total (segment, customers, units) VALUES (?1, ?2, ?3)
ON CONFLICT (segment) DO UPDATE SET customers = customers + excluded.customers, units = units + excluded.units

-- name: total_all
SELECT n.text, t.customers, t.units FROM segment_total t JOIN name n ON n.key = t.segment ORDER BY n.text

-- name: audience_move
INSERT INTO audience_total (audience, customers) VALUES (?1, ?2)
ON CONFLICT (audience) DO UPDATE SET customers = customers + excluded.customers

-- name: audience_totals
SELECT n.text, t.customers FROM audience_total t JOIN name n ON n.key = t.audience WHERE t.customers > 0

-- name: flow_count
INSERT INTO flow (hour, origin, destination, customers) VALUES (?1, ?2, ?3, 1)
ON CONFLICT (hour, origin, destination) DO UPDATE SET customers = customers + 1

-- name: flow_since
SELECT o.text, d.text, sum(f.customers)
FROM flow f LEFT JOIN name o ON o.key = f.origin LEFT JOIN name d ON d.key = f.destination
WHERE f.hour >= ?1 GROUP BY f.origin, f.destination ORDER BY o.text, d.text

-- name: profile_list_segment
SELECT id, segment, probability, monetary, orders, last_seen FROM profile INDEXED BY profile_segment
WHERE segment = ?3 AND id > ?1 ORDER BY id LIMIT ?2

-- name: profile_list_all
SELECT c.id, p.segment, p.probability, p.monetary, p.orders, p.last_seen FROM customer c CROSS JOIN profile p ON p.customer = c.key
WHERE c.id > ?1 ORDER BY c.id LIMIT ?2

-- name: profile_due
SELECT id FROM profile INDEXED BY profile_due WHERE due <= ?1 ORDER BY due, customer LIMIT ?2

-- name: profile_scan
SELECT customer, id, segment, version, activation, probability, since, monetary, orders, first_seen, last_seen, due, as_of, schema, audiences, vector,
  encoder, embedding, text_encoder, text
FROM profile WHERE customer > ?1 AND customer <= ?2 ORDER BY customer LIMIT ?3

-- name: profile_last
SELECT coalesce(max(customer), 0) FROM profile
