-- name: ensure_feeds
-- description: Begins to know sources that the rulebook lists and that have never sent anything.
INSERT INTO source_feed (publisher, known_since)
SELECT publisher, $2 FROM unnest($1::text[]) AS listed (publisher)
ORDER BY publisher
ON CONFLICT (publisher) DO NOTHING;

-- name: unsettled_feeds
-- description: Feeds whose numbers must be looked at: some are not there, or came again. Locked, in
-- the order in which routers lock them.
SELECT publisher, accounted, unreadable, again, repeated, marked_number, marked_at
FROM source_feed
WHERE
    again <> '{}'
    OR marked_at IS NOT NULL
    OR accounted <> coalesce(int8multirange(range_merge(accounted)), '{}')
    OR (unreadable <> '{}' AND publisher IN (
        SELECT gap.publisher FROM source_gap AS gap WHERE gap.ended_at IS NULL
    ))
ORDER BY publisher
FOR UPDATE;

-- name: keep_feed
-- description: What has become of a feed's numbers, once they were looked at. It is locked.
UPDATE source_feed
SET
    accounted = coalesce(
        (
            SELECT range_agg(int8range(first_number, last_number, '[]'))
            FROM unnest($2::bigint[], $3::bigint[]) AS run (first_number, last_number)
        ), '{}'
    ),
    again = '{}',
    repeated = coalesce(
        (
            SELECT range_agg(int8range(first_number, last_number, '[]'))
            FROM unnest($4::bigint[], $5::bigint[]) AS run (first_number, last_number)
        ), '{}'
    ),
    marked_number = $6,
    marked_at = $7
WHERE publisher = $1;

-- name: open_gaps
-- description: Numbers of these sources that are missing still.
SELECT gap_no, publisher, first_number, last_number, noted_at, settled_at
FROM source_gap
WHERE ended_at IS NULL AND publisher = any($1::text[])
ORDER BY publisher, first_number;

-- name: end_gaps
-- description: These gaps are filled, at least in part.
UPDATE source_gap SET ended_at = $2 WHERE gap_no = any($1::bigint[]);

-- name: feeds_seen
-- description: What is known of every source.
SELECT
    publisher, known_since, accounted, unreadable, again, repeated, last_number, heard_at
FROM source_feed
ORDER BY publisher;

-- name: days_seen
-- description: How much came of each source and day since a day in London.
SELECT publisher, day, received FROM source_day WHERE day >= $1;

-- name: hours_seen
-- description: What arrived of each source in each hour since a time.
SELECT
    publisher, hour, received, warned, unreadable, unnumbered, ahead, furthest_ahead, least_lag
FROM source_hour
WHERE hour >= $1
ORDER BY hour;

-- name: counts_seen
-- description: What each source counted last of each day since a day, and what came of it. Counts
-- for which a named person has answered are told as such.
SELECT DISTINCT ON (said.publisher, said.day)
    said.publisher,
    said.day,
    said.count,
    said.received_at,
    said.settled_at,
    coalesce(came.received, 0) AS received,
    coalesce(came.unreadable, 0) AS unreadable
FROM source_count AS said
LEFT JOIN source_day AS came ON said.publisher = came.publisher AND said.day = came.day
WHERE said.day >= $1
ORDER BY said.publisher ASC, said.day ASC, said.published_at DESC, said.received_at DESC;

-- name: lost_messages
-- description: How many messages of each source Kafka deleted before they were read, and nobody
-- has answered for.
SELECT publisher, sum(to_offset - from_offset)::bigint AS messages
FROM source_log_gap
WHERE settled_at IS NULL
GROUP BY publisher;

-- name: probes_out
-- description: When the first probe was asked for that is not back, later than any that is.
SELECT probe.publisher, min(probe.asked_at) AS asked_at
FROM source_probe AS probe
WHERE
    probe.returned_at IS NULL
    AND probe.asked_at > $1
    AND NOT EXISTS (
        SELECT 1
        FROM source_probe AS later
        WHERE
            later.publisher = probe.publisher
            AND later.hour > probe.hour
            AND later.returned_at IS NOT NULL
    )
GROUP BY probe.publisher;

-- name: open_findings
-- description: What is wrong with sources, and when the duty about it ended, if it has.
SELECT
    finding.finding_id, finding.publisher, finding.kind, finding.detail, finding.opened_at,
    finding.duty_id, finding.copy_id, duty.ended_at AS answered_at
FROM source_finding AS finding
LEFT JOIN duty ON finding.duty_id = duty.duty_id
WHERE finding.ended_at IS NULL
ORDER BY finding.publisher, finding.kind;

-- name: end_findings
-- description: What was wrong is so no more, or somebody has answered for it.
UPDATE source_finding AS finding
SET ended_at = $3, ended_because = ended.because
FROM unnest($1::uuid[], $2::text[]) AS ended (finding_id, because)
WHERE finding.finding_id = ended.finding_id AND finding.ended_at IS NULL;

-- name: lock_open_duties
-- description: Locks those of the duties that are open, and answers them.
SELECT duty_id FROM duty
WHERE duty_id = any($1::uuid[]) AND ended_at IS NULL
ORDER BY duty_id
FOR UPDATE;

-- name: settle_gaps
-- description: A named person has answered for the gaps that they were told of.
UPDATE source_gap SET settled_at = $3
WHERE publisher = $1 AND noted_at <= $2 AND settled_at IS NULL AND ended_at IS NULL;

-- name: settle_log_gaps
-- description: A named person has answered for the lost messages that they were told of.
UPDATE source_log_gap SET settled_at = $3
WHERE publisher = $1 AND noted_at <= $2 AND settled_at IS NULL;

-- name: settle_counts
-- description: A named person has answered for the daily counts that they were told of.
UPDATE source_count SET settled_at = $3
WHERE publisher = $1 AND received_at <= $2 AND settled_at IS NULL AND day = any($4::date[]);

-- name: settle_repeats
-- description: A named person has answered for numbers that were used twice.
UPDATE source_feed
SET
    repeated = repeated - coalesce(
        (
            SELECT range_agg(int8range(first_number, last_number, '[]'))
            FROM unnest($2::bigint[], $3::bigint[]) AS run (first_number, last_number)
        ), '{}'
    )
WHERE publisher = $1;

-- name: try_source_watch
-- description: Whether this watch may look at the sources; until its transaction ends no other may.
SELECT pg_try_advisory_xact_lock($1);
