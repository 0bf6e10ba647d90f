-- name: known_occurrences
-- description: Those of the given occurrences that have been seen before.
SELECT occurrence_id, person_keys
FROM occurrence
WHERE occurrence_id = ANY($1::uuid[]);

-- name: events_of_occurrences
-- description: What sources have said of occurrences, in the order in which it came and was decided.
SELECT occurrence_id, source, id, type, published_at, sequence, sha256, data, warnings
FROM event
WHERE occurrence_id = ANY($1::uuid[])
ORDER BY received_at, partition, log_offset, event_no;

-- name: duties_of_occurrences
-- description: The duties of occurrences, locked so that a receipt cannot move one meanwhile.
SELECT
    occurrence_id, duty_id, person_key, service, recipient, organisation, kind, instead_of,
    episode, revision, fingerprint, notification_id, state, urgency, respond_by, about,
    ended_at IS NOT NULL AS is_ended, issue_id IS NOT NULL AS is_issued
FROM duty
WHERE occurrence_id = ANY($1::uuid[])
ORDER BY duty_id
FOR UPDATE;

-- name: update_occurrences
-- description: What known occurrences have become. The keys of people are only ever added to.
UPDATE occurrence
SET
    occurred_at = become.occurred_at,
    is_cancelled = become.is_cancelled,
    person_keys = become.person_keys
FROM unnest($1::uuid[], $2::timestamptz[], $3::boolean[], $4::jsonb[])
    AS become (occurrence_id, occurred_at, is_cancelled, person_keys)
WHERE occurrence.occurrence_id = become.occurrence_id;
