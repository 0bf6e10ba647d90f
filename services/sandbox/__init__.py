"""Kafka and PostgreSQL for development and tests, started by us and stopped with us."""
