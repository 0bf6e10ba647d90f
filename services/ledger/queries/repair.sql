-- name: occurrences_of_event
-- description: Which occurrences the events of that id report, of one source or of any.
SELECT event.source, event.occurrence_id
FROM event
INNER JOIN occurrence ON event.occurrence_id = occurrence.occurrence_id
WHERE event.id = $1 AND ($2::text IS NULL OR event.source = $2)
ORDER BY event.event_no;

-- name: dead_letter_to_process
-- description: A dead letter with its bytes, locked, so that nobody else reads it again meanwhile.
SELECT
    dead_letter_id, topic, partition, log_offset, source, event_id, reason, headers, body,
    processed_at
FROM dead_letter
WHERE dead_letter_id = $1
FOR UPDATE;

-- name: dead_letters_to_process
-- description: Dead letters whose bytes were kept and that nobody has read again yet, in order.
SELECT dead_letter_id
FROM dead_letter
WHERE processed_at IS NULL AND body IS NOT NULL
ORDER BY received_at, topic, partition, log_offset;

-- name: mark_dead_letter_processed
-- description: Notes who has had a dead letter read again, when and why.
UPDATE dead_letter
SET processed_at = $2, processed_by = $3, processed_why = $4
WHERE dead_letter_id = $1;

-- name: open_duties_of_dead_letter
-- description: MASH's open duties about one dead letter.
SELECT duty_id
FROM duty
WHERE dead_letter_id = $1 AND ended_at IS NULL
ORDER BY duty_id;

-- name: message_to_resend
-- description: A message as it went out, if it did.
SELECT topic, partition, recipient, message_key, headers, body, published_at, withdrawn_at
FROM outbox
WHERE message_id = $1;

-- name: has_message
-- description: Whether a message stands in the outbox.
SELECT EXISTS (SELECT 1 FROM outbox WHERE message_id = $1);
