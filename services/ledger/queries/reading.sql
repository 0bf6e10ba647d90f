-- name: find_events
-- description: Events by id, of one source or of any, with how their occurrence stands, and what was
-- last decided for them.
SELECT
    event.source, event.id, event.type, event.published_at, event.received_at, event.occurrence_id,
    event.topic, event.partition, event.log_offset, event.warnings, occurrence.is_cancelled,
    decision.decided_at, decision.rulebook_hash, decision.nobody
FROM event
LEFT JOIN occurrence ON event.occurrence_id = occurrence.occurrence_id
LEFT JOIN LATERAL (
    SELECT made.decided_at, made.rulebook_hash, made.nobody
    FROM decision AS made
    WHERE
        made.occurrence_id = event.occurrence_id
        AND made.source = event.source
        AND made.event_id = event.id
    ORDER BY made.decision_no DESC
    LIMIT 1
) AS decision ON TRUE
WHERE event.id = $1 AND ($2::text IS NULL OR event.source = $2)
ORDER BY event.event_no;

-- name: list_duties
-- description: Duties that match what is given, the soonest due first.
SELECT
    duty_id, occurrence_id, dead_letter_id, service, recipient, kind, instead_of, because, urgency,
    respond_by, late, revision, state, owed_at
FROM duty
WHERE
    ($1::text IS NULL OR service = $1)
    AND ($2::text IS NULL OR recipient = $2)
    AND ($3::text IS NULL OR state = $3)
    AND ($4::uuid IS NULL OR occurrence_id = $4)
    AND (
        $5::timestamptz IS NULL
        OR (
            respond_by < $5
            AND ended_at IS NULL
            AND jsonb_array_length(asks) > 0
        )
    )
ORDER BY respond_by, duty_id
LIMIT $6;

-- name: list_queue
-- description: What waits for one recipient, the newest first, then what has a number already.
(
    SELECT
        message_id, topic, partition, recipient_sequence, duty_id, published_at, withdrawn_at,
        published_offset
    FROM outbox
    WHERE
        recipient = $1
        AND recipient_sequence IS NULL
        AND published_at IS NULL
        AND withdrawn_at IS NULL
    ORDER BY outbox_no DESC
    LIMIT $2
)
UNION ALL
(
    SELECT
        message_id, topic, partition, recipient_sequence, duty_id, published_at, withdrawn_at,
        published_offset
    FROM outbox
    WHERE recipient = $1 AND recipient_sequence IS NOT NULL
    ORDER BY topic DESC, recipient_sequence DESC
    LIMIT $2
);

-- name: count_duties
-- description: Duties by service and state.
SELECT service, state, count(*) AS duties
FROM duty
GROUP BY service, state
ORDER BY service, state;

-- name: count_rest
-- description: Events in, what waits to go out, and dead letters.
SELECT
    (SELECT count(*) FROM event) AS events,
    (
        SELECT count(*)
        FROM outbox
        WHERE published_at IS NULL AND withdrawn_at IS NULL
    ) AS waiting,
    (SELECT count(*) FROM dead_letter) AS dead_letters;
