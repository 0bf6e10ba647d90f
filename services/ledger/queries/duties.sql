-- name: update_duties
-- description: What known duties have become. With `asks` a duty asks again: no step of the new
-- revision has been taken. Without, it is withdrawn, and what was told and taken stays.
UPDATE duty
SET
    about = coalesce(become.about, duty.about),
    because = coalesce(become.because, duty.because),
    urgency = become.urgency,
    respond_by = become.respond_by,
    asks = coalesce(become.asks, duty.asks),
    reasons = coalesce(become.reasons, duty.reasons),
    late = duty.late OR become.late,
    revision = become.revision,
    fingerprint = become.fingerprint,
    notification_id = become.notification_id,
    state = become.state,
    act_by = CASE WHEN become.asks IS NULL THEN duty.act_by ELSE become.act_by END,
    look_at = become.look_at,
    district = CASE WHEN become.asks IS NULL THEN duty.district ELSE become.district END,
    sent_at = CASE WHEN become.asks IS NULL THEN duty.sent_at END,
    received_at = CASE WHEN become.asks IS NULL THEN duty.received_at END,
    acknowledged_at = CASE WHEN become.asks IS NULL THEN duty.acknowledged_at END,
    recorded_at = CASE WHEN become.asks IS NULL THEN duty.recorded_at END,
    done_at = CASE WHEN become.asks IS NULL THEN duty.done_at END,
    refused_at = CASE WHEN become.asks IS NULL THEN duty.refused_at END,
    ended_at = coalesce(duty.ended_at, become.ended_at),
    occurred_at = become.occurred_at,
    learned_later = duty.learned_later OR become.learned_later,
    unplaced = CASE WHEN become.asks IS NULL THEN duty.unplaced ELSE become.unplaced END
FROM unnest(
    $1::uuid[], $2::jsonb[], $3::text[], $4::text[], $5::timestamptz[], $6::jsonb[], $7::jsonb[],
    $8::boolean[], $9::integer[], $10::bytea[], $11::uuid[], $12::text[],
    $13::timestamptz[], $14::timestamptz[], $15::text[], $16::timestamptz[],
    $17::timestamptz[], $18::boolean[], $19::text[]
) AS become (
    duty_id, about, because, urgency, respond_by, asks, reasons,
    late, revision, fingerprint, notification_id, state, act_by, look_at, district, ended_at,
    occurred_at, learned_later, unplaced
)
WHERE duty.duty_id = become.duty_id;
