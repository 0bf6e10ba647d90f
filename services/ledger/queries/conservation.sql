-- name: events_add_up
-- description: Whatever was read is decided, registered or refused. $1 the types that go into the
-- register; some others were, before they were routed as well. Broken: events that were stored and
-- never decided. The latest ids first, 20 at most.
WITH of_register AS (
    SELECT e.event_no
    FROM event AS e
    WHERE
        e.type = any($1::text [])
        OR EXISTS (
            SELECT 1
            FROM routed_since AS r
            WHERE r.event_type = e.type AND r.event_no >= e.event_no
        )
),

undecided AS (
    SELECT e.event_no, e.source || ' ' || e.id AS id
    FROM event AS e
    WHERE
        NOT EXISTS (SELECT 1 FROM of_register AS r WHERE r.event_no = e.event_no)
        AND NOT EXISTS (
            SELECT 1
            FROM decision AS d
            WHERE
                d.occurrence_id = e.occurrence_id AND d.source = e.source AND d.event_id = e.id
        )
),

counted AS (
    SELECT
        (SELECT count(*) FROM event) AS stored,
        (SELECT count(*) FROM of_register) AS registered,
        (SELECT count(*) FROM undecided) AS undecided,
        (SELECT count(*) FROM dead_letter) AS refused
)

SELECT
    stored + refused AS total,
    jsonb_build_object(
        'decided', stored - registered - undecided, 'registered', registered, 'refused', refused
    ) AS parts,
    undecided AS broken,
    array(SELECT id FROM undecided ORDER BY event_no DESC LIMIT 20) AS ids
FROM counted;

-- name: reconsiderations_add_up
-- description: What must be decided again is decided soon after its time. $1 by when. Broken: what
-- has waited longer.
SELECT
    count(*) AS total,
    jsonb_build_object('waiting', count(*) FILTER (WHERE due_at >= $1)) AS parts,
    count(*) FILTER (WHERE due_at < $1) AS broken,
    array(
        SELECT occurrence_id::text
        FROM reconsideration
        WHERE due_at < $1
        ORDER BY due_at
        LIMIT 20
    ) AS ids
FROM reconsideration;

-- name: duties_add_up
-- description: Every duty has ended well, is open, escalated, closed or withdrawn, and what it asks
-- agrees with that. Broken: ended though it was not answered, or open though it was.
WITH sorted AS (
    SELECT
        d.duty_id,
        CASE
            WHEN d.state IN ('withdrawn', 'closed') AND d.ended_at IS NOT NULL THEN d.state
            WHEN d.state IN ('withdrawn', 'closed') THEN 'broken'
            WHEN
                (d.ended_at IS NOT NULL) <> CASE
                    WHEN d.asks ? 'act' THEN d.state = 'done'
                    WHEN d.asks ? 'record' THEN d.state IN ('recorded', 'done')
                    WHEN d.asks ? 'acknowledge'
                        THEN d.state IN ('acknowledged', 'recorded', 'done')
                    ELSE d.state IN ('received', 'acknowledged', 'recorded', 'done')
                END
                THEN 'broken'
            WHEN d.ended_at IS NOT NULL THEN 'ended_well'
            WHEN EXISTS (SELECT 1 FROM escalation AS e WHERE e.duty_id = d.duty_id)
                THEN 'escalated'
            ELSE 'open'
        END AS place
    FROM duty AS d
)

SELECT
    count(*) AS total,
    jsonb_build_object(
        'ended_well', count(*) FILTER (WHERE place = 'ended_well'),
        'open', count(*) FILTER (WHERE place = 'open'),
        'escalated', count(*) FILTER (WHERE place = 'escalated'),
        'closed', count(*) FILTER (WHERE place = 'closed'),
        'withdrawn', count(*) FILTER (WHERE place = 'withdrawn')
    ) AS parts,
    count(*) FILTER (WHERE place = 'broken') AS broken,
    array(
        SELECT duty_id::text
        FROM sorted
        WHERE place = 'broken'
        ORDER BY duty_id
        LIMIT 20
    ) AS ids
FROM sorted;

-- name: numbers_add_up
-- description: Every recipient's numbers on a queue are 1 to n, and n is the counter's. Broken: the
-- recipients of whom that is not so.
WITH numbered AS (
    SELECT
        topic, recipient, count(*) AS numbers, min(recipient_sequence) AS first,
        max(recipient_sequence) AS last
    FROM outbox
    WHERE recipient_sequence IS NOT NULL
    GROUP BY topic, recipient
),

held AS (
    SELECT
        topic,
        recipient,
        coalesce(numbered.numbers, 0) AS numbers,
        coalesce(counter.last_sequence, 0) AS counted,
        coalesce(
            numbered.first = 1
            AND numbered.last = numbered.numbers
            AND counter.last_sequence = numbered.last,
            FALSE
        ) AS is_whole
    FROM numbered
    FULL JOIN recipient_counter AS counter USING (topic, recipient)
)

