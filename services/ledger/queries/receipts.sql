-- name: digests_of_receipts
-- description: The hash of the bytes of stored receipts, to tell a repeat from a reused id.
SELECT receipt.organisation, receipt.source, receipt.id, receipt.sha256
FROM receipt
INNER JOIN unnest($1::text[], $2::text[], $3::text[]) AS asked (organisation, source, id)
    ON
        receipt.organisation = asked.organisation
        AND receipt.source = asked.source
        AND receipt.id = asked.id;

-- name: duties_of_notifications
-- description: Which duty and revision each of these notices tells; it never changes.
SELECT notification.notification_id, notification.revision, duty.duty_id, duty.occurrence_id
FROM notification
INNER JOIN duty ON notification.duty_id = duty.duty_id
WHERE notification.notification_id = ANY($1::uuid[]);

-- name: lock_duties
-- description: Locks duties, and all of some occurrences, in the one order that everybody keeps.
SELECT duty_id
FROM duty
WHERE duty_id = ANY($1::uuid[]) OR occurrence_id = ANY($2::uuid[])
ORDER BY duty_id
FOR UPDATE;

-- name: answerable_duties
-- description: Duties as far as an answer concerns them. `has_case` says whether there is a case
-- that could be decided again: some duties are about no occurrence.
SELECT
    duty.duty_id, duty.occurrence_id, duty.person_key, duty.service, duty.recipient,
    duty.organisation, duty.kind, duty.instead_of, duty.asks, duty.state, duty.revision,
    duty.notification_id, duty.respond_by, duty.look_at, duty.sent_at, duty.received_at,
    duty.acknowledged_at, duty.recorded_at, duty.done_at, duty.refused_at, duty.ended_at,
    EXISTS (
        SELECT 1
        FROM occurrence
        WHERE occurrence.occurrence_id = duty.occurrence_id AND duty.about IS NOT NULL
    ) AS has_case
FROM duty
WHERE duty.duty_id = ANY($1::uuid[]);

-- name: answer_duties
-- description: How duties stand after answers, whose rows the caller has locked.
UPDATE duty
SET
    state = become.state,
    sent_at = become.sent_at,
    received_at = become.received_at,
    acknowledged_at = become.acknowledged_at,
    recorded_at = become.recorded_at,
    done_at = become.done_at,
    refused_at = become.refused_at,
    ended_at = become.ended_at,
    look_at = become.look_at
FROM unnest(
    $1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[],
    $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[],
    $10::timestamptz[]
) AS become (
    duty_id, state, sent_at, received_at, acknowledged_at, recorded_at, done_at, refused_at,
    ended_at, look_at
)
WHERE duty.duty_id = become.duty_id;

-- name: returns_of_occurrences
-- description: What recipients of these occurrences have returned, in the order of their saying so.
SELECT occurrence_id, person_key, service, recipient, to_recipient, is_by_hand, returned_at
FROM duty_return
WHERE occurrence_id = ANY($1::uuid[])
ORDER BY return_no;

-- name: identifications_of_occurrences
-- description: Who was traced in these occurrences, in order of telling.
SELECT occurrence_id, ref, nhs_number, date_of_birth
FROM identification
WHERE occurrence_id = ANY($1::uuid[])
ORDER BY identification_no;
