-- Bookings are told as well as registered; lists and digests that are made by the clock; and gaps in
-- what is commissioned that have a standing handler.

-- Up to which event those of a type were read for the register alone: they have no decision, and need
-- none.
CREATE TABLE routed_since (
    event_type text PRIMARY KEY,
    event_no bigint NOT NULL
);

INSERT INTO routed_since (event_type, event_no)
SELECT
    'fieldfare.maternity.booking.v1',
    coalesce(max(event_no), 0)
FROM event;

-- What the watch sends by the clock (routing_rules.by_the_clock): each once for its recipient and the
-- time at which it was due, however many watches run. `covers_from` is where the first list began.
CREATE TABLE clock_notice (
    name text NOT NULL,
    recipient text NOT NULL,
    due_at timestamptz NOT NULL,
    covers_from timestamptz NOT NULL,
    made_at timestamptz NOT NULL,
    late boolean NOT NULL,
    duty_id uuid NOT NULL,
    PRIMARY KEY (name, recipient, due_at)
);

-- Which notices have stood in a daily list, each revision once: by the duty and not by time, so that
-- what was committed while a list was made stands in the next.
CREATE TABLE listed (
    duty_id uuid NOT NULL,
    revision integer NOT NULL,
    list_id uuid NOT NULL,
    PRIMARY KEY (duty_id, revision)
);

CREATE INDEX duty_of_paediatric_liaison ON duty (recipient, owed_at)
WHERE service = 'paediatric-liaison' AND kind <> 'escalate';

-- Gaps of a week, for the digest.
CREATE INDEX duty_unplaced_by_time ON duty (owed_at) WHERE unplaced IS NOT NULL;

-- As before, but for who is awaited where a gap in what is commissioned has a standing handler.
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
