-- Late notices that a named person had issued, because a replay of a rulebook found that they should
-- have been told.

-- One row an order: whoever gives the same order again, goes on with it. The period is when things
-- happened, from `since` to just before `until`.
CREATE TABLE replay_issue (
    issue_id uuid PRIMARY KEY,
    rulebook_hash text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    issued_by text NOT NULL,
    why text NOT NULL,
    issued_at timestamptz NOT NULL
);

-- By which order a duty was first owed; null of all that a router owed. What a named person has had
-- issued by another rulebook than the router's, the router does not take for unfounded.
ALTER TABLE duty ADD COLUMN issue_id uuid;
