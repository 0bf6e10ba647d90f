-- name: duty_in_full
-- description: One duty as at $2, with what it waits for, without whom it is about.
SELECT
    duty.duty_id, duty.occurrence_id, duty.dead_letter_id, duty.service, duty.recipient,
    duty.organisation, duty.kind, duty.instead_of, duty.because, duty.urgency, duty.respond_by,
    duty.act_by, duty.asks, duty.reasons, duty.late, duty.revision, duty.state, duty.owed_at,
    duty.sent_at, duty.refused_at, duty.ended_at, duty.district, duty.occurred_at,
    duty.overdue_from, duty.about ->> 'ref' AS person, duty.about ->> 'role' AS role,
    judged.cause, judged.awaits,
    sent.recipient_sequence, sent.published_at
FROM duty
LEFT JOIN LATERAL (
    SELECT j.cause, j.awaits
    FROM judged_duties($2) AS j
    WHERE j.duty_id = duty.duty_id
) AS judged ON TRUE
LEFT JOIN outbox AS sent ON duty.notification_id = sent.message_id
WHERE duty.duty_id = $1;

-- name: changes_of_duty
-- description: Every change of a duty, in order.
SELECT change_no, changed_at, changed_by, state, revision, why
FROM duty_change
WHERE duty_id = $1
ORDER BY change_no;

-- name: receipts_of_duty
-- description: Everything that was said about a duty, in order.
SELECT received_at, said_at, said_by, organisation, status, verdict, outcome, note,
    suggested_recipient
FROM receipt
WHERE duty_id = $1
ORDER BY receipt_no;

-- name: steps_of_duty
-- description: Whom the ladder told about a duty, in order.
SELECT escalated_at, due_at, step, unmet, told, recipient, late
FROM escalation
WHERE duty_id = $1
ORDER BY escalated_at, step;

-- name: event_of_duty
-- description: The first event of an occurrence; of a dead letter, what could be read of it.
(
    SELECT source, id, type, received_at, NULL AS field, NULL AS reason, NULL AS processed_at
    FROM event
    WHERE occurrence_id = $1
    ORDER BY event_no
    LIMIT 1
)
UNION ALL
(
    SELECT source, event_id, NULL, received_at, field, reason, processed_at
    FROM dead_letter
    WHERE dead_letter_id = $2
);

-- name: last_change_by_a_person
-- description: The last change of a duty that a named person made, and not a process ($2).
SELECT change_no, changed_at, changed_by, why, state
FROM duty_change
WHERE duty_id = $1 AND NOT changed_by = ANY($2::text [])
ORDER BY change_no DESC
LIMIT 1;

-- name: duties_of_notice
-- description: The duties that a notice of the ladder is about, and who was told it.
SELECT escalation.duty_id, escalation.recipient, escalation.escalated_at
FROM escalation
WHERE escalation.notice_id = $1 OR escalation.copy_id = $1
ORDER BY escalation.escalated_at;

-- name: recipient_of_duty
-- description: Whom a duty, or a notice of the ladder, was addressed to.
SELECT recipient FROM duty WHERE duty_id = $1;

-- name: duties_as_missed
-- description: These duties as at $1, whether they were missed or not, in the columns of the finder;
-- and whether their own notices name the source of the event.
SELECT
    judged.duty_id, judged.occurrence_id, judged.dead_letter_id, judged.person, judged.service,
    judged.recipient, judged.district, judged.because, judged.occurred_at, judged.due,
    judged.state, judged.ended_at, judged.awaits, judged.cause,
    event.source, event.id AS event_id, event.type,
    duty.event_source IS NOT NULL AS names_source
FROM judged_duties($1) AS judged
INNER JOIN duty ON judged.duty_id = duty.duty_id
LEFT JOIN LATERAL (
    SELECT e.source, e.id, e.type
    FROM event AS e
    WHERE e.occurrence_id = judged.occurrence_id
    ORDER BY e.event_no
    LIMIT 1
) AS event ON TRUE
WHERE judged.duty_id = ANY($2::uuid [])
ORDER BY judged.due, judged.duty_id;
