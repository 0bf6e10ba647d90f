-- name: ensure_offsets
-- description: Begins partitions that were never read before; known ones stay as they are.
INSERT INTO source_offset (topic, partition, next_offset)
SELECT topic, partition, next_offset
FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS begin (topic, partition, next_offset)
ORDER BY topic, partition
ON CONFLICT (topic, partition) DO NOTHING;

-- name: read_offsets
-- description: Where reading goes on, for those of the given partitions that were ever read.
SELECT held.topic, held.partition, held.next_offset
FROM source_offset AS held
INNER JOIN unnest($1::text[], $2::integer[]) AS asked (topic, partition)
    ON held.topic = asked.topic AND held.partition = asked.partition;

-- name: move_offsets
-- description: Moves partitions on by compare-and-set, and answers those that were moved. It waits
-- for another router that is moving one of them, and then finds that the offset is not as expected.
WITH held AS (
    SELECT offsets.topic, offsets.partition, move.next_offset
    FROM source_offset AS offsets
    INNER JOIN unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[])
        AS move (topic, partition, expected, next_offset)
        ON
            offsets.topic = move.topic
            AND offsets.partition = move.partition
            AND offsets.next_offset = move.expected
    ORDER BY offsets.topic, offsets.partition
    FOR UPDATE OF offsets
)

UPDATE source_offset AS offsets
SET next_offset = held.next_offset
FROM held
WHERE offsets.topic = held.topic AND offsets.partition = held.partition
RETURNING offsets.topic, offsets.partition;
