-- The register and the history: what registrations, links, bookings and attendances have told, and
-- which occurrences must be decided again because something was learned later.

-- One row an event (an attendance and a firing: an occurrence), as routing_rules.known writes it.
CREATE TABLE register_row (
    kind text NOT NULL,
    name text NOT NULL,
    content jsonb NOT NULL,
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (kind, name)
);

-- What a row is found by: an NHS number, or a pregnancy.
CREATE TABLE register_label (
    label text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (label, kind, name)
);

-- From one end of a link or booking to the others.
CREATE INDEX register_label_by_row ON register_label (kind, name)
WHERE kind IN ('link', 'booking');

-- Who stood in which occurrence, so that what is learned of somebody finds what happened to them.
CREATE TABLE occurrence_person (
    nhs_number text NOT NULL,
    occurrence_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (nhs_number, occurrence_id)
);

CREATE INDEX occurrence_person_by_occurrence ON occurrence_person (occurrence_id);

-- Occurrences to be decided again, from when, and why. A row goes when it has been done.
CREATE TABLE reconsideration (
    occurrence_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    because text NOT NULL,
    PRIMARY KEY (occurrence_id, because)
);

CREATE INDEX reconsideration_by_time ON reconsideration (due_at);

-- A decision may follow from what was learned later, and not from an event.
ALTER TABLE decision ADD COLUMN because text;
