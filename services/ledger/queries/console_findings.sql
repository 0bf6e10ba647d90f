-- name: findings_of_notice
-- description: What is wrong with sources: the finding $1, those that the notice $1 tells of, and those
-- whose duties are among $2; with how MASH's duty stands, and who was told.
SELECT
    finding.finding_id, finding.publisher, finding.kind, finding.detail, finding.opened_at,
    finding.ended_at, finding.ended_because, finding.duty_id,
    held.state, held.respond_by, held.ended_at AS answered_at,
    ARRAY(
        SELECT told.recipient
        FROM duty AS told
        WHERE told.duty_id IN (finding.duty_id, finding.copy_id)
    ) AS recipients
FROM source_finding AS finding
LEFT JOIN duty AS held ON finding.duty_id = held.duty_id
WHERE
    finding.finding_id = $1
    OR finding.duty_id = $1
    OR finding.copy_id = $1
    OR finding.duty_id = ANY($2::uuid [])
ORDER BY finding.opened_at, finding.finding_id;
