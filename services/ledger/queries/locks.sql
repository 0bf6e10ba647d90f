-- name: lock_keys
-- description: Locks occurrences and people to the transaction's end, in one order for all routers,
-- waiting where needed. What they hold is read by later statements only.
SELECT count(pg_advisory_xact_lock(sorted.key))
FROM (SELECT key FROM unnest($1::bigint[]) AS given (key) ORDER BY key) AS sorted;
