-- name: worklist
-- description: Open duties of these recipients ($1), the soonest due first, behind a place ($2, $3),
-- $4 of them, with the notice that tells each as it went out or will.
SELECT
    duty.duty_id, duty.notification_id, duty.recipient, duty.kind, duty.urgency, duty.respond_by,
    duty.act_by, duty.asks, duty.late, duty.revision, duty.state, duty.owed_at, duty.overdue_from,
    duty.acknowledged_at, duty.recorded_at, duty.done_at, duty.refused_at, duty.ended_at,
    sent.recipient_sequence, sent.published_at, sent.body
FROM duty
LEFT JOIN outbox AS sent ON duty.notification_id = sent.message_id
WHERE
    duty.recipient = ANY($1::text [])
    AND duty.ended_at IS NULL
    AND (duty.respond_by, duty.duty_id) > ($2, $3)
ORDER BY duty.respond_by, duty.duty_id
LIMIT $4;

-- name: worklist_count
-- description: How many open duties these recipients have, and how many are overdue as at $2.
SELECT count(*) AS open, count(*) FILTER (WHERE overdue_from <= $2) AS overdue
FROM duty
WHERE recipient = ANY($1::text []) AND ended_at IS NULL;

-- name: notice_of_team
-- description: One notice of these recipients ($2), by the id of any notice of its duty.
SELECT
    duty.duty_id, duty.notification_id, duty.recipient, duty.kind, duty.urgency, duty.respond_by,
    duty.act_by, duty.asks, duty.late, duty.revision, duty.state, duty.owed_at, duty.overdue_from,
    duty.acknowledged_at, duty.recorded_at, duty.done_at, duty.refused_at, duty.ended_at,
    sent.recipient_sequence, sent.published_at, sent.body
FROM notification
INNER JOIN duty ON notification.duty_id = duty.duty_id
LEFT JOIN outbox AS sent ON duty.notification_id = sent.message_id
WHERE notification.notification_id = $1 AND duty.recipient = ANY($2::text []);

-- name: taken_back
-- description: Notices that took back what these recipients ($1) were told, since $2, newest first.
SELECT outbox.message_id, outbox.recipient, outbox.recipient_sequence, duty.duty_id, duty.ended_at
FROM unnest($1::text []) AS asked (recipient)
CROSS JOIN LATERAL (
    SELECT o.message_id, o.recipient, o.recipient_sequence, o.duty_id
    FROM outbox AS o
    WHERE o.recipient = asked.recipient AND o.recipient_sequence IS NOT NULL
    ORDER BY o.topic DESC, o.recipient_sequence DESC
    LIMIT 200
) AS outbox
INNER JOIN duty
    ON
        outbox.duty_id = duty.duty_id
        AND outbox.message_id = duty.notification_id
        AND duty.state = 'withdrawn'
WHERE duty.ended_at >= $2
ORDER BY duty.ended_at DESC
LIMIT 20;
