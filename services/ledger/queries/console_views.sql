-- name: insert_console_view
-- description: Appends who saw or did what, why, and the ids of what was shown or changed.
INSERT INTO console_view
(viewed_at, subject, name, roles, what, reason, outcome, things, request_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: console_views
-- description: What was seen and done, the newest first: below number $1, by the person $2 and about
-- the thing $3 (each null for any), $4 rows.
SELECT view_no, viewed_at, subject, name, roles, what, reason, outcome, things, request_id
FROM console_view
WHERE
    ($1::bigint IS NULL OR view_no < $1)
    AND ($2::text IS NULL OR subject = $2)
    AND ($3::text IS NULL OR things @> ARRAY[$3::text])
ORDER BY view_no DESC
LIMIT $4;

-- name: console_view_done
-- description: Whether the person $1 has done $2 to the thing $3 since $4, and it was not refused.
SELECT EXISTS (
    SELECT 1
    FROM console_view
    WHERE
        subject = $1
        AND what = $2
        AND things @> ARRAY[$3::text]
        AND viewed_at >= $4
        AND outcome NOT LIKE 'refused: %'
);
