"""The system of record: events, decisions, duties and what goes out, in PostgreSQL."""
