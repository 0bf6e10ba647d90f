-- name: withdraw_unnumbered
-- description: Withdraws messages that have no number yet, and answers which: their recipients
-- never hear of them. It waits for a relay that is numbering one of them, and then leaves that one.
WITH open AS (
    SELECT outbox_no
    FROM outbox
    WHERE
        message_id = ANY($1::uuid[])
        AND recipient_sequence IS NULL
        AND withdrawn_at IS NULL
    ORDER BY outbox_no
    FOR UPDATE
)

UPDATE outbox
SET withdrawn_at = $2
FROM open
WHERE outbox.outbox_no = open.outbox_no
RETURNING outbox.message_id;

-- name: wake_relays
-- description: Tells every listening relay, on commit, that there is something to publish.
SELECT pg_notify('fieldfare_outbox', '');
