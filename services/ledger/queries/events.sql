-- name: insert_events
-- description: Stores events in order of source and id, and answers those that were new.
INSERT INTO event (
    source, id, type, published_at, sequence, occurrence_id, sha256, headers, body, data,
    warnings, topic, partition, log_offset, received_at
)
SELECT
    source, id, type, published_at, sequence, occurrence_id, sha256, headers, body, data,
    warnings, topic, partition, log_offset, received_at
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::uuid[], $7::bytea[],
    $8::jsonb[], $9::bytea[], $10::jsonb[], $11::jsonb[], $12::text[], $13::integer[],
    $14::bigint[], $15::timestamptz[]
) AS fresh (
    source, id, type, published_at, sequence, occurrence_id, sha256, headers, body, data,
    warnings, topic, partition, log_offset, received_at
)
ORDER BY source, id
ON CONFLICT (source, id) DO NOTHING
RETURNING source, id;

-- name: digests_of_events
-- description: The hash of the bytes of stored events, to tell a repeat from a reused id.
SELECT event.source, event.id, event.sha256
FROM event
INNER JOIN unnest($1::text[], $2::text[]) AS asked (source, id)
    ON event.source = asked.source AND event.id = asked.id;
