"""Integration tests run on the real Kafka and PostgreSQL."""

from tests.sandbox_fixtures import (
    database_template,
    fresh_dsn,
    fresh_prefix,
    kafka_servers,
    postgres_server,
    servers,
)

__all__ = [
    "database_template",
    "fresh_dsn",
    "fresh_prefix",
    "kafka_servers",
    "postgres_server",
    "servers",
]
