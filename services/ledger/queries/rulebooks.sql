-- name: insert_rulebook
-- description: Keeps a rulebook that is about to decide, by the hash of its content.
INSERT INTO rulebook (content_hash, name, files, first_used_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (content_hash) DO NOTHING;

-- name: rulebook_files
-- description: The texts of a rulebook by path, as they were kept.
SELECT files
FROM rulebook
WHERE content_hash = $1;
