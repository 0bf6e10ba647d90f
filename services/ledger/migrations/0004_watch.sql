-- What the watch has done about silence. Each step of each silence is taken once: the key says so,
-- whichever watch takes it.

-- `since` is when what is awaited (`unmet`) was due: the same silence goes on under an update, and
-- a later date of an action, or a refusal, is another. `notice_id` is the duty of whoever was told
-- (`recipient`), `copy_id` that of their out-of-hours contact. A step that was passed while no watch
-- ran has the notice of the step that was told in its place. `late`: taken long after `due_at`.
CREATE TABLE escalation (
    duty_id uuid NOT NULL,
    revision integer NOT NULL,
    since timestamptz NOT NULL,
    step integer NOT NULL,
    unmet text NOT NULL,
    told text NOT NULL,
    recipient text NOT NULL,
    due_at timestamptz NOT NULL,
    escalated_at timestamptz NOT NULL,
    late boolean NOT NULL,
    notice_id uuid NOT NULL,
    copy_id uuid,
    PRIMARY KEY (duty_id, since, step)
);

CREATE INDEX escalation_by_notice ON escalation (notice_id);
CREATE INDEX escalation_by_copy ON escalation (copy_id) WHERE copy_id IS NOT NULL;

-- What will be overdue has a date of its own, or the duty's.
CREATE INDEX duty_open_by_act_by ON duty (act_by) WHERE act_by IS NOT NULL AND ended_at IS NULL;
