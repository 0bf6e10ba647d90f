-- What alone says who a decision tells, as JSON text (`routing_rules.footing`); null where more than
-- that was needed, and of decisions that an older release made. It is text, and kept in the row where
-- it can be: a replay reads a million of them, and PostgreSQL neither unpacks nor parses any.
ALTER TABLE decision ADD COLUMN footing text;
ALTER TABLE decision ALTER COLUMN footing SET STORAGE MAIN;
