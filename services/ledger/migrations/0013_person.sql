-- The person page: how somebody is found by name and date of birth, and who is looking at whom.

-- By the dates of birth that an event tells of, of everybody in it.
CREATE INDEX event_by_birth_date ON event
USING gin (jsonb_path_query_array(data, '$.**.date_of_birth'));

-- Whom somebody found and is looking at: an address that tells nobody anything, for one session and
-- for a short time. Rows are deleted when they have ended; who looked at what, and why, stands in
-- console_view. Either `nhs_number` is given, or `occurrence_id` and `ref`.
CREATE TABLE person_look (
    look_id uuid PRIMARY KEY,
    session_hash bytea NOT NULL,
    nhs_number text,
    occurrence_id uuid,
    ref text,
    reason text NOT NULL,
    begun_at timestamptz NOT NULL,
    CHECK ((nhs_number IS NULL) <> (occurrence_id IS NULL OR ref IS NULL))
);

CREATE INDEX person_look_by_time ON person_look (begun_at);
