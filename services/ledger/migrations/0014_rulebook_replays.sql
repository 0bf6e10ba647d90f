-- Replays of the past through a version that is not live, as the console's pages start them.

-- One row a replay. `found` holds counts, and the first differences by their events' own ids: no
-- names, no numbers. Whoever runs it says so in `heard_at`; if nobody does, it has stopped.
CREATE TABLE rulebook_replay (
    replay_id uuid PRIMARY KEY,
    content_hash text NOT NULL REFERENCES rulebook (content_hash),
    happened_from timestamptz NOT NULL,
    happened_until timestamptz NOT NULL CHECK (happened_until > happened_from),
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    heard_at timestamptz NOT NULL,
    occurrences bigint,
    done bigint NOT NULL DEFAULT 0,
    ended_at timestamptz,
    problem text,
    found jsonb,
    CHECK ((ended_at IS NULL) = (problem IS NULL AND found IS NULL))
);

-- A second click, or a second person, does not begin a second one.
CREATE UNIQUE INDEX rulebook_replay_at_work ON rulebook_replay (content_hash)
WHERE ended_at IS NULL;

CREATE INDEX rulebook_replay_by_time ON rulebook_replay (content_hash, asked_at);
