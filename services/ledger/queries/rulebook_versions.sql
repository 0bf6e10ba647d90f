-- name: lock_rulebooks
-- description: One at a time proposes, signs, rejects or makes live: whoever is second sees what the
-- first did. Held to the transaction's end; nothing that routes waits for it.
SELECT pg_advisory_xact_lock(hashtextextended('fieldfare rulebooks', 0));

-- name: live_activation
-- description: What is live at $1: the last order whose time has come.
SELECT
    activation_no,
    content_hash
FROM rulebook_activation
WHERE live_from IS NULL OR live_from <= $1
ORDER BY activation_no DESC
LIMIT 1;

-- name: activations
-- description: Every order of what is to be live, the first one first.
SELECT
    activation_no, content_hash, kind, proposal_no, live_from, ordered_at, ordered_by, role, why
FROM rulebook_activation
ORDER BY activation_no;

-- name: proposals
-- description: Every proposal with what was signed of it, the first one first.
SELECT
    proposal.proposal_no, proposal.content_hash, proposal.compared_with, proposal.live_from,
    proposal.passed, proposal.outcome, proposal.proposed_at, proposal.proposed_by, proposal.role,
    proposal.why,
    coalesce(
        (
            SELECT
                jsonb_object_agg(
                    signature.step,
                    jsonb_build_object(
                        'at', signature.signed_at,
                        'by', signature.signed_by,
                        'role', signature.role,
                        'why', signature.why
                    )
                )
            FROM rulebook_signature AS signature
            WHERE signature.proposal_no = proposal.proposal_no
        ),
        '{}'
    ) AS signatures
FROM rulebook_proposal AS proposal
ORDER BY proposal.proposal_no;

-- name: rulebook_names
-- description: The names of all rulebooks that are kept, by hash.
SELECT
    content_hash,
    name
FROM rulebook
ORDER BY first_used_at, content_hash;

-- name: insert_proposal
-- description: Somebody wants a rulebook to go live.
INSERT INTO rulebook_proposal (
    content_hash, compared_with, live_from, passed, outcome, proposed_at, proposed_by, role, why
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING proposal_no;

-- name: insert_signature
-- description: Somebody signs, countersigns or rejects a proposal.
INSERT INTO rulebook_signature (
    proposal_no, step, outcome, signed_at, signed_by, person, role, why
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: insert_activation
-- description: A rulebook is to be live.
INSERT INTO rulebook_activation (
    content_hash, kind, proposal_no, live_from, ordered_at, ordered_by, role, why
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: note_unfit
-- description: A process cannot load what is live, and goes on with what it had.
INSERT INTO rulebook_unfit AS unfit (
    activation_no, process, release, problem, first_seen_at, last_seen_at
)
VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (activation_no, process, release) DO UPDATE
SET problem = excluded.problem, last_seen_at = greatest(unfit.last_seen_at, excluded.last_seen_at);

-- name: unfit_since
-- description: Which processes could not load what is live, since a time.
SELECT
    process, release, problem, first_seen_at, last_seen_at
FROM rulebook_unfit
WHERE activation_no = $1 AND last_seen_at >= $2
ORDER BY process, release;

-- name: claim_watching
-- description: Whether this watch is the first to look at what climbs under a rulebook that went live.
INSERT INTO rulebook_watched (activation_no, watched_at)
VALUES ($1, $2)
ON CONFLICT (activation_no) DO NOTHING
RETURNING activation_no;

-- name: look_again_at_what_climbs
-- description: Duties that have been chased are looked at now: the ladder that is live may be another.
UPDATE duty
SET look_at = $1
WHERE
    ended_at IS NULL
    AND look_at > $1
    AND EXISTS (SELECT 1 FROM escalation WHERE escalation.duty_id = duty.duty_id);
