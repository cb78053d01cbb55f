-- name: profile_write
INSERT INTO profile (customer, id, segment, version, activation, probability, since, monetary, orders, first_seen, last_seen, due, as_of, schema, audiences, vector,
  encoder, embedding, text_encoder, text)
SELECT n.customer, n.id, n.segment, n.version, n.activation, n.probability, n.since, n.monetary, n.orders, n.first_seen, n.last_seen, n.due, n.as_of,
  n.schema, string_to_array(n.audiences, E'\x1f'), n.vector, n.encoder, n.embedding, n.text_encoder, n.text
FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::integer[], $5::bigint[], $6::double precision[], $7::bigint[], $8::double precision[],
  $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[], $15::text[], $16::bytea[], $17::text[], $18::bytea[],
  $19::text[], $20::bytea[])
  AS n (customer, id, segment, version, activation, probability, since, monetary, orders, first_seen, last_seen, due, as_of, schema, audiences, vector,
    encoder, embedding, text_encoder, text)
ON CONFLICT (customer) DO UPDATE SET segment = excluded.segment, version = excluded.version, activation = excluded.activation,
  probability = excluded.probability, since = excluded.since, monetary = excluded.monetary, orders = excluded.orders,
  first_seen = excluded.first_seen, last_seen = excluded.last_seen, due = excluded.due, as_of = excluded.as_of, schema = excluded.schema,
  audiences = excluded.audiences, vector = excluded.vector, encoder = excluded.encoder, embedding = excluded.embedding,
  text_encoder = excluded.text_encoder, text = excluded.text

-- name: profile_assign
UPDATE profile p SET segment = n.segment, version = $2, activation = $3, probability = n.probability, since = n.since,
  due = CASE WHEN n.due IS NULL OR p.due <= n.due THEN p.due ELSE n.due END
FROM unnest($1::bigint[], $4::text[], $5::double precision[], $6::bigint[], $7::bigint[]) AS n (customer, segment, probability, since, due)
WHERE p.customer = n.customer

-- name: profile_delete
DELETE FROM profile WHERE customer = $1

-- name: total_move
INSERT INTO segment_total (segment, customers, units) SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
ON CONFLICT (segment) DO UPDATE SET customers = segment_total.customers + excluded.customers, units = segment_total.units + excluded.units

-- name: total_all
SELECT r.value, greatest(l.value, (SELECT max(latest_event) FROM writer)), t.segment, t.customers, t.units
FROM meta r JOIN meta l ON l.name = 'latest_event' LEFT JOIN segment_total t ON true
WHERE r.name = 'revision' ORDER BY t.segment

-- name: audience_move
INSERT INTO audience_total (audience, customers) SELECT * FROM unnest($1::text[], $2::bigint[])
ON CONFLICT (audience) DO UPDATE SET customers = audience_total.customers + excluded.customers

-- name: audience_totals
SELECT audience, customers FROM audience_total WHERE customers > 0

-- name: flow_count
INSERT INTO flow (hour, origin, destination, customers) SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])
ON CONFLICT (hour, origin, destination) DO UPDATE SET customers = flow.customers + excluded.customers

-- name: flow_since
SELECT origin, destination, sum(customers)::bigint FROM flow WHERE hour >= $1 GROUP BY origin, destination
ORDER BY origin NULLS FIRST, destination NULLS FIRST

-- name: profile_list_segment
SELECT id, segment, probability, monetary, orders, last_seen FROM profile WHERE segment = $3 AND id > $1 ORDER BY id LIMIT $2

-- name: profile_list_all
SELECT c.id, p.segment, p.probability, p.monetary, p.orders, p.last_seen FROM customer c JOIN profile p ON p.customer = c.key
WHERE c.id > $1 ORDER BY c.id LIMIT $2

-- name: profile_due
SELECT id FROM profile WHERE due <= $1 ORDER BY due, customer LIMIT $2

-- name: profile_scan
SELECT customer, id, segment, version, activation, probability, since, monetary, orders, first_seen, last_seen, due, as_of, schema, audiences, vector,
  encoder, embedding, text_encoder, text
FROM profile WHERE customer > $1 AND customer <= $2 ORDER BY customer LIMIT $3

-- name: profile_last
SELECT coalesce(max(customer), 0) FROM profile
