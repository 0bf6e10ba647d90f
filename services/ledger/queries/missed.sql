-- name: missed_page
-- description: What was missed, in the order in which it happened: one row an event, person and
-- service, with one cause (docs/missed.md). $1 now, $2 all causes in order of precedence, $3 from
-- and $4 until when it happened, $5 service, $6 district, $7 cause (each null for any), $8 and $9 the
-- last row of the page before, $10 rows. Open duties and those that ended late are each read along
-- an index of their own, and no further than the page goes; the rest is looked up for the page alone.
WITH of_duties AS (
    (
        SELECT m.*
        FROM judged_duties($1) AS m
        WHERE
            m.ended_at IS NULL
            AND m.cause IS NOT NULL
            AND m.occurred_at >= $3 AND m.occurred_at < $4
            AND (m.occurred_at, m.duty_id) > ($8, $9)
            AND ($5::text IS NULL OR m.service = $5)
            AND ($6::text IS NULL OR m.district IS NULL OR m.district = $6)
            AND ($7::text IS NULL OR m.cause = $7)
            AND m.duty_id = (
                SELECT s.duty_id
                FROM judged_duties($1) AS s
                WHERE
                    (
                        s.occurrence_id = m.occurrence_id
                        OR (m.occurrence_id IS NULL AND s.dead_letter_id = m.dead_letter_id)
                    )
                    AND s.person_key = m.person_key
                    AND s.service = m.service
                    AND s.cause IS NOT NULL
                ORDER BY array_position($2::text [], s.cause), s.duty_id
                LIMIT 1
            )
        ORDER BY m.occurred_at, m.duty_id
        LIMIT $10
    )
    UNION ALL
    (
        SELECT m.*
        FROM judged_duties($1) AS m
        WHERE
            m.ended_at IS NOT NULL
            AND (m.late OR m.ended_at > least(m.respond_by, m.act_by))
            AND m.cause IS NOT NULL
            AND m.occurred_at >= $3 AND m.occurred_at < $4
            AND (m.occurred_at, m.duty_id) > ($8, $9)
            AND ($5::text IS NULL OR m.service = $5)
            AND ($6::text IS NULL OR m.district IS NULL OR m.district = $6)
            AND ($7::text IS NULL OR m.cause = $7)
            AND m.duty_id = (
                SELECT s.duty_id
                FROM judged_duties($1) AS s
                WHERE
                    (
                        s.occurrence_id = m.occurrence_id
                        OR (m.occurrence_id IS NULL AND s.dead_letter_id = m.dead_letter_id)
                    )
                    AND s.person_key = m.person_key
                    AND s.service = m.service
                    AND s.cause IS NOT NULL
                ORDER BY array_position($2::text [], s.cause), s.duty_id
                LIMIT 1
            )
        ORDER BY m.occurred_at, m.duty_id
        LIMIT $10
    )
),

rows AS (
    SELECT
        duty_id AS row_id, duty_id, occurrence_id, dead_letter_id, NULL AS publisher, person_key,
        person, service, recipient, district, because, occurred_at, ended_at, awaits, cause,
        CASE
            WHEN
                cause IN (
                    'dead_letter', 'not_ours', 'person_not_identified', 'commissioning_gap',
                    'no_recipient'
                )
                THEN owed_at
            WHEN cause = 'refused' THEN refused_at
            WHEN cause = 'not_sent' THEN least(respond_by, act_by)
            ELSE least(due, ended_at, $1)
        END AS since,
        due
    FROM of_duties
    UNION ALL
    SELECT
        row_id, NULL, occurrence_id, NULL, NULL, person_key, person, NULL, NULL, district, because,
        occurred_at, NULL, 'rule', 'no_rule', decided_at, NULL
    FROM (
        SELECT *
        FROM people_without_rule()
        WHERE
            occurred_at >= $3 AND occurred_at < $4
            AND occurred_at >= $8
            AND (occurred_at, row_id) > ($8, $9)
            AND ($6::text IS NULL OR district IS NULL OR district = $6)
            AND ($7::text IS NULL OR $7 = 'no_rule')
        ORDER BY occurred_at, row_id
        LIMIT $10
    ) AS without_rule
    UNION ALL
    SELECT
        row_id, duty_id, NULL, NULL, publisher, NULL, NULL, family, recipient, NULL, because,
        occurred_at, ended_at, CASE WHEN ended_at IS NULL THEN 'source' ELSE 'nothing' END, cause,
        occurred_at, NULL
    FROM source_misses()
    WHERE
        occurred_at >= $3 AND occurred_at < $4
        AND (occurred_at, row_id) > ($8, $9)
        AND ($7::text IS NULL OR $7 = cause)
    ORDER BY 12, 1
    LIMIT $10
)

