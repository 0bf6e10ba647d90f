-- name: events_by_type
-- description: How many events of each type have been taken in.
SELECT type, count(*) AS events FROM event GROUP BY type

-- name: latest_owed
-- description: The duties that were owed last ($1 of them), newest first, without anybody's identity.
SELECT
    change.changed_at,
    occurrence.type,
    duty.service,
    duty.recipient,
    duty.urgency,
    duty.kind
FROM duty_change AS change
INNER JOIN duty USING (duty_id)
LEFT JOIN occurrence USING (occurrence_id)
WHERE change.state = 'owed'
ORDER BY change.change_no DESC
LIMIT $1
