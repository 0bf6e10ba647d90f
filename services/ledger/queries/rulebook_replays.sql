-- name: end_silent_replays
-- description: Replays of version $1 of which nobody has heard since $2 have stopped, at $3.
UPDATE rulebook_replay
SET ended_at = $3, problem = $4
WHERE content_hash = $1 AND ended_at IS NULL AND heard_at < $2;

-- name: begin_replay
-- description: A replay of a version begins, unless one is at work; it answers its id then.
INSERT INTO rulebook_replay (
    replay_id, content_hash, happened_from, happened_until, asked_at, asked_by, heard_at
)
VALUES ($1, $2, $3, $4, $5, $6, $5)
ON CONFLICT (content_hash) WHERE ended_at IS NULL DO NOTHING
RETURNING replay_id;

-- name: note_replay
-- description: How far a replay is.
UPDATE rulebook_replay
SET heard_at = greatest(heard_at, $2), occurrences = $3, done = $4
WHERE replay_id = $1 AND ended_at IS NULL;

-- name: end_replay
-- description: A replay has ended: with what it found, or with why it did not.
UPDATE rulebook_replay
SET ended_at = $2, problem = $3, found = $4, done = coalesce(occurrences, done)
WHERE replay_id = $1 AND ended_at IS NULL;

-- name: replays_of_version
-- description: The last replays of a version, the newest first.
SELECT
    replay_id, happened_from, happened_until, asked_at, asked_by, heard_at, occurrences, done,
    ended_at, problem, found
FROM rulebook_replay
WHERE content_hash = $1
ORDER BY asked_at DESC, replay_id
LIMIT 10;
