-- Governance: a rulebook goes live only when it was checked, tested and proved, and two people have
-- signed it. What stands here stays as it is: triggers refuse every change.

COMMENT ON TABLE rulebook IS
'Every rulebook that was proposed or has decided anything, whole, by the hash of its content. '
'`first_used_at` is when it was first kept.';

-- Somebody wants a rulebook to go live. `outcome` is what came of checking, testing and proving it;
-- unless it `passed`, nobody can sign it. `compared_with` was live then: it is what the change is a
-- change of. Without `live_from` it is to go live at once when it is countersigned.
CREATE TABLE rulebook_proposal (
    proposal_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    content_hash text NOT NULL REFERENCES rulebook (content_hash),
    compared_with text REFERENCES rulebook (content_hash),
    live_from timestamptz,
    passed boolean NOT NULL,
    outcome jsonb NOT NULL,
    proposed_at timestamptz NOT NULL,
    proposed_by text NOT NULL,
    role text NOT NULL,
    why text NOT NULL
);

CREATE INDEX rulebook_proposal_by_content ON rulebook_proposal (content_hash);

-- What was said of a proposal, each step once. `person` is the name as names are compared: who has
-- signed cannot countersign. `outcome` is that of the day on which a countersigned one goes live.
CREATE TABLE rulebook_signature (
    proposal_no bigint NOT NULL REFERENCES rulebook_proposal (proposal_no),
    step text NOT NULL CHECK (step IN ('signed', 'countersigned', 'rejected')),
    outcome jsonb,
    signed_at timestamptz NOT NULL,
    signed_by text NOT NULL,
    person text NOT NULL,
    role text NOT NULL,
    why text NOT NULL,
    PRIMARY KEY (proposal_no, step)
);

CREATE UNIQUE INDEX rulebook_signature_by_two ON rulebook_signature (proposal_no, person)
WHERE step <> 'rejected';

-- What is live: the last row whose time has come. Without `live_from` that is at once, whatever the
-- clock of who ordered it said. A later order outranks an earlier one that is still to come.
CREATE TABLE rulebook_activation (
    activation_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    content_hash text NOT NULL REFERENCES rulebook (content_hash),
    kind text NOT NULL
    CHECK (kind IN ('countersigned', 'rolled_back', 'demonstration', 'adopted')),
    proposal_no bigint UNIQUE REFERENCES rulebook_proposal (proposal_no),
    live_from timestamptz CHECK (live_from > ordered_at),
    ordered_at timestamptz NOT NULL,
    ordered_by text NOT NULL,
    role text NOT NULL,
    why text NOT NULL,
    CHECK ((kind IN ('countersigned', 'demonstration')) = (proposal_no IS NOT NULL))
);

-- Processes that cannot load what is live, and go on with what they had: MASH is told.
CREATE TABLE rulebook_unfit (
    activation_no bigint NOT NULL REFERENCES rulebook_activation (activation_no),
    process text NOT NULL,
    release text NOT NULL,
    problem text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    PRIMARY KEY (activation_no, process, release)
);

-- Since when a watch has looked at all that climbs under what went live; once, whichever watch.
CREATE TABLE rulebook_watched (
    activation_no bigint PRIMARY KEY REFERENCES rulebook_activation (activation_no),
    watched_at timestamptz NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'what is on record in % stays as it is', TG_TABLE_NAME USING ERRCODE = '55000';
END
$$;

CREATE TRIGGER rulebook_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON rulebook
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER rulebook_proposal_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON rulebook_proposal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER rulebook_signature_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON rulebook_signature
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER rulebook_activation_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON rulebook_activation
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What an older release had in force stays so: what decided last, or else what was kept last.
INSERT INTO rulebook_activation (content_hash, kind, ordered_at, ordered_by, role, why)
SELECT
    kept.content_hash,
    'adopted',
    now(),
    'an earlier release',
    'none',
    'it was in force before rulebooks were signed'
FROM rulebook AS kept
ORDER BY
    kept.content_hash = (
        SELECT decision.rulebook_hash
        FROM decision
        ORDER BY decision.decision_no DESC
        LIMIT 1
    ) DESC NULLS LAST,
    kept.first_used_at DESC
LIMIT 1;

-- When a silence's own clock began, whichever rulebook is live: `since` is worked out of it once,
-- and stays so for all of its steps when another rulebook goes live.
ALTER TABLE escalation ADD COLUMN begun_at timestamptz;

UPDATE escalation
SET begun_at = CASE
    WHEN
        escalation.since IN (duty.respond_by, duty.act_by, duty.refused_at)
        OR duty.owed_at > escalation.since
        OR escalation.unmet = 'refused'
        THEN escalation.since
    ELSE duty.owed_at
END
FROM duty
WHERE duty.duty_id = escalation.duty_id;
