-- name: begin_sign_in
-- description: Remembers what a sign-in must come back with, and forgets those that never did.
WITH forgotten AS (
    DELETE FROM console_sign_in WHERE begun_at < $6
)

INSERT INTO console_sign_in (state_hash, nonce, verifier, return_to, begun_at)
VALUES ($1, $2, $3, $4, $5);

-- name: take_sign_in
-- description: What a sign-in that was begun since $2 must come back with. It can be taken once.
DELETE FROM console_sign_in
WHERE state_hash = $1 AND begun_at >= $2
RETURNING nonce, verifier, return_to;

-- name: begin_console_session
-- description: Somebody is signed in from now on.
INSERT INTO console_session (session_hash, subject, name, roles, recipients, begun_at, used_at)
VALUES ($1, $2, $3, $4, $5, $6, $6);

-- name: use_console_session
-- description: Who is signed in by that cookie as at $2, if it was used since $3 and begun since $4.
-- It is used by asking.
UPDATE console_session
SET used_at = greatest(used_at, $2)
WHERE session_hash = $1 AND ended_at IS NULL AND used_at >= $3 AND begun_at >= $4
RETURNING subject, name, roles, recipients, begun_at;

-- name: look_at_console_session
-- description: The same without using it, for pages that ask by themselves.
SELECT subject, name, roles, recipients, begun_at
FROM console_session
WHERE session_hash = $1 AND ended_at IS NULL AND used_at >= $2 AND begun_at >= $3;

-- name: end_console_session
-- description: Signs somebody out.
UPDATE console_session SET ended_at = $2 WHERE session_hash = $1 AND ended_at IS NULL;

-- name: forget_console_sessions
-- description: Sessions that nobody can use any more; who did what in them stands in console_view.
DELETE FROM console_session WHERE used_at < $1;
