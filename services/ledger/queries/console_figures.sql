-- name: position_of_ledger
-- description: The last event and the last change of a duty, to tell whether anything is new.
SELECT
    (SELECT coalesce(max(event_no), 0) FROM event) AS event_no,
    (SELECT coalesce(max(change_no), 0) FROM duty_change) AS change_no;

-- name: open_duties_by_service
-- description: Open duties of each service as at $1, by what they wait for; escalations are left
-- out, since each belongs to a duty that is counted. Only what is open is read.
SELECT
    service,
    count(*) AS duties,
    count(*) FILTER (
        WHERE coalesce(sent_at, received_at, acknowledged_at, recorded_at, done_at) IS NULL
    ) AS not_sent,
    count(*) FILTER (
        WHERE
        coalesce(sent_at, received_at) IS NOT NULL
        AND coalesce(acknowledged_at, recorded_at, done_at) IS NULL
        AND refused_at IS NULL
    ) AS not_acknowledged,
    count(*) FILTER (
        WHERE coalesce(acknowledged_at, recorded_at, done_at) IS NOT NULL AND refused_at IS NULL
    ) AS acknowledged,
    count(*) FILTER (WHERE refused_at IS NOT NULL) AS refused,
    count(*) FILTER (WHERE overdue_from <= $1) AS overdue,
    count(*) FILTER (WHERE kind = 'exception' AND dead_letter_id IS NULL) AS exceptions,
    count(*) FILTER (WHERE dead_letter_id IS NOT NULL) AS dead_letters
FROM duty
WHERE ended_at IS NULL AND kind <> 'escalate'
GROUP BY service
ORDER BY overdue DESC, service;

-- name: duties_owed_since
-- description: Duties that were owed since $1: how many there are, and what became of them.
SELECT
    count(*) AS owed,
    count(*) FILTER (WHERE ended_at IS NULL) AS open,
    count(*) FILTER (WHERE coalesce(acknowledged_at, recorded_at, done_at) IS NOT NULL)
    AS answered,
    count(*) FILTER (WHERE state = 'closed') AS closed,
    count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn,
    count(*) FILTER (WHERE kind = 'exception') AS exceptions
FROM duty
WHERE owed_at >= $1 AND kind <> 'escalate';

-- name: arrivals_by_hour
-- description: What arrived from each source since $1, by the hour.
SELECT publisher, hour, received, unreadable
FROM source_hour
WHERE hour >= $1
ORDER BY hour, publisher;

-- name: latest_events
-- description: The last $1 events, newest first, with how many duties stand because of each.
SELECT
    event.event_no, event.source, event.id, event.type, event.published_at, event.received_at,
    event.occurrence_id,
    told.duties, told.exceptions
FROM (SELECT * FROM event ORDER BY event_no DESC LIMIT $1) AS event
CROSS JOIN LATERAL (
    SELECT
        count(*) FILTER (WHERE duty.state <> 'withdrawn') AS duties,
        count(*) FILTER (WHERE duty.kind = 'exception' AND duty.ended_at IS NULL) AS exceptions
    FROM duty
    WHERE duty.occurrence_id = event.occurrence_id
) AS told
ORDER BY event.event_no DESC;
