-- The ledger: what arrived, what was decided, what is owed, and what goes out.
-- Everything about one batch of events is written in one transaction.

-- Where the router goes on reading, moved by compare-and-set. It outranks Kafka's own offsets.
CREATE TABLE source_offset (
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);

-- Every rulebook that has decided anything, by the hash of its content.
CREATE TABLE rulebook (
    content_hash text PRIMARY KEY,
    name text NOT NULL,
    files jsonb NOT NULL,
    first_used_at timestamptz NOT NULL
);

-- Rows of a few kilobytes stay whole: compressing each would cost a third of the speed
-- (`toast_tuple_target` below).

-- What happened, as it arrived (body, headers) and as it was understood (data).
CREATE TABLE event (
    event_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    published_at timestamptz NOT NULL,
    sequence text,
    occurrence_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    data jsonb NOT NULL,
    warnings jsonb NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    log_offset bigint NOT NULL,
    received_at timestamptz NOT NULL,
    UNIQUE (source, id)
) WITH (toast_tuple_target = 8160);

CREATE INDEX event_by_occurrence ON event (occurrence_id);

-- The thing that happened, which several events may report. `person_keys` maps each ref to the
-- key that names the person in this occurrence for ever.
CREATE TABLE occurrence (
    occurrence_id uuid PRIMARY KEY,
    occurrence_key text NOT NULL,
    type text NOT NULL,
    occurred_at timestamptz NOT NULL,
    is_cancelled boolean NOT NULL,
    person_keys jsonb NOT NULL
);

-- What routing one event concluded, with the facts used, so that it can be replayed.
CREATE TABLE decision (
    decision_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurrence_id uuid NOT NULL,
    source text NOT NULL,
    event_id text NOT NULL,
    decided_at timestamptz NOT NULL,
    rulebook_hash text NOT NULL,
    facts jsonb NOT NULL,
    nobody jsonb NOT NULL
) WITH (toast_tuple_target = 8160);

CREATE INDEX decision_by_occurrence ON decision (occurrence_id);

-- Somebody must be told about one person because of one occurrence, by a time.
CREATE TABLE duty (
    duty_id uuid PRIMARY KEY,
    occurrence_id uuid,
    dead_letter_id uuid,
    person_key text NOT NULL,
    about jsonb,
    service text NOT NULL,
    recipient text NOT NULL,
    organisation text NOT NULL,
    kind text NOT NULL,
    instead_of text,
    because text,
    urgency text NOT NULL,
    respond_by timestamptz NOT NULL,
    asks jsonb NOT NULL,
    reasons jsonb NOT NULL,
    late boolean NOT NULL,
    episode integer NOT NULL,
    revision integer NOT NULL,
    fingerprint bytea NOT NULL,
    notification_id uuid NOT NULL,
    state text NOT NULL,
    owed_at timestamptz NOT NULL
);

CREATE INDEX duty_by_occurrence ON duty (occurrence_id);
CREATE INDEX duty_open_by_respond_by ON duty (respond_by)
WHERE state IN ('owed', 'sent', 'received', 'acknowledged');

-- Every change of a duty, appended: who, when, why.
CREATE TABLE duty_change (
    change_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    duty_id uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    state text NOT NULL,
    revision integer NOT NULL,
    why text NOT NULL
);

CREATE INDEX duty_change_by_duty ON duty_change (duty_id);

-- What could not be read. `body` is null where not even the body may be kept.
CREATE TABLE dead_letter (
    dead_letter_id uuid PRIMARY KEY,
    topic text NOT NULL,
    partition integer NOT NULL,
    log_offset bigint NOT NULL,
    source text,
    event_id text,
    field text NOT NULL,
    reason text NOT NULL,
    sha256 bytea NOT NULL,
    headers jsonb,
    body bytea,
    received_at timestamptz NOT NULL
);

-- What goes out: notifications, replies to publishers and dead-letter notes. A lane is one
-- partition of one topic. `message_key` is the Kafka key: the recipient for notifications, the event
-- id for replies. `body` is a JSON object without `recipient_sequence`, which the relay adds when it
-- numbers the row. A row withdrawn before it has a number gets none.
CREATE TABLE outbox (
    outbox_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid NOT NULL UNIQUE,
    topic text NOT NULL,
    partition integer NOT NULL,
    recipient text NOT NULL,
    message_key text NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    duty_id uuid,
    recipient_sequence bigint,
    withdrawn_at timestamptz,
    published_at timestamptz,
    published_offset bigint,
    CHECK (withdrawn_at IS NULL OR recipient_sequence IS NULL)
) WITH (toast_tuple_target = 8160);

CREATE INDEX outbox_open ON outbox (topic, partition, outbox_no)
WHERE published_at IS NULL AND withdrawn_at IS NULL;

CREATE UNIQUE INDEX outbox_by_number ON outbox (recipient, topic, recipient_sequence)
WHERE recipient_sequence IS NOT NULL;

-- Gap-free numbers: one counter a recipient and topic.
CREATE TABLE recipient_counter (
    topic text NOT NULL,
    recipient text NOT NULL,
    last_sequence bigint NOT NULL,
    PRIMARY KEY (topic, recipient)
);

-- Who publishes to a lane, until when (the server's own clock), and how far its log is confirmed.
CREATE TABLE lane (
    topic text NOT NULL,
    partition integer NOT NULL,
    owner text,
    expires_at timestamptz,
    confirmed_offset bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, partition)
);
