-- A ledger of 1,000,000 duties, three years of a county, as it stands at noon on 6 March 2026:
-- 97 in 100 were answered in time, one late, one is overdue, half of one is open and not yet due,
-- the rest was withdrawn or closed. Three duties an occurrence. Nothing in it is anybody's.
SET synchronous_commit = off;

INSERT INTO occurrence (
    occurrence_id, occurrence_key, type, occurred_at, is_cancelled, person_keys
)
SELECT
    md5('occurrence ' || n)::uuid, 'o' || n, 'fieldfare.police.domestic-abuse.v1',
    timestamptz '2026-03-06 12:00+00' - (333334 - n) * interval '284 seconds', FALSE,
    '{"p1": "ref:p1"}'
FROM generate_series(1, 333334) AS n;

INSERT INTO event (
    source, id, type, published_at, occurrence_id, sha256, headers, body, data, warnings, topic,
    partition, log_offset, received_at
)
SELECT
    'urn:fieldfare:source:staffordshire-police', 'e' || substr(occurrence_key, 2), type,
    occurred_at, occurrence_id, '', '{}', '', '{}', '[]',
    'fieldfare.events.police.staffordshire-police', 0, substr(occurrence_key, 2)::bigint,
    occurred_at
FROM occurrence;

-- In one of 500 a person of concern matched no rule.
INSERT INTO decision (
    occurrence_id, source, event_id, decided_at, rulebook_hash, facts, nobody, occurred_at
)
SELECT
    occurrence_id, 'urn:fieldfare:source:staffordshire-police', 'e' || substr(occurrence_key, 2),
    occurred_at, 'hash',
    '{"people": [{"ref": "p9", "key": "ref:p9", "district": "E07000193"}]}',
    CASE
        WHEN substr(occurrence_key, 2)::bigint % 500 = 0
            THEN
                '[{"about": "p9", "service": null,
                   "because": "no rule applies, though somebody should be told"}]'::jsonb
        ELSE '[]'
    END,
    occurred_at
FROM occurrence;

INSERT INTO duty (
    duty_id, occurrence_id, person_key, about, service, recipient, organisation, kind, instead_of,
    because, urgency, respond_by, asks, reasons, late, episode, revision, fingerprint,
    notification_id, state, owed_at, sent_at, received_at, acknowledged_at, recorded_at,
    refused_at, ended_at, look_at, district, occurred_at, learned_later, unplaced, event_source,
    event_type
)
SELECT
    md5('duty ' || n)::uuid,
    md5('occurrence ' || (n + 2) / 3)::uuid,
    'ref:p1',
    '{"ref": "p1", "role": "victim"}',
    CASE WHEN is_exception THEN 'mash' ELSE service END,
    CASE WHEN is_exception THEN 'MASH:exceptions' ELSE recipient END,
    CASE WHEN is_exception THEN 'MASH' ELSE split_part(recipient, ':', 1) END,
    CASE WHEN is_exception THEN 'exception' ELSE 'notify' END,
    CASE WHEN is_exception THEN service END,
    CASE WHEN is_exception THEN 'the home district is not known' END,
    'next_working_day',
    due,
    CASE WHEN is_exception THEN '["acknowledge", "act"]'::jsonb
        ELSE '["acknowledge", "record"]' END,
    '[{"rule": "da-pregnant-victim", "why": "A midwife knows before the next contact."}]',
    is_learned, 1, 1, '\x00',
    md5('notification ' || n)::uuid,
    CASE
        WHEN lot < 980 THEN 'recorded'
        WHEN lot = 990 THEN 'owed'
        WHEN lot IN (991, 992) THEN 'acknowledged'
        WHEN lot IN (995, 996, 997) THEN 'withdrawn'
        WHEN lot = 998 THEN 'closed'
        ELSE 'sent'
    END,
    happened,
    CASE WHEN lot <> 990 THEN happened + interval '1 minute' END,
    CASE WHEN lot < 980 OR lot IN (991, 992) THEN happened + interval '1 hour' END,
    CASE WHEN lot < 980 OR lot IN (991, 992) THEN happened + interval '2 hours' END,
    CASE WHEN lot < 970 THEN happened + interval '3 hours'
        WHEN lot < 980 THEN due + interval '3 days' END,
    CASE WHEN lot = 986 THEN happened + interval '2 hours' END,
    CASE
        WHEN lot < 970 THEN happened + interval '3 hours'
        WHEN lot < 980 THEN due + interval '3 days'
        WHEN lot BETWEEN 995 AND 998 THEN happened + interval '4 hours'
    END,
    CASE
        WHEN lot BETWEEN 980 AND 992 AND n % 10 = 0 THEN timestamptz '2026-03-06 12:00+00'
        WHEN lot BETWEEN 980 AND 994 OR lot = 999 THEN timestamptz '2026-03-07 12:00+00'
    END,
    'E0700019' || 2 + n % 8,
    happened,
    is_learned,
    CASE WHEN is_exception THEN
            CASE WHEN lot = 987 THEN 'no_recipient' ELSE 'person_not_identified' END END,
    'urn:fieldfare:source:staffordshire-police',
    'fieldfare.police.domestic-abuse.v1'
FROM (
    SELECT
        n,
        (n * 7919::bigint) % 1000 AS lot,
        CASE
            WHEN (n * 7919::bigint) % 1000 IN (981, 982, 983, 993, 994, 999)
                THEN timestamptz '2026-03-06 18:00+00' + (n % 100) * interval '30 minutes'
            ELSE
                timestamptz '2026-03-07 12:00+00'
                - (333334 - (n + 2) / 3) * interval '284 seconds' - interval '1 day'
                + interval '20 hours'
        END AS due,
        timestamptz '2026-03-06 12:00+00'
        - (333334 - (n + 2) / 3) * interval '284 seconds' AS happened,
        (n * 7919::bigint) % 1000 IN (987, 988) AS is_exception,
        (n * 7919::bigint) % 1000 = 989 AS is_learned,
        (ARRAY['midwifery', 'health-visiting', 'gp'])[1 + n % 3] AS service,
        (ARRAY['RJF:midwifery', 'R1E:health-visiting:E07000193', 'Y90004'])[1 + n % 3]
            AS recipient
    FROM generate_series(1, 1000000) AS n
) AS made;

-- Half of what is overdue has been escalated.
INSERT INTO escalation (
    duty_id, revision, since, step, unmet, told, recipient, due_at, escalated_at, late, notice_id
)
SELECT
    duty_id, 1, respond_by, 0, 'not_acknowledged', 'lead', 'RJF:safeguarding', respond_by,
    respond_by, FALSE, md5('notice ' || duty_id)::uuid
FROM duty
WHERE ended_at IS NULL AND respond_by < '2026-03-06 12:00+00' AND look_at > '2026-03-06 12:00+00';

INSERT INTO outbox (
    message_id, topic, partition, recipient, message_key, headers, body, duty_id,
    recipient_sequence, published_at, published_offset
)
SELECT
    notification_id, 'fieldfare.queue.' || service || '.' || organisation, 0, recipient, recipient,
    '{"ce_time": "2026-03-06T12:00:00+00:00"}', '{}', duty_id,
    row_number() OVER (PARTITION BY service, recipient ORDER BY owed_at, duty_id), owed_at, 0
FROM duty
WHERE state <> 'owed';

INSERT INTO notification (notification_id, duty_id, revision)
SELECT notification_id, duty_id, 1
FROM duty;

VACUUM ANALYZE;
