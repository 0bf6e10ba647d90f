-- name: events_of_occurrence
-- description: What arrived about an occurrence, in order, without what it says of people.
SELECT event_no, source, id, type, published_at, received_at, warnings
FROM event
WHERE occurrence_id = $1
ORDER BY event_no;

-- name: occurrence_in_short
-- description: What an occurrence is, and the references of those in it.
SELECT type, occurred_at, is_cancelled,
    ARRAY(SELECT jsonb_object_keys(person_keys) ORDER BY 1) AS refs
FROM occurrence
WHERE occurrence_id = $1;

-- name: decisions_of_occurrence
-- description: What was concluded for an occurrence, in order: why, under which rulebook, and who
-- was not told; the facts stay where they are.
SELECT decision_no, event_id, decided_at, rulebook_hash, because, nobody
FROM decision
WHERE occurrence_id = $1
ORDER BY decision_no;

-- name: duties_of_occurrence
-- description: All duties of an occurrence as at $2, with why each is owed, and the cause if it was
-- missed.
SELECT
    duty.duty_id, duty.service, duty.recipient, duty.kind, duty.instead_of, duty.because,
    duty.urgency, duty.respond_by, duty.reasons, duty.late, duty.state, duty.owed_at,
    duty.ended_at, duty.about ->> 'ref' AS person, duty.about ->> 'role' AS role,
    judged.cause
FROM duty
LEFT JOIN LATERAL (
    SELECT j.cause FROM judged_duties($2) AS j WHERE j.duty_id = duty.duty_id
) AS judged ON TRUE
WHERE duty.occurrence_id = $1
ORDER BY duty.owed_at, duty.service, duty.duty_id;

-- name: timeline_of_occurrence
-- description: Every change, answer and step of the duties of an occurrence, in order of time.
SELECT *
FROM (
    SELECT
        c.changed_at AS at, 'change' AS kind, c.duty_id, c.changed_by AS by, c.state AS what,
        c.why, c.change_no AS place
    FROM duty_change AS c
    WHERE c.duty_id = ANY($1::uuid [])
    UNION ALL
    SELECT
        r.received_at, 'receipt', r.duty_id, coalesce(r.said_by, r.organisation), r.status,
        r.verdict, r.receipt_no
    FROM receipt AS r
    WHERE r.duty_id = ANY($1::uuid [])
    UNION ALL
    SELECT
        e.escalated_at, 'escalation', e.duty_id, 'watch', e.unmet, e.recipient, e.step
    FROM escalation AS e
    WHERE e.duty_id = ANY($1::uuid [])
) AS happened
ORDER BY at, kind, place
LIMIT 500;

-- name: identified_in_occurrence
-- description: Who was traced in an occurrence, by whom and when; never the number.
SELECT ref, identified_by, why, identified_at
FROM identification
WHERE occurrence_id = $1
ORDER BY identification_no;
