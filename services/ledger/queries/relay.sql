-- name: lanes_in_play
-- description: Every lane that has rows to publish or a live owner; and how many relays are alive,
-- which is how many sessions share the advisory lock ($1, $2). Lanes with rows are found by hopping
-- along the partial index: its cost grows with the number of lanes, not of rows.
WITH RECURSIVE hop AS (
    (
        SELECT o.topic, o.partition
        FROM outbox AS o
        WHERE o.published_at IS NULL AND o.withdrawn_at IS NULL
        ORDER BY o.topic, o.partition
        LIMIT 1
    )
    UNION ALL
    SELECT further.topic, further.partition
    FROM hop
    CROSS JOIN LATERAL (
        SELECT o.topic, o.partition
        FROM outbox AS o
        WHERE
            o.published_at IS NULL
            AND o.withdrawn_at IS NULL
            AND (o.topic, o.partition) > (hop.topic, hop.partition)
        ORDER BY o.topic, o.partition
        LIMIT 1
    ) AS further
),

owned AS (
    SELECT l.topic, l.partition, l.owner
    FROM lane AS l
    WHERE l.expires_at > clock_timestamp()
),

alive AS (
    SELECT count(*) AS relays
    FROM pg_locks AS k
    INNER JOIN pg_database AS d ON k.database = d.oid
    WHERE
        k.locktype = 'advisory'
        AND d.datname = current_database()
        AND k.classid = $1::integer::oid
        AND k.objid = $2::integer::oid
        AND k.granted
)

SELECT
    topic,
    partition,
    owned.owner,
    hop.topic IS NOT NULL AS has_open_rows,
    alive.relays
FROM hop
FULL JOIN owned USING (topic, partition)
CROSS JOIN alive;

-- name: declare_relay_alive
-- description: Counts this session as a live relay until it ends.
SELECT pg_advisory_lock_shared($1, $2);

-- name: take_lane
-- description: Takes a lane that nobody holds, making its row if it is new; answers how far its log
-- is confirmed, or nothing if somebody holds it.
INSERT INTO lane (topic, partition, owner, expires_at)
VALUES ($1, $2, $3, clock_timestamp() + $4::interval)
ON CONFLICT (topic, partition) DO UPDATE
SET owner = excluded.owner, expires_at = excluded.expires_at
WHERE lane.owner IS NULL OR lane.expires_at <= clock_timestamp()
RETURNING confirmed_offset;

-- name: renew_lanes
-- description: Prolongs those of the lanes ($3, $4) that this owner still holds. A lane that a
-- statement of ours has locked is passed over: that statement renews it itself.
UPDATE lane
SET expires_at = clock_timestamp() + $2::interval
FROM (
    SELECT l.topic, l.partition
    FROM lane AS l
    INNER JOIN unnest($3::text [], $4::integer []) AS mine (topic, partition)
        ON l.topic = mine.topic AND l.partition = mine.partition
    WHERE l.owner = $1 AND l.expires_at > clock_timestamp()
    FOR UPDATE OF l SKIP LOCKED
) AS held
WHERE lane.topic = held.topic AND lane.partition = held.partition;

-- name: hold_lane
-- description: Compare-and-set: prolongs one lane, and answers a row only if this owner still
-- holds it.
UPDATE lane
SET expires_at = clock_timestamp() + $4::interval
WHERE topic = $1 AND partition = $2 AND owner = $3 AND expires_at > clock_timestamp()
RETURNING confirmed_offset;

-- name: give_lane_back
-- description: Frees a lane at once; changes nothing if somebody else has it by now.
UPDATE lane
SET owner = NULL, expires_at = NULL
WHERE topic = $1 AND partition = $2 AND owner = $3;

-- name: number_rows
-- description: Gives the next numbers of each recipient to the first $5 open rows of a lane, in
-- outbox_no order, if this owner still holds the lane (which it also renews). Answers whether the
-- lane is held and the rows that were numbered. The counters are locked in order, since lanes of
-- one topic share them. A row that is withdrawn at the same moment gets no number, because the row
-- lock looks again. No body is answered under the locks: a paused relay must keep nobody waiting.
-- Lanes are compared as rows, and not by equality, so that only the index of open rows can give the
-- order: by the primary key PostgreSQL would read everything that was ever published.
WITH held AS (
    UPDATE lane
    SET expires_at = clock_timestamp() + $4::interval
    WHERE topic = $1 AND partition = $2 AND owner = $3 AND expires_at > clock_timestamp()
    RETURNING topic, partition
),

picked AS (
    SELECT o.outbox_no, o.recipient
    FROM outbox AS o
    WHERE
        (o.topic, o.partition) >= ($1, $2)
        AND (o.topic, o.partition) <= ($1, $2)
        AND o.published_at IS NULL
        AND o.withdrawn_at IS NULL
        AND o.recipient_sequence IS NULL
        AND EXISTS (SELECT 1 FROM held)
    ORDER BY o.topic, o.partition, o.outbox_no
    LIMIT $5
    FOR UPDATE
),

