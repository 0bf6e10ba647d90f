-- What was missed, and how it is found among a million duties that were not.

-- Open duties, and those that ended late, in the order in which things happened. Everything that
-- can have been missed is in one of the two, however large the ledger grows. Their conditions do not
-- name `state`, so that a step forward touches no index.
CREATE INDEX duty_open_by_occurrence_time ON duty ((coalesce(occurred_at, owed_at)), duty_id)
WHERE ended_at IS NULL AND kind <> 'escalate';

CREATE INDEX duty_ended_late ON duty ((coalesce(occurred_at, owed_at)), duty_id)
WHERE
ended_at IS NOT NULL
AND kind <> 'escalate'
AND (late OR ended_at > least(respond_by, act_by));

CREATE INDEX duty_by_dead_letter ON duty (dead_letter_id) WHERE dead_letter_id IS NOT NULL;

-- Decisions in which no rule fired for a person of concern (routing_rules.concern), in the same
-- order. `occurred_at` is when it happened, as the decision understood it.
ALTER TABLE decision ADD COLUMN occurred_at timestamptz;

UPDATE decision
SET occurred_at = (
    SELECT occurrence.occurred_at
    FROM occurrence
    WHERE occurrence.occurrence_id = decision.occurrence_id
);

CREATE INDEX decision_without_rule ON decision (occurred_at, occurrence_id)
WHERE nobody @> '[{"because": "no rule applies, though somebody should be told"}]';

-- Every duty with the one cause for which it was missed as at a time, or null: docs/missed.md is
-- the definition, in words. Being one plain SELECT it becomes part of the query that asks it.
-- `service` is the service that should have been told; `awaits` is what is missing still; `due` is
-- by when it should have been answered.
CREATE FUNCTION judged_duties(as_at timestamptz)
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

-- People of concern for whom no rule fired when their occurrence was last decided, once each; not
-- those about whom an earlier decision told somebody.
CREATE FUNCTION people_without_rule()
RETURNS TABLE (
    row_id uuid,
    occurrence_id uuid,
    person_key text,
    person text,
    district text,
    because text,
    occurred_at timestamptz,
    decided_at timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        md5(dec.decision_no || ':' || human.ref)::uuid,
        dec.occurrence_id,
        human.key,
        human.ref,
        human.district,
        'no rule applies, though somebody should be told',
        dec.occurred_at,
        dec.decided_at
    FROM decision AS dec
    CROSS JOIN LATERAL (
        SELECT
            fact.person ->> 'key' AS key,
            min(fact.person ->> 'ref') AS ref,
            min(fact.person ->> 'district') AS district
        FROM jsonb_array_elements(dec.nobody) AS said (nobody)
        INNER JOIN jsonb_array_elements(dec.facts -> 'people') AS fact (person)
            ON said.nobody ->> 'about' = fact.person ->> 'ref'
        WHERE said.nobody ->> 'because' = 'no rule applies, though somebody should be told'
        GROUP BY fact.person ->> 'key'
    ) AS human
    WHERE
        dec.nobody @> '[{"because": "no rule applies, though somebody should be told"}]'
        AND NOT EXISTS (
            SELECT 1
            FROM decision AS later
            WHERE later.occurrence_id = dec.occurrence_id AND later.decision_no > dec.decision_no
        )
        AND NOT EXISTS (
            SELECT 1
            FROM duty AS told
            WHERE
                told.occurrence_id = dec.occurrence_id
                AND told.person_key = human.key
                AND told.state <> 'withdrawn'
        )
$$;

-- Where a source left something out, or said nothing: nobody knows whom it would have been about. A
-- gap that was filled or explained is over; a silence stays, since what was not said is not known.
CREATE FUNCTION source_misses()
RETURNS TABLE (
    row_id uuid,
    duty_id uuid,
    publisher text,
    family text,
    recipient text,
    because text,
    occurred_at timestamptz,
    ended_at timestamptz,
    cause text
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        f.finding_id,
        f.duty_id,
        f.publisher,
        (
            SELECT substring(so.topic FROM '[.]events[.]([^.]+)[.]')
            FROM source_offset AS so
            WHERE right(so.topic, length(f.publisher) + 1) = '.' || f.publisher
            LIMIT 1
        ),
        held.recipient,
        f.kind,
        f.opened_at,
        f.ended_at,
        CASE WHEN f.kind IN ('silent', 'sudden_fall') THEN 'source_silent' ELSE 'source_gap' END
    FROM source_finding AS f
    LEFT JOIN duty AS held ON f.duty_id = held.duty_id
    WHERE
        f.kind IN ('silent', 'sudden_fall')
        OR (f.kind IN ('sequence_gap', 'daily_count_differs', 'log_gap') AND f.ended_at IS NULL)
$$;
