-- name: clock_began
-- description: Since when this ledger knows what is sent by the clock: nothing is owed of before.
SELECT applied_at
FROM schema_migration
WHERE number = 8;

-- name: last_clock_notice
-- description: The last notice of a name ($1) that a recipient ($2) was sent.
SELECT due_at, made_at, covers_from
FROM clock_notice
WHERE name = $1 AND recipient = $2
ORDER BY due_at DESC
LIMIT 1;

-- name: claim_clock_notice
-- description: Takes the one notice of a name, recipient and time due; nothing if it was taken. Waits
-- for another watch that is making it, and takes it if that one fails.
INSERT INTO clock_notice (name, recipient, due_at, covers_from, made_at, late, duty_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING
RETURNING duty_id;

-- name: notices_to_list
-- description: Notices of a recipient ($1) about attendances that were owed since $2 and have not
-- stood in a list as they now are. One that was withdrawn before it was ever listed is none.
SELECT
    d.duty_id,
    d.revision,
    d.notification_id,
    coalesce(d.occurred_at, d.owed_at) AS occurred_at,
    d.state = 'withdrawn' AS is_withdrawn,
    jsonb_array_length(d.asks) > 0 AS asks,
    known.was_listed,
    told.site
FROM duty AS d
INNER JOIN occurrence AS o ON d.occurrence_id = o.occurrence_id
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT 1 FROM listed AS l WHERE l.duty_id = d.duty_id) AS was_listed
) AS known
LEFT JOIN LATERAL (
    SELECT e.data ->> 'site' AS site
    FROM event AS e
    WHERE e.occurrence_id = d.occurrence_id AND e.data ->> 'site' IS NOT NULL
    ORDER BY e.published_at DESC, e.event_no DESC
    LIMIT 1
) AS told ON TRUE
WHERE
    d.service = 'paediatric-liaison'
    AND d.kind <> 'escalate'
    AND d.recipient = $1
    AND d.owed_at >= $2
    AND o.type = 'fieldfare.emergency.attendance.v1'
    AND (d.state <> 'withdrawn' OR known.was_listed)
    AND NOT EXISTS (
        SELECT 1
        FROM listed AS l
        WHERE l.duty_id = d.duty_id AND l.revision = d.revision
    )
ORDER BY occurred_at, d.duty_id;

-- name: insert_listed
-- description: These notices ($1), as they now are ($2), stand in a list ($3).
INSERT INTO listed (duty_id, revision, list_id)
SELECT
    shown.duty_id,
    shown.revision,
    $3
FROM unnest($1::uuid [], $2::integer []) AS shown (duty_id, revision);

-- name: unplaced_of_week
-- description: Exceptions that were owed from $1 and before $2 because nobody could be told, counted
-- by their reasons, the service that they stand for, home district and who has them.
SELECT
    because,
    instead_of AS service,
    district,
    recipient,
    count(*) AS duties,
    count(*) FILTER (WHERE ended_at IS NULL) AS still_open
FROM duty
WHERE
    unplaced IN ('no_recipient', 'commissioning_gap')
    AND instead_of IS NOT NULL
    AND owed_at >= $1
    AND owed_at < $2
    AND state <> 'withdrawn'
GROUP BY because, instead_of, district, recipient
ORDER BY because, instead_of, district, recipient;
