-- Pathways, and exceptions that somebody has taken.

-- Where an event came from and what it was, beside its occurrence: pages that count by source read
-- this index and no event. It serves whatever the index before it did.
CREATE INDEX event_of_occurrence ON event (occurrence_id, event_no) INCLUDE (source, type);
DROP INDEX event_by_occurrence;

-- The last owed first, page by page. `owed_at` never changes.
CREATE INDEX duty_by_owed_time ON duty (owed_at, duty_id) WHERE kind <> 'escalate';

-- What waits for MASH because it has no recipient or could not be read, the soonest due first.
CREATE INDEX duty_open_with_mash ON duty (respond_by, duty_id)
WHERE ended_at IS NULL AND (kind = 'exception' OR dead_letter_id IS NOT NULL);

-- Who has taken a duty upon themselves, and who has given it back: appended only, and the last row of
-- a duty says how it stands. It moves no clock: an exception that somebody has taken is chased as
-- before.
CREATE TABLE duty_taking (
    taking_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    duty_id uuid NOT NULL,
    is_taken boolean NOT NULL,
    subject text NOT NULL,
    name text NOT NULL,
    taken_at timestamptz NOT NULL
);

CREATE INDEX duty_taking_by_duty ON duty_taking (duty_id, taking_no);

CREATE TRIGGER duty_taking_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON duty_taking
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
