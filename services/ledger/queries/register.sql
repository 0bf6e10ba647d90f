-- name: register_rows
-- description: Rows of the register that are found by any of these labels, each once.
SELECT DISTINCT ON (register_row.kind, register_row.name)
    register_row.kind, register_row.content
FROM register_label
INNER JOIN register_row
    ON register_label.kind = register_row.kind AND register_label.name = register_row.name
WHERE register_label.label = ANY($1::text[])
ORDER BY register_row.kind, register_row.name;

-- name: put_register_rows
-- description: Keeps rows; one of the same name is replaced (an attendance, told anew).
INSERT INTO register_row (kind, name, content, stored_at)
SELECT kind, name, content, $4
FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS fresh (kind, name, content)
ON CONFLICT (kind, name) DO UPDATE SET
    content = excluded.content,
    stored_at = excluded.stored_at;

-- name: put_register_labels
-- description: Keeps what rows are found by.
INSERT INTO register_label (label, kind, name)
SELECT label, kind, name
FROM unnest($1::text[], $2::text[], $3::text[]) AS fresh (label, kind, name)
ON CONFLICT (label, kind, name) DO NOTHING;

-- name: take_register_rows
-- description: Puts rows away (a rule that after all did not fire).
DELETE FROM register_row
USING unnest($1::text[], $2::text[]) AS gone (kind, name)
WHERE register_row.kind = gone.kind AND register_row.name = gone.name;

-- name: put_occurrence_people
-- description: Keeps who stood in which occurrence, and when it occurred as is now told.
INSERT INTO occurrence_person (nhs_number, occurrence_id, occurred_at)
SELECT nhs_number, occurrence_id, occurred_at
FROM unnest($1::text[], $2::uuid[], $3::timestamptz[])
    AS fresh (nhs_number, occurrence_id, occurred_at)
ON CONFLICT (nhs_number, occurrence_id) DO UPDATE SET
    occurred_at = excluded.occurred_at
WHERE occurrence_person.occurred_at <> excluded.occurred_at;

-- name: relatives
-- description: What else the links, bookings, births and ends of these people and pregnancies are
-- found by.
SELECT other.label
FROM register_label AS mine
INNER JOIN register_label AS other ON mine.kind = other.kind AND mine.name = other.name
WHERE
    mine.label = ANY($1::text[])
    AND mine.kind IN ('link', 'booking')
    AND other.kind IN ('link', 'booking')
UNION
SELECT everybody.label
FROM register_label
INNER JOIN register_row
    ON register_label.kind = register_row.kind AND register_label.name = register_row.name
CROSS JOIN LATERAL (
    SELECT register_row.content ->> 'mother' AS label
    UNION ALL
    SELECT 'unborn|' || (register_row.content ->> 'pregnancy_id')
    UNION ALL
    SELECT baby ->> 'nhs_number'
    FROM jsonb_array_elements(register_row.content -> 'babies') AS babies (baby)
) AS everybody
WHERE
    register_label.label = ANY($1::text[])
    AND register_label.kind = 'ending'
    AND everybody.label IS NOT NULL;

-- name: identities
-- description: The numbers of which the changes of identity of these people speak.
SELECT ARRAY[register_row.content ->> 'from_', register_row.content ->> 'to'] AS numbers
FROM register_label
INNER JOIN register_row
    ON register_label.kind = register_row.kind AND register_label.name = register_row.name
WHERE register_label.label = ANY($1::text[]) AND register_label.kind = 'identity';

-- name: reconsider_people
-- description: Notes that what happened to these people since a time must be decided again, but for
-- the occurrences that were decided at a later place of the batch than that where it was learned.
-- In order, so that two routers that note the same ones do not wait for each other for ever.
INSERT INTO reconsideration (occurrence_id, due_at, because)
SELECT DISTINCT occurrence_person.occurrence_id, $6::timestamptz, $7
FROM unnest($1::text[], $2::timestamptz[], $3::integer[]) AS learned (nhs_number, since, place)
INNER JOIN occurrence_person
    ON learned.nhs_number = occurrence_person.nhs_number
    AND occurrence_person.occurred_at >= learned.since
LEFT JOIN unnest($4::uuid[], $5::integer[]) AS decided (occurrence_id, place)
    ON occurrence_person.occurrence_id = decided.occurrence_id
WHERE decided.place IS NULL OR decided.place < learned.place
ORDER BY occurrence_person.occurrence_id
ON CONFLICT (occurrence_id, because) DO UPDATE SET
    due_at = least(reconsideration.due_at, excluded.due_at);

-- name: reconsider_later
-- description: Notes occurrences that must be looked at again at a time.
INSERT INTO reconsideration (occurrence_id, due_at, because)
SELECT occurrence_id, due_at, $3
FROM unnest($1::uuid[], $2::timestamptz[]) AS later (occurrence_id, due_at)
ORDER BY occurrence_id
ON CONFLICT (occurrence_id, because) DO UPDATE SET
    due_at = excluded.due_at;

-- name: no_need_to_reconsider
-- description: Forgets that occurrences were to be looked at again for this reason.
DELETE FROM reconsideration
WHERE occurrence_id = ANY($1::uuid[]) AND because = $2;

-- name: postpone_reconsideration
-- description: Puts off what is due of an occurrence.
UPDATE reconsideration
SET due_at = $3
WHERE occurrence_id = $1 AND due_at <= $2;

-- name: due_reconsiderations
-- description: Some occurrences whose time to be decided again has come, the longest due first.
SELECT occurrence_id, min(due_at) AS due_at
FROM reconsideration
WHERE due_at <= $1
GROUP BY occurrence_id
ORDER BY due_at, occurrence_id
LIMIT $2;

-- name: claim_reconsiderations
-- description: Takes what is due of these occurrences; what another router took first is not there.
DELETE FROM reconsideration
WHERE occurrence_id = ANY($1::uuid[]) AND due_at <= $2
RETURNING occurrence_id, due_at, because;

-- name: people_of_occurrences
-- description: The NHS numbers of those who stood in these occurrences.
SELECT DISTINCT nhs_number
FROM occurrence_person
WHERE occurrence_id = ANY($1::uuid[]);
