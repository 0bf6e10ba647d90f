-- name: room_to_group
-- description: For the rest of this transaction, memory enough to group a quarter's occurrences by the
-- places that they led to; with less they go by way of the disk.
SELECT set_config('work_mem', '32MB', true);

-- name: pathways_since
-- description: Of what was owed since $1 and still stands, with a service: how many events of each
-- source and type led to a duty of that service about people of each district, and to an exception
-- instead of it. Without a service: how many events were about people of concern of each district,
-- about whom anybody was told, or nobody because no rule applied. All events of an occurrence have
-- one source and one type; they are looked up only where no duty has them. Each duty is read once.
-- Occurrences that led to the same places are counted together, since they are many and such kinds
-- are few; a place is written as one text (`told midwifery E07000193`): four letters and two words.
WITH owed AS MATERIALIZED (
    SELECT
        occurrence_id,
        any_value(event_source) AS source,
        any_value(event_type) AS type,
        array_agg(place) AS places
    FROM (
        SELECT
            occurrence_id, event_source, event_type,
            CASE WHEN instead_of IS NULL THEN 'told ' || service ELSE 'mash ' || instead_of END
            || coalesce(' ' || district, '') AS place
        FROM duty
        WHERE
            owed_at >= $1
            AND kind <> 'escalate'
            AND state <> 'withdrawn'
            AND occurrence_id IS NOT NULL
        UNION ALL
        SELECT occurrence_id, NULL, NULL, 'none ' || coalesce(' ' || district, '')
        FROM people_without_rule()
        WHERE decided_at >= $1
    ) AS one
    GROUP BY occurrence_id
),

named AS (
    SELECT source, type, places FROM owed WHERE source IS NOT NULL
    UNION ALL
    SELECT event.source, event.type, owed.places
    FROM owed
    CROSS JOIN LATERAL (
        SELECT e.source, e.type
        FROM event AS e
        WHERE e.occurrence_id = owed.occurrence_id
        LIMIT 1
    ) AS event
    WHERE owed.source IS NULL
),

alike AS MATERIALIZED (
    SELECT
        row_number() OVER () AS alike_no, named.source, named.type, named.places,
        count(*) AS events
    FROM named
    GROUP BY named.places, named.source, named.type
),

led AS MATERIALIZED (
    SELECT
        alike.alike_no, alike.source, alike.type, alike.events,
        nullif(split_part(one.place, ' ', 2), '') AS service,
        nullif(
            substr(one.place, 7 + length(split_part(one.place, ' ', 2))), ''
        ) AS district,
        bool_or(starts_with(one.place, 'told')) AS is_told,
        bool_or(starts_with(one.place, 'mash')) AS is_with_mash
    FROM alike
    CROSS JOIN LATERAL unnest(alike.places) AS one (place)
    GROUP BY 1, 2, 3, 4, 5, 6
)

SELECT
    source,
    type,
    service,
    district,
    coalesce(sum(events) FILTER (WHERE is_told), 0)::bigint AS told,
    coalesce(sum(events) FILTER (WHERE is_with_mash), 0)::bigint AS with_mash,
    sum(events)::bigint AS events
FROM led
WHERE service IS NOT NULL
GROUP BY 1, 2, 3, 4
UNION ALL
SELECT source, type, NULL, district, 0, 0, sum(events)::bigint
FROM (SELECT DISTINCT alike_no, source, type, district, events FROM led) AS about
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
