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

-- Whether something that stood before was not owed any more by this decision, so that what was
-- withdrawn may rest on more than its facts; null of decisions that an older release made. A replay
-- makes those again that may rest on more.
ALTER TABLE decision ADD COLUMN leaves_out boolean;

-- As in 0008, and what was told late by such an order has a cause of its own.
CREATE OR REPLACE FUNCTION judged_duties(as_at timestamptz)
RETURNS TABLE (
    duty_id uuid,
    occurrence_id uuid,
    dead_letter_id uuid,
    person_key text,
    person text,
    service text,
    recipient text,
    district text,
    because text,
    occurred_at timestamptz,
    owed_at timestamptz,
    respond_by timestamptz,
    act_by timestamptz,
    due timestamptz,
    late boolean,
    refused_at timestamptz,
    state text,
    ended_at timestamptz,
    awaits text,
    cause text
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        d.duty_id,
        d.occurrence_id,
        d.dead_letter_id,
        d.person_key,
        d.about ->> 'ref',
        coalesce(d.instead_of, d.service),
        d.recipient,
        d.district,
        d.because,
        coalesce(d.occurred_at, d.owed_at),
        d.owed_at,
        d.respond_by,
        d.act_by,
        -- an action's own date, once the rest was answered in time
        CASE
            WHEN
                d.asks ? 'act'
                AND d.act_by IS NOT NULL
                AND (
                    NOT d.asks ? 'acknowledge'
                    OR coalesce(d.acknowledged_at, d.recorded_at, d.done_at) <= d.respond_by
                )
                AND (
                    NOT d.asks ? 'record' OR coalesce(d.recorded_at, d.done_at) <= d.respond_by
                )
                THEN d.act_by
            ELSE d.respond_by
        END,
        d.late,
        d.refused_at,
        d.state,
        d.ended_at,
        CASE
            WHEN d.ended_at IS NOT NULL THEN 'nothing'
            WHEN d.unplaced = 'commissioning_gap' THEN 'standing_handler'
            WHEN d.dead_letter_id IS NOT NULL OR d.unplaced IS NOT NULL THEN 'mash'
            WHEN d.refused_at IS NOT NULL THEN 'lead'
            WHEN
                coalesce(d.sent_at, d.received_at, d.acknowledged_at, d.recorded_at, d.done_at)
                IS NULL
                THEN 'sending'
            WHEN
                d.asks ? 'acknowledge'
                AND coalesce(d.acknowledged_at, d.recorded_at, d.done_at) IS NULL
                THEN 'acknowledgement'
            WHEN d.asks ? 'record' AND coalesce(d.recorded_at, d.done_at) IS NULL THEN 'recording'
            WHEN d.asks ? 'act' AND d.done_at IS NULL THEN 'action'
            ELSE 'nothing'
        END,
        CASE
            -- it ended well: in time, or late
            WHEN d.ended_at IS NOT NULL AND d.state <> 'closed' THEN
                CASE
                    WHEN d.late AND d.issue_id IS NOT NULL THEN 'replayed'
                    WHEN d.late AND d.learned_later THEN 'learned_later'
                    WHEN
                        d.late
                        OR d.sent_at > d.respond_by
                        OR (
                            d.asks ? 'acknowledge'
                            AND coalesce(d.acknowledged_at, d.recorded_at, d.done_at) > d.respond_by
                        )
                        OR (
                            d.asks ? 'record'
                            AND coalesce(d.recorded_at, d.done_at) > d.respond_by
                        )
                        OR (d.asks ? 'act' AND d.done_at > coalesce(d.act_by, d.respond_by))
                        THEN 'late'
                END
            -- a named person closed it in time
            WHEN d.ended_at <= least(d.respond_by, d.act_by) THEN NULL
            -- it did not reach the service
            WHEN d.dead_letter_id IS NOT NULL THEN 'dead_letter'
            WHEN d.unplaced IS NOT NULL THEN d.unplaced
            WHEN d.refused_at IS NOT NULL THEN 'refused'
            WHEN
                least(d.respond_by, d.act_by) < coalesce(d.ended_at, as_at)
                AND coalesce(
                    d.sent_at, d.received_at, d.acknowledged_at, d.recorded_at, d.done_at
                ) IS NULL
                THEN 'not_sent'
            -- it reached it too late
            WHEN d.late AND d.issue_id IS NOT NULL THEN 'replayed'
            WHEN d.late AND d.learned_later THEN 'learned_later'
            WHEN d.late OR d.sent_at > d.respond_by THEN 'late'
            -- it has it, and has not answered
            WHEN
                d.asks ? 'acknowledge'
                AND coalesce(d.acknowledged_at, d.recorded_at, d.done_at) IS NULL
                AND d.respond_by < coalesce(d.ended_at, as_at)
                THEN 'not_acknowledged'
            WHEN
                d.asks ? 'record'
                AND coalesce(d.recorded_at, d.done_at) IS NULL
                AND d.respond_by < coalesce(d.ended_at, as_at)
                THEN 'not_recorded'
            WHEN
                d.asks ? 'act'
                AND d.done_at IS NULL
                AND coalesce(d.act_by, d.respond_by) < coalesce(d.ended_at, as_at)
                THEN 'not_done'
        END
    FROM duty AS d
    WHERE d.kind <> 'escalate' AND d.state <> 'withdrawn'
$$;