SELECT
    coalesce(sum(numbers), 0)::bigint AS total,
    jsonb_build_object('counted', coalesce(sum(counted), 0)::bigint) AS parts,
    count(*) FILTER (WHERE NOT is_whole) AS broken,
    array(
        SELECT topic || ' ' || recipient
        FROM held
        WHERE NOT is_whole
        ORDER BY topic, recipient
        LIMIT 20
    ) AS ids
FROM held;

-- name: notices_add_up
-- description: Every duty that stands has the notice of its revision in the outbox: it is published,
-- or waits. Broken: duties without one, or whose one was withdrawn.
WITH told AS (
    SELECT
        d.duty_id,
        CASE
            WHEN o.message_id IS NULL OR o.withdrawn_at IS NOT NULL THEN 'broken'
            WHEN o.published_at IS NULL THEN 'waiting'
            ELSE 'published'
        END AS place
    FROM duty AS d
    LEFT JOIN outbox AS o ON d.notification_id = o.message_id
    WHERE d.state <> 'withdrawn'
)

SELECT
    count(*) AS total,
    jsonb_build_object(
        'published', count(*) FILTER (WHERE place = 'published'),
        'waiting', count(*) FILTER (WHERE place = 'waiting')
    ) AS parts,
    count(*) FILTER (WHERE place = 'broken') AS broken,
    array(
        SELECT duty_id::text
        FROM told
        WHERE place = 'broken'
        ORDER BY duty_id
        LIMIT 20
    ) AS ids
FROM told;

-- name: lanes_add_up
-- description: What waits to go out has a relay that works on it, or has not waited long. $1 by
-- when. Broken: lanes that nobody owns though something has waited there since before then.
WITH waiting AS (
    SELECT
        o.topic, o.partition, count(*) AS messages,
        min((o.headers ->> 'ce_time')::timestamptz) AS since
    FROM outbox AS o
    WHERE o.published_at IS NULL AND o.withdrawn_at IS NULL
    GROUP BY o.topic, o.partition
),

lanes AS (
    SELECT
        waiting.topic,
        waiting.partition,
        waiting.messages,
        waiting.since,
        coalesce(lane.expires_at > clock_timestamp(), FALSE) AS is_owned
    FROM waiting
    LEFT JOIN lane USING (topic, partition)
)

SELECT
    coalesce(sum(messages), 0)::bigint AS total,
    jsonb_build_object(
        'owned', coalesce(sum(messages) FILTER (WHERE is_owned), 0)::bigint,
        'not_for_long', coalesce(
            sum(messages) FILTER (WHERE NOT is_owned AND since >= $1), 0
        )::bigint
    ) AS parts,
    count(*) FILTER (WHERE NOT is_owned AND (since < $1 OR since IS NULL)) AS broken,
    array(
        SELECT topic || ' ' || partition || ' since ' || coalesce(since::text, 'unknown')
        FROM lanes
        WHERE NOT is_owned AND (since < $1 OR since IS NULL)
        ORDER BY since
        LIMIT 20
    ) AS ids
FROM lanes;

-- name: clocks_add_up
-- description: Every open duty that asks something will be looked at, and is looked at in time. $1
-- by when. Broken: open duties without a time, or whose time has passed and nobody has looked.
WITH asking AS (
    SELECT duty_id, look_at
    FROM duty
    WHERE ended_at IS NULL AND jsonb_array_length(asks) > 0
)

SELECT
    count(*) AS total,
    jsonb_build_object('watched', count(*) FILTER (WHERE look_at >= $1)) AS parts,
    count(*) FILTER (WHERE look_at IS NULL OR look_at < $1) AS broken,
    array(
        SELECT duty_id::text
        FROM asking
        WHERE look_at IS NULL OR look_at < $1
        ORDER BY duty_id
        LIMIT 20
    ) AS ids
FROM asking;

-- name: dead_letters_add_up
-- description: Every dead letter is somebody's duty. Broken: those that are nobody's.
WITH owned AS (
    SELECT
        l.dead_letter_id,
        EXISTS (SELECT 1 FROM duty AS d WHERE d.dead_letter_id = l.dead_letter_id) AS is_owned
    FROM dead_letter AS l
)

SELECT
    count(*) AS total,
    jsonb_build_object('with_a_duty', count(*) FILTER (WHERE is_owned)) AS parts,
    count(*) FILTER (WHERE NOT is_owned) AS broken,
    array(
        SELECT dead_letter_id::text
        FROM owned
        WHERE NOT is_owned
        ORDER BY dead_letter_id
        LIMIT 20
    ) AS ids
FROM owned;

-- name: escalations_add_up
-- description: Every step of a ladder has told somebody: its notice is a duty. Broken: steps
-- without one.
WITH told AS (
    SELECT
        e.duty_id,
        e.step,
        EXISTS (SELECT 1 FROM duty AS d WHERE d.duty_id = e.notice_id) AS is_told
    FROM escalation AS e
)

SELECT
    count(*) AS total,
    jsonb_build_object('told', count(*) FILTER (WHERE is_told)) AS parts,
    count(*) FILTER (WHERE NOT is_told) AS broken,
    array(
        SELECT duty_id || ' step ' || step
        FROM told
        WHERE NOT is_told
        ORDER BY duty_id, step
        LIMIT 20
    ) AS ids
FROM told;
