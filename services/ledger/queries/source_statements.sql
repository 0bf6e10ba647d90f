-- name: source_statements
-- description: What is known of each source and a day in London: what came, the highest number of
-- earlier days, the lowest of later ones, and its daily count.
SELECT
    feed.publisher,
    feed.accounted,
    feed.unreadable AS unreadable_numbers,
    feed.again,
    coalesce(came.received, 0) AS received,
    coalesce(came.unreadable, 0) AS unreadable,
    came.lowest,
    came.highest,
    (
        SELECT max(earlier.highest)
        FROM source_day AS earlier
        WHERE earlier.publisher = feed.publisher AND earlier.day < $1
    ) AS before,
    (
        SELECT min(later.lowest)
        FROM source_day AS later
        WHERE later.publisher = feed.publisher AND later.day > $1
    ) AS after,
    (
        SELECT said.count
        FROM source_count AS said
        WHERE said.publisher = feed.publisher AND said.day = $1
        ORDER BY said.published_at DESC, said.received_at DESC
        LIMIT 1
    ) AS said
FROM source_feed AS feed
LEFT JOIN source_day AS came ON feed.publisher = came.publisher AND came.day = $1
ORDER BY feed.publisher;
