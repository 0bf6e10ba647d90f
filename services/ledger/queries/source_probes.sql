-- name: ask_probes
-- description: Asks for a probe of each source in an hour, once; its id is drawn, not worked out,
-- so that nobody else can know it.
INSERT INTO source_probe (probe_id, publisher, hour, asked_at)
SELECT probe_id, publisher, $3, $4
FROM unnest($1::uuid[], $2::text[]) AS asked (probe_id, publisher)
ORDER BY publisher
ON CONFLICT (publisher, hour) DO NOTHING;

-- name: missing_probes
-- description: For which of these sources no probe was asked for in an hour.
SELECT listed.publisher
FROM unnest($1::text[]) AS listed (publisher)
WHERE NOT EXISTS (
    SELECT 1
    FROM source_probe AS probe
    WHERE probe.publisher = listed.publisher AND probe.hour = $2
);

-- name: probes_to_send
-- description: Probes that were asked for and not yet sent, if they are not too old to be of use.
SELECT probe_id, publisher, asked_at
FROM source_probe
WHERE sent_at IS NULL AND asked_at > $1
ORDER BY publisher;

-- name: probes_sent
-- description: Kafka has these probes.
UPDATE source_probe SET sent_at = $2
WHERE probe_id = any($1::uuid[]) AND sent_at IS NULL;

-- name: probes_arrived_not_returned
-- description: Probes that a router has read and that are not known to have come out again.
SELECT probe_id FROM source_probe
WHERE returned_at IS NULL AND arrived_at IS NOT NULL AND hour > $1;

-- name: probes_returned
-- description: The relay has published what became of these probes: they have come the whole way.
UPDATE source_probe AS probe
SET returned_at = sent.published_at
FROM unnest($1::uuid[], $2::uuid[]) AS asked (probe_id, message_id)
INNER JOIN outbox AS sent ON asked.message_id = sent.message_id
WHERE probe.probe_id = asked.probe_id AND sent.published_at IS NOT NULL;
