-- What recipients answer, and what the ledger needs to chase those who do not.

-- A duty is open while `ended_at` is null: it has not ended well (all that it asks was answered; what
-- asks nothing was received), was not withdrawn and not closed by a named person. The times of the
-- steps are of the current revision, on the ledger's clock; an update that asks again clears them.
-- `act_by` is when what is asked must be done, where that has a date of its own. `look_at` is when
-- the duty must be looked at next because nobody may have answered; null where nothing is asked or
-- all is answered. `district` is the home district (ONS code) of the person, null where not known.
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
ADD COLUMN district text;

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
    UNIQUE (source, id)
);

CREATE INDEX receipt_by_duty ON receipt (duty_id);
