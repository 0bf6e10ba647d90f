-- name: exceptions_page
-- description: What waits for MASH, the soonest due first: because of $1 (`no_recipient` or
-- `unreadable`), of the source $2, taken by somebody or not ($3; each null for any), after the duty
-- due at $4 by the id $5, $6 rows. It reads one partial index, no further than the page goes.
SELECT
    duty.duty_id, duty.occurrence_id, duty.dead_letter_id, duty.about ->> 'ref' AS person,
    duty.instead_of, duty.because, duty.district, duty.urgency, duty.respond_by, duty.overdue_from,
    duty.owed_at, duty.state,
    coalesce(event.source, letter.source) AS source,
    coalesce(event.id, letter.event_id) AS event_id,
    event.type,
    letter.field,
    letter.reason,
    letter.body IS NOT NULL AS has_content,
    taking.taking_no AS taken_no,
    CASE WHEN taking.is_taken THEN taking.subject END AS taken_by,
    CASE WHEN taking.is_taken THEN taking.name END AS taken_name,
    CASE WHEN taking.is_taken THEN taking.taken_at END AS taken_at
FROM duty
LEFT JOIN dead_letter AS letter ON duty.dead_letter_id = letter.dead_letter_id
LEFT JOIN LATERAL (
    SELECT e.source, e.id, e.type
    FROM event AS e
    WHERE e.occurrence_id = duty.occurrence_id
    ORDER BY e.event_no
    LIMIT 1
) AS event ON TRUE
LEFT JOIN LATERAL (
    SELECT t.taking_no, t.is_taken, t.subject, t.name, t.taken_at
    FROM duty_taking AS t
    WHERE t.duty_id = duty.duty_id
    ORDER BY t.taking_no DESC
    LIMIT 1
) AS taking ON TRUE
WHERE
    duty.ended_at IS NULL
    AND (duty.kind = 'exception' OR duty.dead_letter_id IS NOT NULL)
    AND duty.kind <> 'escalate'
    AND ($1::text IS NULL OR ($1 = 'unreadable') = (duty.dead_letter_id IS NOT NULL))
    AND ($2::text IS NULL OR coalesce(event.source, letter.source) = $2)
    AND ($3::boolean IS NULL OR coalesce(taking.is_taken, FALSE) = $3)
    AND ($4::timestamptz IS NULL OR (duty.respond_by, duty.duty_id) > ($4, $5::uuid))
ORDER BY duty.respond_by, duty.duty_id
LIMIT $6;

-- name: exceptions_counted
-- description: How many duties wait for MASH, because of what.
SELECT
    CASE WHEN dead_letter_id IS NULL THEN 'no_recipient' ELSE 'unreadable' END AS waiting,
    count(*) AS duties
FROM duty
WHERE
    ended_at IS NULL
    AND (kind = 'exception' OR dead_letter_id IS NOT NULL)
    AND kind <> 'escalate'
GROUP BY 1;

-- name: exceptions_by_source
-- description: Every source of which something waits for MASH.
SELECT DISTINCT coalesce(event.source, letter.source) AS source
FROM duty
LEFT JOIN dead_letter AS letter ON duty.dead_letter_id = letter.dead_letter_id
LEFT JOIN LATERAL (
    SELECT e.source
    FROM event AS e
    WHERE e.occurrence_id = duty.occurrence_id
    ORDER BY e.event_no
    LIMIT 1
) AS event ON TRUE
WHERE
    duty.ended_at IS NULL
    AND (duty.kind = 'exception' OR duty.dead_letter_id IS NOT NULL)
    AND coalesce(event.source, letter.source) IS NOT NULL
ORDER BY 1;

-- name: open_exception
-- description: What an open duty of MASH is about; nothing if there is none by that id any more.
SELECT occurrence_id, dead_letter_id
FROM duty
WHERE
    duty_id = $1
    AND ended_at IS NULL
    AND (kind = 'exception' OR dead_letter_id IS NOT NULL);

-- name: last_taking
-- description: Who took a duty upon themselves, or gave it back, last.
SELECT taking_no, is_taken, subject, name, taken_at
FROM duty_taking
WHERE duty_id = $1
ORDER BY taking_no DESC
LIMIT 1;

-- name: append_taking
-- description: Appends that somebody has a duty ($2), or has it no more.
INSERT INTO duty_taking (duty_id, is_taken, subject, name, taken_at)
VALUES ($1, $2, $3, $4, $5);

-- name: letter_of_duty
-- description: What could not be read, by the duty of MASH about it, with its bytes.
SELECT
    letter.dead_letter_id, letter.topic, letter.received_at, letter.field, letter.reason,
    letter.headers, letter.body
FROM duty
INNER JOIN dead_letter AS letter ON duty.dead_letter_id = letter.dead_letter_id
WHERE duty.duty_id = $1;
