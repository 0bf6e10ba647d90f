-- What will be overdue, read from one index: the forecast visits no duty but those that it shows.

-- From when what a duty awaits is overdue (routing_rules/awaited.py says the same); null where all
-- that it asks was answered. It is a column so that a step which answers nothing, such as `sent`,
-- changes no index: an expression over `state` in the index itself would.
-- The table is rewritten once, while nothing else runs.
-- squawk-ignore adding-field-with-default
ALTER TABLE duty ADD COLUMN overdue_from timestamptz GENERATED ALWAYS AS (
    coalesce(
        refused_at,
        least(
            CASE
                WHEN asks ? 'acknowledge' AND state NOT IN ('acknowledged', 'recorded', 'done')
                    THEN respond_by
            END,
            CASE WHEN asks ? 'record' AND state NOT IN ('recorded', 'done') THEN respond_by END,
            CASE WHEN asks ? 'act' AND state <> 'done' THEN coalesce(act_by, respond_by) END
        )
    )
) STORED;

CREATE INDEX duty_open_by_overdue_from ON duty (overdue_from, duty_id)
INCLUDE (service, recipient)
WHERE ended_at IS NULL AND overdue_from IS NOT NULL;

-- The forecast was its only reader.
DROP INDEX duty_open_by_act_by;

-- Steps that were taken while a clock was ahead are found when it has been put right.
CREATE INDEX escalation_by_time ON escalation (escalated_at);