SELECT
    rows.*,
    event.source,
    event.id AS event_id,
    event.type,
    step.recipient AS escalated_to,
    coalesce(held.duty_ids, '{}') AS duty_ids
FROM rows
LEFT JOIN LATERAL (
    (
        SELECT e.source, e.id, e.type
        FROM event AS e
        WHERE e.occurrence_id = rows.occurrence_id
        ORDER BY e.event_no
        LIMIT 1
    )
    UNION ALL
    SELECT l.source, l.event_id, NULL
    FROM dead_letter AS l
    WHERE l.dead_letter_id = rows.dead_letter_id
) AS event ON TRUE
LEFT JOIN LATERAL (
    SELECT e.recipient
    FROM escalation AS e
    WHERE e.duty_id = rows.duty_id
    ORDER BY e.escalated_at DESC, e.step DESC
    LIMIT 1
) AS step ON TRUE
LEFT JOIN LATERAL (
    SELECT array_agg(s.duty_id ORDER BY array_position($2::text [], s.cause), s.duty_id) AS duty_ids
    FROM judged_duties($1) AS s
    WHERE
        (
            s.occurrence_id = rows.occurrence_id
            OR (rows.occurrence_id IS NULL AND s.dead_letter_id = rows.dead_letter_id)
        )
        AND s.person_key = rows.person_key
        AND s.service = rows.service
        AND s.cause IS NOT NULL
) AS held ON TRUE
ORDER BY rows.occurred_at, rows.row_id;

-- name: missed_counts
-- description: How many rows of each cause there are, with the parameters of the page. Everything
-- that can have been missed is read once, so it takes longer than a page.
WITH of_duties AS (
    SELECT DISTINCT ON (belongs_to, person_key, service)
        cause, service, district, occurred_at
    FROM (
        SELECT coalesce(m.occurrence_id, m.dead_letter_id) AS belongs_to, m.*
        FROM judged_duties($1) AS m
        WHERE
            m.ended_at IS NULL
            AND m.cause IS NOT NULL
            AND ($5::text IS NULL OR m.service = $5)
        UNION ALL
        SELECT coalesce(m.occurrence_id, m.dead_letter_id) AS belongs_to, m.*
        FROM judged_duties($1) AS m
        WHERE
            m.ended_at IS NOT NULL
            AND (m.late OR m.ended_at > least(m.respond_by, m.act_by))
            AND m.cause IS NOT NULL
            AND ($5::text IS NULL OR m.service = $5)
    ) AS m
    ORDER BY belongs_to, person_key, service, array_position($2::text [], cause), duty_id
),

rows AS (
    SELECT cause, occurred_at, service, district FROM of_duties
    UNION ALL
    SELECT 'no_rule', occurred_at, NULL, district FROM people_without_rule()
    UNION ALL
    SELECT cause, occurred_at, NULL, NULL FROM source_misses()
)

SELECT cause, count(*) AS missed
FROM rows
WHERE
    occurred_at >= $3 AND occurred_at < $4
    AND ($5::text IS NULL OR service IS NULL OR service = $5)
    AND ($6::text IS NULL OR district IS NULL OR district = $6)
    AND ($7::text IS NULL OR cause = $7)
GROUP BY cause
ORDER BY array_position($2::text [], cause);
