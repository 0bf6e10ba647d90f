"""End to end: real processes over the real Kafka and PostgreSQL, as in production."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.running_system import RunningSystem, running_system
from tests.sandbox_fixtures import (
    database_template,
    fresh_database,
    fresh_dsn,
    fresh_prefix,
    fresh_word,
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


@pytest.fixture
async def system(
    kafka_servers: str, fresh_dsn: str, fresh_prefix: str, tmp_path: Path
) -> AsyncIterator[RunningSystem]:
    """A system of the test's own; the test starts the processes that it needs."""
    async with running_system(kafka_servers, fresh_dsn, fresh_prefix, tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
async def shared_system(
    kafka_servers: str,
    postgres_server: str,
    database_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[RunningSystem]:
    """A system with a router and a relay for all tests of a module, each with its own events."""
    prefix, folder = f"test-{fresh_word()}", tmp_path_factory.mktemp("system")
    async with (
        fresh_database(postgres_server, template=database_template) as dsn,
        running_system(kafka_servers, dsn, prefix, folder) as running,
    ):
        running.start("router")
        running.start("relay")
        yield running
