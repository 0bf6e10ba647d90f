-- name: insert_dead_letters
-- description: Stores what could not be read, and answers which of it is new.
INSERT INTO dead_letter (
    dead_letter_id, topic, partition, log_offset, source, event_id, field, reason, sha256,
    headers, body, received_at
)
SELECT
    dead_letter_id, topic, partition, log_offset, source, event_id, field, reason, sha256,
    headers, body, received_at
FROM unnest(
    $1::uuid[], $2::text[], $3::integer[], $4::bigint[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::bytea[], $10::jsonb[], $11::bytea[], $12::timestamptz[]
) AS fresh (
    dead_letter_id, topic, partition, log_offset, source, event_id, field, reason, sha256,
    headers, body, received_at
)
ON CONFLICT (dead_letter_id) DO NOTHING
RETURNING dead_letter_id;
