-- name: begin_person_look
-- description: Somebody was found and may be looked at by this session; looks from before $8 end.
WITH forgotten AS (
    DELETE FROM person_look WHERE begun_at < $8
)

INSERT INTO person_look (look_id, session_hash, nhs_number, occurrence_id, ref, reason, begun_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: person_look
-- description: Whom this session is looking at, if it began to since $3, and why.
SELECT look_id, nhs_number, occurrence_id, ref, reason, begun_at
FROM person_look
WHERE look_id = $1 AND session_hash = $2 AND begun_at >= $3;

-- name: identity_rows
-- description: The changes of identity that speak of these people.
SELECT DISTINCT ON (register_row.name) register_row.content
FROM register_label
INNER JOIN register_row
    ON register_label.kind = register_row.kind AND register_label.name = register_row.name
WHERE register_label.label = ANY($1::text []) AND register_label.kind = 'identity'
ORDER BY register_row.name;

-- name: register_names
-- description: By which events the register was told of these people: ids, for the record of a view.
SELECT DISTINCT name
FROM register_label
WHERE label = ANY($1::text []) AND kind IN ('registration', 'booking')
ORDER BY name
LIMIT $2;

-- name: events_with_birth_date
-- description: Events that tell of somebody born on a day, $2 of them.
SELECT event.occurrence_id, event.type, event.source, event.id, event.published_at, event.sequence,
    event.sha256, event.data, event.warnings
FROM event
WHERE jsonb_path_query_array(event.data, '$.**.date_of_birth') ? $1
ORDER BY event.event_no DESC
LIMIT $2;

-- name: occurrences_of_people
-- description: The occurrences in which any of these NHS numbers stands, the newest first, $2 of them.
SELECT occurrence_id
FROM occurrence_person
WHERE nhs_number = ANY($1::text [])
GROUP BY occurrence_id
ORDER BY max(occurred_at) DESC, occurrence_id
LIMIT $2;

-- name: numbers_in_occurrences
-- description: The NHS numbers that stand in these occurrences.
SELECT DISTINCT nhs_number FROM occurrence_person WHERE occurrence_id = ANY($1::uuid []);

-- name: occurrences_in_short
-- description: What these occurrences are, when they happened, and who is who in them.
SELECT occurrence_id, type, occurred_at, is_cancelled, person_keys
FROM occurrence
WHERE occurrence_id = ANY($1::uuid []);

-- name: people_of_last_decisions
-- description: Who is who by the last decision of these occurrences, about whom nothing is ever told,
-- and who is not told about because a pregnancy ($2 says so) is to rest.
SELECT DISTINCT ON (decision.occurrence_id)
    decision.occurrence_id,
    ARRAY(
        SELECT ARRAY[
            human ->> 'ref', human ->> 'key', coalesce(human ->> 'guarded', 'false')
        ]
        FROM jsonb_array_elements(decision.facts -> 'people') AS people (human)
        WHERE human ->> 'key' IS NOT NULL
    ) AS people,
    ARRAY(
        SELECT told ->> 'about'
        FROM jsonb_array_elements(decision.nobody) AS nobody (told)
        WHERE told ->> 'because' = $2
    ) AS rested
FROM decision
WHERE decision.occurrence_id = ANY($1::uuid [])
ORDER BY decision.occurrence_id, decision.decision_no DESC;

-- name: publishers
-- description: The topics from which anything was read.
SELECT DISTINCT topic FROM source_offset ORDER BY topic;

-- name: occurrences_known
-- description: Those of the occurrences $1 that are known, and those that an event of the sources $2
-- with the id $3 tells of.
SELECT occurrence_id FROM occurrence WHERE occurrence_id = ANY($1::uuid [])
UNION
SELECT event.occurrence_id
FROM event
INNER JOIN occurrence ON event.occurrence_id = occurrence.occurrence_id
WHERE event.source = ANY($2::text []) AND event.id = $3;

-- name: duties_about
-- description: Duties of occurrences ($1) about people by their keys there ($2), as at $3, with the
-- cause if missed, and the number of the last notice on its queue; the newest first, $4 of them.
SELECT
    duty.duty_id, duty.occurrence_id, duty.service, duty.recipient, duty.kind, duty.instead_of,
    duty.urgency, duty.respond_by, duty.late, duty.state, duty.owed_at, duty.ended_at,
    judged.cause, sent.recipient_sequence,
    coalesce(convert_from(sent.body, 'UTF8')::jsonb -> 'handling', '[]') AS handling
FROM unnest($1::uuid [], $2::text []) AS whose (occurrence_id, person_key)
INNER JOIN duty
    ON whose.occurrence_id = duty.occurrence_id AND whose.person_key = duty.person_key
LEFT JOIN LATERAL (
    SELECT j.cause FROM judged_duties($3) AS j WHERE j.duty_id = duty.duty_id
) AS judged ON TRUE
LEFT JOIN outbox AS sent ON duty.notification_id = sent.message_id
ORDER BY duty.owed_at DESC, duty.duty_id
LIMIT $4;

-- name: duty_ids_about
-- description: All duties of occurrences ($1) about people by their keys there ($2).
SELECT duty.duty_id
FROM unnest($1::uuid [], $2::text []) AS whose (occurrence_id, person_key)
INNER JOIN duty
    ON whose.occurrence_id = duty.occurrence_id AND whose.person_key = duty.person_key;

-- name: without_rule_about
-- description: In which of these occurrences ($1) no rule applied to somebody with these keys ($2),
-- though somebody should have been told.
SELECT missed.occurrence_id
FROM people_without_rule() AS missed
INNER JOIN unnest($1::uuid [], $2::text []) AS whose (occurrence_id, person_key)
    ON missed.occurrence_id = whose.occurrence_id AND missed.person_key = whose.person_key;

-- name: timeline_about
-- description: Everything that came of occurrences ($1) for these duties ($2), in order of time,
-- behind a place ($3 to $6), $7 lines.
SELECT *
FROM (
    SELECT
        e.received_at AS at, 'arrival' AS kind, e.event_no AS place, e.occurrence_id AS belongs_to,
        e.source AS by, e.type AS what, e.id AS why
    FROM event AS e
    WHERE e.occurrence_id = ANY($1::uuid [])
    UNION ALL
    SELECT
        d.decided_at, 'decision', d.decision_no, d.occurrence_id, d.rulebook_hash,
        coalesce(d.because, ''), ''
    FROM decision AS d
    WHERE d.occurrence_id = ANY($1::uuid [])
    UNION ALL
    SELECT c.changed_at, 'duty', c.change_no, c.duty_id, c.changed_by, c.state, c.why
    FROM duty_change AS c
    WHERE c.duty_id = ANY($2::uuid [])
    UNION ALL
    SELECT
        r.received_at, 'receipt', r.receipt_no, r.duty_id, coalesce(r.said_by, r.organisation),
        r.status, r.verdict
    FROM receipt AS r
    WHERE r.duty_id = ANY($2::uuid [])
    UNION ALL
    SELECT e.escalated_at, 'step', e.step, e.duty_id, 'watch', e.unmet, e.recipient
    FROM escalation AS e
    WHERE e.duty_id = ANY($2::uuid [])
) AS happened
WHERE (happened.at, happened.kind, happened.place, happened.belongs_to) > ($3, $4, $5, $6)
ORDER BY happened.at, happened.kind, happened.place, happened.belongs_to
LIMIT $7;

-- name: duties_named
-- description: Whom these duties tell.
SELECT duty_id, service, recipient FROM duty WHERE duty_id = ANY($1::uuid []);
