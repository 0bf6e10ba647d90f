-- name: look_at_what_a_wrong_clock_put_off
-- description: Open duties whose last step was taken in what is the future by now ($1): a clock was
-- ahead and is put right. They are looked at now, and not when that future comes.
UPDATE duty
SET look_at = $1
WHERE duty_id IN (
    SELECT held.duty_id
    FROM duty AS held
    INNER JOIN escalation AS ahead ON held.duty_id = ahead.duty_id
    WHERE
        ahead.escalated_at > $1::timestamptz + interval '10 minutes'
        AND held.ended_at IS NULL
        AND held.look_at > $1
        AND NOT EXISTS (
            SELECT 1
            FROM escalation AS later
            WHERE
                later.duty_id = ahead.duty_id
                AND later.since = ahead.since
                AND later.step > ahead.step
        )
    FOR UPDATE OF held SKIP LOCKED
);

-- name: claim_due_duties
-- description: Open duties that must be looked at by now, the longest due first, locked until the
-- end of the transaction. What another watch (or a receipt) has in hand is passed over.
SELECT
    duty_id, revision, kind, service, recipient, organisation, urgency, asks, state, respond_by,
    act_by, refused_at, owed_at
FROM duty
WHERE look_at <= $1 AND ended_at IS NULL
ORDER BY look_at
LIMIT $2
FOR UPDATE SKIP LOCKED;

-- name: last_steps
-- description: The highest step that was taken of each silence of these duties. Read after they are
-- locked, so that what another watch has just taken is seen.
SELECT DISTINCT ON (duty_id, coalesce(begun_at, since))
    duty_id,
    coalesce(begun_at, since) AS begun_at,
    since,
    step,
    told,
    recipient,
    escalated_at
FROM escalation
WHERE duty_id = any($1::uuid [])
ORDER BY duty_id, coalesce(begun_at, since), step DESC;

-- name: answered_notices
-- description: Which of these duties are notices of the ladder, and whether all that each told of
-- has ended.
WITH told AS (
    SELECT
        escalation.notice_id,
        escalation.duty_id
    FROM escalation
    WHERE escalation.notice_id = any($1::uuid [])
    UNION
    SELECT
        escalation.copy_id,
        escalation.duty_id
    FROM escalation
    WHERE escalation.copy_id = any($1::uuid [])
)

SELECT
    told.notice_id,
    bool_and(duty.ended_at IS NOT NULL) AS is_answered
FROM told
INNER JOIN duty ON told.duty_id = duty.duty_id
GROUP BY told.notice_id;

-- name: held_duties
-- description: Duties as the pure core knows them. The caller has locked them.
SELECT
    duty_id, person_key, service, recipient, organisation, kind, instead_of, episode, revision,
    fingerprint, notification_id, state, urgency, respond_by, about,
    ended_at IS NOT NULL AS is_ended, issue_id IS NOT NULL AS is_issued
FROM duty
WHERE duty_id = any($1::uuid [])
ORDER BY duty_id;

-- name: look_again
-- description: When duties must be looked at next; null where nothing is awaited.
UPDATE duty
SET look_at = next.look_at
FROM unnest($1::uuid [], $2::timestamptz []) AS next (duty_id, look_at)
WHERE duty.duty_id = next.duty_id;

-- name: forecast_counts
-- description: Open duties by service and recipient that will be overdue at $1 unless somebody
-- answers, and how many of them were due by $2 already. Read from one index, and not the duties.
SELECT
    service,
    recipient,
    count(*) AS duties,
    count(*) FILTER (WHERE overdue_from <= $2) AS due_already
FROM duty
WHERE ended_at IS NULL AND overdue_from <= $1
GROUP BY service, recipient
ORDER BY service, recipient;

-- name: forecast_list
-- description: Those duties one by one, the longest due first, without whom each is about.
SELECT
    duty_id, service, recipient, organisation, urgency, asks, state, respond_by, act_by, refused_at,
    revision, owed_at
FROM duty
WHERE ended_at IS NULL AND overdue_from <= $1
ORDER BY overdue_from, duty_id
LIMIT $2;
