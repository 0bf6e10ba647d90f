-- What came from each source, so that it can be said whether anything is missing. The router keeps
-- it up in the transaction of its batch, in a few rows a source; the watch judges it.

-- One row a publisher. `accounted` are the numbers that arrived, and those whose lack is known
-- (source_gap); `unreadable` those of messages that became dead letters; `again` those that arrived
-- though they were accounted for, until the watch has looked; `repeated` those that it found to be
-- used twice. Gaps below `marked_number` were there already at `marked_at`. `last_number` is that of
-- the event published last; `heard_at` is when that was, never later than its arrival.
CREATE TABLE source_feed (
    publisher text PRIMARY KEY,
    known_since timestamptz NOT NULL,
    accounted int8multirange NOT NULL DEFAULT '{}',
    unreadable int8multirange NOT NULL DEFAULT '{}',
    again int8multirange NOT NULL DEFAULT '{}',
    repeated int8multirange NOT NULL DEFAULT '{}',
    marked_number bigint,
    marked_at timestamptz,
    last_number bigint,
    last_published_at timestamptz,
    heard_at timestamptz
);

-- By the day in London on which events were published: how many there were (`received`, each once),
-- how many messages could not be read, and the lowest and highest number among the former.
CREATE TABLE source_day (
    publisher text NOT NULL,
    day date NOT NULL,
    received bigint NOT NULL,
    unreadable bigint NOT NULL,
    lowest bigint,
    highest bigint,
    PRIMARY KEY (publisher, day)
);

-- By the hour (UTC) in which they arrived: events, those with warnings, dead letters, events without
-- a number, and how the publisher's clock went: how many were ahead of ours, by how much at most,
-- and how long the freshest event had taken.
CREATE TABLE source_hour (
    publisher text NOT NULL,
    hour timestamptz NOT NULL,
    received bigint NOT NULL,
    warned bigint NOT NULL,
    unreadable bigint NOT NULL,
    unnumbered bigint NOT NULL,
    ahead bigint NOT NULL,
    furthest_ahead interval NOT NULL,
    least_lag interval,
    PRIMARY KEY (publisher, hour)
);

-- Daily counts, as they were said; the one published last counts.
CREATE TABLE source_count (
    source text NOT NULL,
    id text NOT NULL,
    sha256 bytea NOT NULL,
    publisher text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    first_number bigint,
    last_number bigint,
    published_at timestamptz NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    log_offset bigint NOT NULL,
    received_at timestamptz NOT NULL,
    settled_at timestamptz,
    PRIMARY KEY (source, id)
);

CREATE INDEX source_count_by_day ON source_count (publisher, day, published_at);

-- Something is wrong with a source. It is opened once, is a duty of MASH (`copy_id` is that of its
-- out-of-hours contact), and has ended when `ended_at` is set. `detail` holds numbers and days.
CREATE TABLE source_finding (
    finding_id uuid PRIMARY KEY,
    publisher text NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL,
    opened_at timestamptz NOT NULL,
    duty_id uuid NOT NULL,
    copy_id uuid,
    ended_at timestamptz,
    ended_because text
);

CREATE UNIQUE INDEX source_finding_open ON source_finding (publisher, kind)
WHERE ended_at IS NULL;

-- Numbers that a source left out, when they had been missing for too long. What arrives later ends
-- the row; of a run that is filled in part the rest is a new row. `settled_at` is when a named person
-- had answered for it: it is missing still, and nobody is told again. So with counts and logs.
CREATE TABLE source_gap (
    gap_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    publisher text NOT NULL,
    first_number bigint NOT NULL,
    last_number bigint NOT NULL,
    noted_at timestamptz NOT NULL,
    ended_at timestamptz,
    settled_at timestamptz
);

CREATE INDEX source_gap_open ON source_gap (publisher, first_number) WHERE ended_at IS NULL;

-- Messages that Kafka deleted before any router had read them.
CREATE TABLE source_log_gap (
    topic text NOT NULL,
    partition integer NOT NULL,
    from_offset bigint NOT NULL,
    to_offset bigint NOT NULL,
    publisher text NOT NULL,
    noted_at timestamptz NOT NULL,
    settled_at timestamptz,
    PRIMARY KEY (topic, partition, from_offset)
);

-- Synthetic messages that go the whole way, one a source and hour. The id cannot be guessed, and is
-- here before it is sent: what says that it is a probe and is not here is a forgery.
CREATE TABLE source_probe (
    probe_id uuid PRIMARY KEY,
    publisher text NOT NULL,
    hour timestamptz NOT NULL,
    asked_at timestamptz NOT NULL,
    sent_at timestamptz,
    arrived_at timestamptz,
    returned_at timestamptz,
    UNIQUE (publisher, hour)
);

CREATE INDEX source_probe_under_way ON source_probe (publisher, hour) WHERE returned_at IS NULL;