placed AS (
    SELECT
        picked.outbox_no,
        picked.recipient,
        row_number() OVER (PARTITION BY picked.recipient ORDER BY picked.outbox_no) AS place,
        count(*) OVER (PARTITION BY picked.recipient) AS places
    FROM picked
),

counted AS (
    INSERT INTO recipient_counter AS c (topic, recipient, last_sequence)
    SELECT $1, placed.recipient, count(*)
    FROM placed
    GROUP BY placed.recipient
    ORDER BY placed.recipient
    ON CONFLICT (topic, recipient) DO UPDATE
    SET last_sequence = c.last_sequence + excluded.last_sequence
    RETURNING c.recipient, c.last_sequence
),

numbered AS (
    UPDATE outbox
    SET recipient_sequence = counted.last_sequence - placed.places + placed.place
    FROM placed
    INNER JOIN counted ON placed.recipient = counted.recipient
    WHERE
        outbox.outbox_no = placed.outbox_no
        AND outbox.outbox_no = any(array(SELECT placed.outbox_no FROM placed))
    RETURNING outbox.outbox_no
)

SELECT
    EXISTS (SELECT 1 FROM held) AS is_held,
    coalesce((SELECT array_agg(numbered.outbox_no) FROM numbered), '{}') AS outbox_nos;

-- name: numbered_rows
-- description: The rows of a lane that have a number and are not known to be published: what an
-- earlier owner left behind. All open rows of the lane are looked at, since an index of numbers
-- would lead through everything that was ever published.
WITH open AS MATERIALIZED (
    SELECT o.outbox_no, o.recipient_sequence
    FROM outbox AS o
    WHERE
        o.topic = $1
        AND o.partition = $2
        AND o.published_at IS NULL
        AND o.withdrawn_at IS NULL
)

SELECT open.outbox_no
FROM open
WHERE open.recipient_sequence IS NOT NULL
ORDER BY open.recipient_sequence, open.outbox_no;

-- name: rows_to_publish
-- description: What goes out for these rows, each recipient's in the order of its numbers.
SELECT
    o.outbox_no,
    o.message_id,
    o.message_key,
    o.recipient_sequence,
    o.headers::text AS headers,
    o.body
FROM outbox AS o
WHERE o.outbox_no = any($1::bigint [])
ORDER BY o.recipient_sequence, o.outbox_no;

-- name: mark_published
-- description: Marks messages ($7) that are committed in the log at offsets ($8), confirms the log
-- up to $5, and moves their duties from owed to sent, never back and only by the notice of the
-- current revision, if this owner still holds the lane (which it also renews). Doing it again changes nothing. Duties are locked before outbox
-- rows, as the router does.
WITH held AS (
    UPDATE lane
    SET
        expires_at = clock_timestamp() + $4::interval,
        confirmed_offset = $5
    WHERE topic = $1 AND partition = $2 AND owner = $3 AND expires_at > clock_timestamp()
    RETURNING topic, partition
),

found AS (
    SELECT f.message_id, f.log_offset
    FROM held
    CROSS JOIN unnest($7::uuid [], $8::bigint []) AS f (message_id, log_offset)
),

owed AS (
    SELECT d.duty_id
    FROM duty AS d
    WHERE
        d.state = 'owed'
        AND d.notification_id = any(array(SELECT found.message_id FROM found))
        AND d.duty_id = any(array(
            SELECT o.duty_id
            FROM outbox AS o
            INNER JOIN found ON o.message_id = found.message_id
        ))
    ORDER BY d.duty_id
    FOR UPDATE
),

moved AS (
    UPDATE duty
    SET state = 'sent', sent_at = $6
    WHERE
        duty.duty_id = any(array(SELECT owed.duty_id FROM owed))
        AND duty.state = 'owed'
        AND duty.notification_id = any(array(SELECT found.message_id FROM found))
    RETURNING duty.duty_id, duty.revision
),

noted AS (
    INSERT INTO duty_change (duty_id, changed_at, changed_by, state, revision, why)
    SELECT moved.duty_id, $6, 'relay', 'sent', moved.revision, 'published'
    FROM moved
),

marked AS (
    UPDATE outbox
    SET published_at = $6, published_offset = found.log_offset
    FROM found
    WHERE
        outbox.message_id = found.message_id
        AND outbox.published_at IS NULL
        AND (SELECT count(*) FROM moved) >= 0  -- only to lock the duties first
    RETURNING outbox.outbox_no
),

known AS (
    SELECT count(*) AS messages
    FROM found
    INNER JOIN outbox AS o ON found.message_id = o.message_id
)

SELECT
    EXISTS (SELECT 1 FROM held) AS is_held,
    (SELECT count(*) FROM marked) AS marked,
    (SELECT count(*) FROM moved) AS moved,
    known.messages AS known
FROM known;
