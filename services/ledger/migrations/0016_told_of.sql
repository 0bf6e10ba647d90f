-- What kind of event a duty stems from, beside the duty: pathways are counted from duties alone.

-- Neither ever changes. The source is null where the notice hides it, and both are null of duties that
-- an older release recorded: of those the event is asked.
ALTER TABLE duty
ADD COLUMN event_source text,
ADD COLUMN event_type text;
