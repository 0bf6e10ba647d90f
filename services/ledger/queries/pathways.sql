-- name: pathways_since
-- description: Of what was owed since $1 and still stands, with a service: how many events of each
-- source and type led to a duty of that service about people of each district, and to an exception
-- instead of it. Without a service: how many events were about people of concern of each district,
-- about whom anybody was told, or nobody because no rule applied. Each duty and each event is read
-- once: all events of an occurrence have one source and one type.
WITH owed AS MATERIALIZED (
    SELECT
        occurrence_id,
        coalesce(instead_of, service) AS service,
        district,
        count(*) FILTER (WHERE instead_of IS NULL) AS told,
        count(*) AS duties
    FROM duty
    WHERE
        owed_at >= $1
        AND kind <> 'escalate'
        AND state <> 'withdrawn'
        AND occurrence_id IS NOT NULL
    GROUP BY 1, 2, 3
),

about AS MATERIALIZED (
    SELECT occurrence_id, district FROM owed
    UNION
    SELECT occurrence_id, district FROM people_without_rule() WHERE decided_at >= $1
),

named AS MATERIALIZED (
    SELECT found.occurrence_id, event.source, event.type
    FROM (SELECT DISTINCT occurrence_id FROM about) AS found
    CROSS JOIN LATERAL (
        SELECT e.source, e.type
        FROM event AS e
        WHERE e.occurrence_id = found.occurrence_id
        LIMIT 1
    ) AS event
)

SELECT
    named.source,
    named.type,
    owed.service,
    owed.district,
    count(*) FILTER (WHERE owed.told > 0) AS told,
    count(*) FILTER (WHERE owed.told < owed.duties) AS with_mash,
    count(*) AS events
FROM owed
INNER JOIN named ON owed.occurrence_id = named.occurrence_id
GROUP BY 1, 2, 3, 4
UNION ALL
SELECT named.source, named.type, NULL, about.district, 0, 0, count(*)
FROM about
INNER JOIN named ON about.occurrence_id = named.occurrence_id
GROUP BY 1, 2, 4;

-- name: duties_behind
-- description: Duties that were owed since $1, the last first: of the source $2, for the service $3
-- (each null for any), of people who live in one of $4 (null for anywhere) or, if $5, nobody knows
-- where, or in no district of $6 (null for anywhere), in the state $7; $8 and $9 are the last duty of
-- the page before, $10 rows.
SELECT
    duty.duty_id, duty.occurrence_id, duty.about ->> 'ref' AS person, duty.about ->> 'role' AS role,
    duty.service, duty.recipient, duty.kind, duty.instead_of, duty.because, duty.district,
    duty.state, duty.owed_at, duty.overdue_from, duty.ended_at, event.source, event.type
FROM duty
CROSS JOIN LATERAL (
    SELECT e.source, e.type
    FROM event AS e
    WHERE e.occurrence_id = duty.occurrence_id
    ORDER BY e.event_no
    LIMIT 1
) AS event
WHERE
    duty.owed_at >= $1
    AND duty.kind <> 'escalate'
    AND ($2::text IS NULL OR event.source = $2)
    AND ($3::text IS NULL OR coalesce(duty.instead_of, duty.service) = $3)
    AND (
        $4::text [] IS NULL
        OR duty.district = ANY($4)
        OR ($5 AND duty.district IS NULL)
    )
    AND ($6::text [] IS NULL OR NOT duty.district = ANY($6))
    AND (
        $7::text IS NULL
        OR duty.state = $7
        OR ($7 = 'standing' AND duty.state <> 'withdrawn')
        OR ($7 = 'open' AND duty.ended_at IS NULL)
    )
    AND ($8::timestamptz IS NULL OR (duty.owed_at, duty.duty_id) < ($8, $9::uuid))
ORDER BY duty.owed_at DESC, duty.duty_id DESC
LIMIT $10;
