-- name: update_duties
-- description: What known duties have become; parts that are null stay as they are (a withdrawal
-- changes only the state).
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
    state = become.state
FROM unnest(
    $1::uuid[], $2::jsonb[], $3::text[], $4::text[], $5::timestamptz[], $6::jsonb[], $7::jsonb[],
    $8::boolean[], $9::integer[], $10::bytea[], $11::uuid[], $12::text[]
) AS become (
    duty_id, about, because, urgency, respond_by, asks, reasons,
    late, revision, fingerprint, notification_id, state
)
WHERE duty.duty_id = become.duty_id;
