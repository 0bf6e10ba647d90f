-- Multiplies what is stored of some occurrences: $1 more copies of each, a minute apart, every copy an
-- occurrence of its own with its own events, decisions and duties. What is in them stays the same.
-- name: occurrence
INSERT INTO occurrence (
    occurrence_id, occurrence_key, type, occurred_at, is_cancelled, person_keys
)
SELECT
    md5(occurrence_id::text || n)::uuid, occurrence_key || '/' || n, type,
    occurred_at + n * interval '1 minute', is_cancelled, person_keys
FROM generate_series(1, $1::integer) AS n
CROSS JOIN occurrence;

-- name: event
INSERT INTO event (
    source, id, type, published_at, sequence, occurrence_id, sha256, headers, body, data, warnings,
    topic, partition, log_offset, received_at
)
SELECT
    event.source, event.id || '/' || n, event.type, event.published_at, event.sequence,
    md5(event.occurrence_id::text || n)::uuid, event.sha256, event.headers, event.body, event.data,
    event.warnings, event.topic, event.partition, event.log_offset + n * 1000000::bigint,
    event.received_at
FROM generate_series(1, $1::integer) AS n
CROSS JOIN (
    SELECT event.*
    FROM event
    INNER JOIN occurrence ON event.occurrence_id = occurrence.occurrence_id
    WHERE position('/' IN event.id) = 0
    ORDER BY event.event_no
) AS event;

-- name: decision
INSERT INTO decision (
    occurrence_id, source, event_id, decided_at, rulebook_hash, facts, nobody, because, occurred_at,
    leaves_out, footing
)
SELECT
    md5(made.occurrence_id::text || n)::uuid, made.source, made.event_id || '/' || n,
    made.decided_at, made.rulebook_hash, made.facts, made.nobody, made.because,
    made.occurred_at + n * interval '1 minute', made.leaves_out, made.footing
FROM generate_series(1, $1::integer) AS n
CROSS JOIN (SELECT * FROM decision ORDER BY decision_no) AS made;

-- name: duty
INSERT INTO duty (
    duty_id, occurrence_id, person_key, about, service, recipient, organisation, kind, instead_of,
    because, urgency, respond_by, asks, reasons, late, episode, revision, fingerprint,
    notification_id, state, owed_at, district, occurred_at, learned_later
)
SELECT
    md5(duty_id::text || n)::uuid, md5(occurrence_id::text || n)::uuid, person_key, about, service,
    recipient, organisation, kind, instead_of, because, urgency, respond_by, asks, reasons, late,
    episode, revision, fingerprint, md5(notification_id::text || n)::uuid, state, owed_at, district,
    occurred_at, learned_later
FROM generate_series(1, $1::integer) AS n
CROSS JOIN (SELECT * FROM duty WHERE occurrence_id IS NOT NULL) AS duty;
