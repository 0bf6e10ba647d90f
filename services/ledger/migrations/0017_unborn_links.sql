-- A family link to the unborn children of a pregnancy is found by its name, and so is all that is told
-- of that pregnancy, whoever tells it: a link does not say whose name it is.

INSERT INTO register_label (label, kind, name)
SELECT
    'unborn|' || (content ->> 'pregnancy_id'),
    kind,
    name
FROM register_row
WHERE kind IN ('booking', 'ending') AND content ->> 'pregnancy_id' IS NOT NULL
UNION ALL
SELECT
    'unborn|' || (content ->> 'to'),
    kind,
    name
FROM register_row
WHERE kind = 'link' AND content ->> 'to' !~ '^[0-9]{10}$'
ON CONFLICT (label, kind, name) DO NOTHING;
