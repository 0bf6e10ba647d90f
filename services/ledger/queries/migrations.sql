-- name: lock_migrations
-- description: Waits until no other process migrates this ledger; held to the transaction's end.
SELECT pg_advisory_xact_lock(7351927401);

-- name: create_schema_migration
-- description: The list of what has been applied, by number, name and hash of the file.
CREATE TABLE IF NOT EXISTS schema_migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL
);

-- name: has_schema_migration
-- description: Whether this database has ever been migrated.
SELECT to_regclass('schema_migration') IS NOT NULL;

-- name: applied_migrations
-- description: What has been applied, in order.
SELECT number, name, sha256
FROM schema_migration
ORDER BY number;

-- name: insert_migration
-- description: Notes that a migration has been applied.
INSERT INTO schema_migration (number, name, sha256, applied_at)
VALUES ($1, $2, $3, $4);
