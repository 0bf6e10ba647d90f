-- name: tally_feeds
-- description: Adds the numbers of a batch to each source's feed, one row a source, in order of
-- publisher: two routers wait for each other here, and never in a circle.
INSERT INTO source_feed AS feed (
    publisher, known_since, accounted, unreadable, again, last_number, last_published_at, heard_at
)
SELECT
    fresh.publisher,
    $5,
    coalesce(numbers.arrived, '{}'),
    coalesce(numbers.unreadable, '{}'),
    coalesce(numbers.again, '{}'),
    fresh.last_number,
    fresh.last_published_at,
    fresh.heard_at
FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::timestamptz[])
    AS fresh (publisher, last_number, last_published_at, heard_at)
LEFT JOIN (
    SELECT
        publisher,
        range_agg(span) FILTER (WHERE standing = 'arrived') AS arrived,
        range_agg(span) FILTER (WHERE standing = 'unreadable') AS unreadable,
        range_agg(span) FILTER (WHERE standing = 'again') AS again
    FROM (
        SELECT
            publisher,
            standing,
            int8range(first_number, last_number, '[]') AS span
        FROM unnest($6::text[], $7::text[], $8::bigint[], $9::bigint[])
            AS given (publisher, standing, first_number, last_number)
    ) AS spans
    GROUP BY publisher
) AS numbers ON fresh.publisher = numbers.publisher
ORDER BY fresh.publisher
ON CONFLICT (publisher) DO UPDATE SET
    accounted = feed.accounted + excluded.accounted,
    unreadable = feed.unreadable + excluded.unreadable,
    again = feed.again + excluded.again + (feed.accounted * excluded.accounted),
    last_number = CASE
        WHEN excluded.last_published_at >= feed.last_published_at
            THEN excluded.last_number
        ELSE coalesce(feed.last_number, excluded.last_number)
    END,
    last_published_at = greatest(feed.last_published_at, excluded.last_published_at),
    heard_at = greatest(feed.heard_at, excluded.heard_at);

-- name: tally_days
-- description: Adds what a batch held to the days on which it was published. The feeds are locked.
INSERT INTO source_day AS held (publisher, day, received, unreadable, lowest, highest)
SELECT publisher, day, received, unreadable, lowest, highest
FROM unnest($1::text[], $2::date[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
    AS fresh (publisher, day, received, unreadable, lowest, highest)
ON CONFLICT (publisher, day) DO UPDATE SET
    received = held.received + excluded.received,
    unreadable = held.unreadable + excluded.unreadable,
    lowest = least(held.lowest, excluded.lowest),
    highest = greatest(held.highest, excluded.highest);

-- name: tally_hours
-- description: Adds what a batch held to the hour in which it arrived. The feeds are locked.
INSERT INTO source_hour AS held (
    publisher, hour, received, warned, unreadable, unnumbered, ahead, furthest_ahead, least_lag
)
SELECT
    publisher, hour, received, warned, unreadable, unnumbered, ahead, furthest_ahead, least_lag
FROM unnest(
    $1::text[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
    $7::bigint[], $8::interval[], $9::interval[]
) AS fresh (
    publisher, hour, received, warned, unreadable, unnumbered, ahead, furthest_ahead, least_lag
)
ON CONFLICT (publisher, hour) DO UPDATE SET
    received = held.received + excluded.received,
    warned = held.warned + excluded.warned,
    unreadable = held.unreadable + excluded.unreadable,
    unnumbered = held.unnumbered + excluded.unnumbered,
    ahead = held.ahead + excluded.ahead,
    furthest_ahead = greatest(held.furthest_ahead, excluded.furthest_ahead),
    least_lag = least(held.least_lag, excluded.least_lag);

-- name: insert_source_counts
-- description: Stores daily counts that are not stored yet, and answers which were new.
INSERT INTO source_count (
    source, id, sha256, publisher, day, count, first_number, last_number, published_at, topic,
    partition, log_offset, received_at
)
SELECT
    source, id, sha256, publisher, day, count, first_number, last_number, published_at, topic,
    partition, log_offset, received_at
FROM unnest(
    $1::text[], $2::text[], $3::bytea[], $4::text[], $5::date[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::timestamptz[], $10::text[], $11::integer[], $12::bigint[], $13::timestamptz[]
) AS fresh (
    source, id, sha256, publisher, day, count, first_number, last_number, published_at, topic,
    partition, log_offset, received_at
)
ORDER BY source, id
ON CONFLICT (source, id) DO NOTHING
RETURNING source, id;

-- name: digests_of_source_counts
-- description: The hash of the bytes of stored daily counts, to tell a repeat from a reused id.
SELECT held.source, held.id, held.sha256
FROM source_count AS held
INNER JOIN unnest($1::text[], $2::text[]) AS asked (source, id)
    ON held.source = asked.source AND held.id = asked.id;

-- name: probes_arrived
-- description: Notes that probes have arrived, and answers those that we have sent, and whether
-- this was the first time. A probe counts only on the topic of the publisher that it is for.
WITH known AS (
    SELECT
        probe.probe_id,
        probe.arrived_at IS NULL AS is_first
    FROM source_probe AS probe
    INNER JOIN unnest($1::uuid[], $2::text[]) AS asked (probe_id, publisher)
        ON probe.probe_id = asked.probe_id AND probe.publisher = asked.publisher
    ORDER BY probe.probe_id
    FOR UPDATE OF probe
)

UPDATE source_probe AS probe
SET arrived_at = coalesce(probe.arrived_at, $3)
FROM known
WHERE probe.probe_id = known.probe_id
RETURNING probe.probe_id, known.is_first;

-- name: note_log_gaps
-- description: Notes messages that Kafka deleted before they were read; a gap is noted once.
INSERT INTO source_log_gap (topic, partition, from_offset, to_offset, publisher, noted_at)
SELECT topic, partition, from_offset, to_offset, publisher, $6
FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::text[])
    AS fresh (topic, partition, from_offset, to_offset, publisher)
ORDER BY topic, partition, from_offset
ON CONFLICT (topic, partition, from_offset) DO NOTHING;
