-- What recipients answer, and what the ledger needs to chase those who do not.

-- A duty is open while `ended_at` is null: it has not ended well (all that it asks was answered; what
-- asks nothing was received), was not withdrawn and not closed by a named person. The times of the
-- steps are of the current revision, on the ledger's clock; an update that asks again clears them.
-- `act_by` is when what is asked must be done, where that has a date of its own. `look_at` is when
-- the duty must be looked at next because nobody may have answered; null where nothing is asked or
-- all is answered. `district` is the home district (ONS code) of the person, null where not known.
-- `occurred_at` is when it happened, as the last notice tells it. `learned_later` says that it was
-- owed, or last changed, because of what the register learned after its time. `unplaced` says of an
-- exception why the service that it stands for could not be told (routing_rules.unplaced).
ALTER TABLE duty
ADD COLUMN sent_at timestamptz,
ADD COLUMN received_at timestamptz,
ADD COLUMN acknowledged_at timestamptz,
ADD COLUMN recorded_at timestamptz,
ADD COLUMN done_at timestamptz,
ADD COLUMN refused_at timestamptz,
ADD COLUMN ended_at timestamptz,
ADD COLUMN act_by timestamptz,
ADD COLUMN look_at timestamptz,
ADD COLUMN district text,
ADD COLUMN occurred_at timestamptz,
ADD COLUMN learned_later boolean NOT NULL DEFAULT FALSE,
ADD COLUMN unplaced text;

DROP INDEX duty_open_by_respond_by;
CREATE INDEX duty_open_by_respond_by ON duty (respond_by) WHERE ended_at IS NULL;
CREATE INDEX duty_to_look_at ON duty (look_at) WHERE look_at IS NOT NULL AND ended_at IS NULL;

-- A receipt may answer an earlier revision: every notification of a duty finds it.
CREATE TABLE notification (
    notification_id uuid PRIMARY KEY,
    duty_id uuid NOT NULL,
    revision integer NOT NULL
);

CREATE INDEX notification_by_duty ON notification (duty_id);

-- Everything that recipients have said, whether it moved a duty or not (`verdict` says).
CREATE TABLE receipt (
    receipt_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    id text NOT NULL,
    sha256 bytea NOT NULL,
    notification_id uuid NOT NULL,
    duty_id uuid,
    organisation text NOT NULL,
    status text NOT NULL,
    said_at timestamptz NOT NULL,
    said_by text,
    outcome text,
    note text,
    suggested_recipient text,
    verdict text NOT NULL,
    topic text,
    partition integer,
    log_offset bigint,
    received_at timestamptz NOT NULL,
    UNIQUE (organisation, source, id)
);

CREATE INDEX receipt_by_duty ON receipt (duty_id);

-- A recipient returned a duty as not theirs, or a named person handed it over (`is_by_hand`). It
-- is part of the case: whoever is told of this service and person is found with it ever after.
CREATE TABLE duty_return (
    return_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurrence_id uuid NOT NULL,
    person_key text NOT NULL,
    service text NOT NULL,
    recipient text NOT NULL,
    to_recipient text,
    is_by_hand boolean NOT NULL,
    duty_id uuid NOT NULL,
    returned_by text NOT NULL,
    returned_at timestamptz NOT NULL
);

CREATE INDEX duty_return_by_occurrence ON duty_return (occurrence_id);

-- A named person traced who somebody in an occurrence is. Also part of the case.
CREATE TABLE identification (
    identification_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurrence_id uuid NOT NULL,
    ref text NOT NULL,
    nhs_number text NOT NULL,
    date_of_birth date NOT NULL,
    identified_by text NOT NULL,
    why text,
    identified_at timestamptz NOT NULL
);

CREATE INDEX identification_by_occurrence ON identification (occurrence_id);

-- A dead letter that was read again after something was put right: when, by whom and why.
ALTER TABLE dead_letter
ADD COLUMN processed_at timestamptz,
ADD COLUMN processed_by text,
ADD COLUMN processed_why text;

-- What an older ledger holds already.
INSERT INTO notification (notification_id, duty_id, revision)
SELECT
    message_id,
    duty_id,
    row_number() OVER (PARTITION BY duty_id ORDER BY outbox_no)
FROM outbox
WHERE duty_id IS NOT NULL;

UPDATE duty
SET
    sent_at = (
        SELECT min(duty_change.changed_at)
        FROM duty_change
        WHERE duty_change.duty_id = duty.duty_id AND duty_change.state = 'sent'
    ),
    ended_at = CASE
        WHEN state = 'withdrawn' THEN (
            SELECT max(duty_change.changed_at)
            FROM duty_change
            WHERE duty_change.duty_id = duty.duty_id
        )
    END,
    look_at = CASE
        WHEN state <> 'withdrawn' AND jsonb_array_length(asks) > 0 THEN respond_by
    END,
    occurred_at = (
        SELECT occurrence.occurred_at
        FROM occurrence
        WHERE occurrence.occurrence_id = duty.occurrence_id
    ),
    learned_later = EXISTS (
        SELECT 1
        FROM duty_change
        WHERE duty_change.duty_id = duty.duty_id AND duty_change.why = 'learned later'
    ),
    unplaced = CASE WHEN instead_of IS NOT NULL THEN 'no_recipient' END;
