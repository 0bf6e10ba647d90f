-- name: replay_occurrences
-- description: Occurrences of a period that still stand, of these kinds or of any, in the order in
-- which they happened. What was cancelled is told by no rulebook.
SELECT occurrence_id, type, occurred_at
FROM occurrence
WHERE
    occurred_at >= $1
    AND occurred_at < $2
    AND NOT is_cancelled
    AND ($3::text[] IS NULL OR type = ANY($3))
ORDER BY occurred_at, occurrence_id;

-- name: replay_extent
-- description: How much a period holds: occurrences, and the events that reported them.
SELECT
    count(*) AS occurrences,
    (
        SELECT count(*)
        FROM event
        INNER JOIN occurrence ON event.occurrence_id = occurrence.occurrence_id
        WHERE occurrence.occurred_at >= $1 AND occurrence.occurred_at < $2
    ) AS events
FROM occurrence
WHERE occurred_at >= $1 AND occurred_at < $2;

-- name: replay_scan
-- description: What the sieve of a replay looks at of each decision: the features, whether an end of
-- a pregnancy changed anything, and whether the decision left something out. Where there is a footing
-- it says all that, and the facts, which are large, are not unpacked.
SELECT
    decision.occurrence_id,
    decision.source,
    decision.event_id,
    decision.rulebook_hash,
    decision.because,
    CASE
        WHEN decision.footing IS NULL
            THEN coalesce(decision.facts -> 'known' -> 'endings', '{}') <> '{}'
        ELSE FALSE
    END AS knows_endings,
    decision.leaves_out,
    decision.footing,
    CASE WHEN decision.footing IS NULL THEN (decision.facts -> 'event')::text END AS event,
    CASE
        WHEN decision.footing IS NULL
            THEN (
                SELECT jsonb_agg(person -> 'features')
                FROM jsonb_array_elements(decision.facts -> 'people') AS people (person)
            )::text
    END AS people
FROM decision
WHERE decision.occurrence_id = ANY($1::uuid[])
ORDER BY decision.occurrence_id, decision.decision_no;

-- name: replay_tellings
-- description: Who was told of these occurrences, in the order of episodes, and whether they answered.
-- What the watch owed of itself, no rulebook decides.
SELECT
    occurrence_id,
    person_key,
    service,
    recipient,
    kind,
    coalesce(instead_of, '') AS stands_for,
    state = $2 AS is_withdrawn,
    ended_at IS NOT NULL AND state <> $2 AS is_answered,
    coalesce(about ->> 'ref', '') AS ref,
    district,
    reasons,
    duty_id,
    notification_id
FROM duty
WHERE occurrence_id = ANY($1::uuid[]) AND kind <> 'escalate'
ORDER BY occurrence_id, episode, duty_id;

-- name: replay_decisions
-- description: The decisions of occurrences, in order, with all that they rested on.
SELECT
    occurrence_id,
    source,
    event_id,
    decided_at,
    rulebook_hash,
    because,
    facts::text AS facts,
    nobody::text AS nobody
FROM decision
WHERE occurrence_id = ANY($1::uuid[])
ORDER BY decision_no;

-- name: replay_identifications
-- description: Who was traced in these occurrences, and when, in order of telling.
SELECT occurrence_id, ref, nhs_number, date_of_birth, identified_at
FROM identification
WHERE occurrence_id = ANY($1::uuid[])
ORDER BY identification_no;

-- name: replay_duties
-- description: What was told for occurrences, in the order of episodes, with when it had ended. What
-- the watch owed of itself, no rulebook decides.
SELECT
    occurrence_id, duty_id, person_key, service, recipient, organisation, kind, instead_of,
    episode, revision, fingerprint, notification_id, state, urgency, respond_by, about,
    ended_at IS NOT NULL AS is_ended, issue_id IS NOT NULL AS is_issued,
    owed_at,
    ended_at,
    district,
    reasons
FROM duty
WHERE occurrence_id = ANY($1::uuid[]) AND kind <> 'escalate'
ORDER BY episode, duty_id;

-- name: replay_returns
-- description: When duties of these occurrences were returned as not theirs, which withdrew them.
SELECT duty.occurrence_id, duty_change.duty_id, duty_change.changed_at
FROM duty
INNER JOIN duty_change ON duty.duty_id = duty_change.duty_id
WHERE duty.occurrence_id = ANY($1::uuid[]) AND duty_change.why = $2;

-- name: replay_events
-- description: The first event of each of these occurrences, and when it happened.
SELECT DISTINCT ON (event.occurrence_id)
    event.occurrence_id, event.source, event.id, event.type, occurrence.occurred_at
FROM event
INNER JOIN occurrence ON event.occurrence_id = occurrence.occurrence_id
WHERE event.occurrence_id = ANY($1::uuid[])
ORDER BY event.occurrence_id, event.event_no;

-- name: stored_rulebooks
-- description: Every rulebook that may have decided anything, by the hash of its content.
SELECT content_hash, files
FROM rulebook;

-- name: notices_of_duties
-- description: The notices of these occurrences' duties, with their bodies as they went, or go, out; a
-- withdrawal of what was never sent has none.
SELECT notification.notification_id, outbox.body
FROM duty
INNER JOIN notification ON duty.duty_id = notification.duty_id
LEFT JOIN outbox ON notification.notification_id = outbox.message_id
WHERE duty.occurrence_id = ANY($1::uuid[]) AND duty.kind <> 'escalate';

-- name: insert_replay_issue
-- description: Keeps who has had late notices issued, for which period, why, and by which rulebook.
INSERT INTO replay_issue (issue_id, rulebook_hash, since, until, issued_by, why, issued_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (issue_id) DO NOTHING;

-- name: mark_issued
-- description: Notes of duties by which order they were issued.
UPDATE duty
SET issue_id = $2
WHERE duty_id = ANY($1::uuid[]);
