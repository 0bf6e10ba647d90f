-- The console: who is signed in, who has seen and done what, and what its pages are read by.

-- A sign-in that was begun: what the identity provider must send back. Only the hash of the state
-- is kept, so that whoever reads this table cannot go on with somebody's sign-in.
CREATE TABLE console_sign_in (
    state_hash bytea PRIMARY KEY,
    nonce text NOT NULL,
    verifier text NOT NULL,
    return_to text NOT NULL,
    begun_at timestamptz NOT NULL
);

CREATE INDEX console_sign_in_by_time ON console_sign_in (begun_at);

-- Who is signed in. Only the hash of the cookie is kept. `roles` and `recipients` are what the
-- identity provider said when the session began. `used_at` is moved by every page but the live ones.
CREATE TABLE console_session (
    session_hash bytea PRIMARY KEY,
    subject text NOT NULL,
    name text NOT NULL,
    roles text [] NOT NULL,
    recipients text [] NOT NULL,
    begun_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    ended_at timestamptz
);

CREATE INDEX console_session_by_time ON console_session (used_at);

-- Who saw and did what, appended only. `things` are ids of what was shown or changed, never copies
-- of it; `reason` is why, in the person's own words where they were asked for one.
CREATE TABLE console_view (
    view_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    viewed_at timestamptz NOT NULL,
    subject text NOT NULL,
    name text NOT NULL,
    roles text [] NOT NULL,
    what text NOT NULL,
    reason text,
    outcome text,
    things text [] NOT NULL,
    request_id uuid NOT NULL
);

CREATE INDEX console_view_by_thing ON console_view USING gin (things);
CREATE INDEX console_view_by_subject ON console_view (subject, view_no);

-- A record of who read what is worth nothing if it can be changed afterwards.
CREATE FUNCTION refuse_to_change_console_view() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'console_view is appended to and never changed';
END
$$;

CREATE TRIGGER console_view_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON console_view
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_console_view();

-- A team's open duties, the soonest due first. Its condition does not name `state`, so that a step
-- forward touches no index.
CREATE INDEX duty_open_by_recipient ON duty (recipient, respond_by, duty_id)
WHERE ended_at IS NULL;

-- What was owed and what arrived lately: both grow in the order of their times, so that a few pages
-- say where to look.
CREATE INDEX duty_by_owed_at ON duty USING brin (owed_at);
CREATE INDEX event_by_received_at ON event USING brin (received_at);
