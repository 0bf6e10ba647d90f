"""Fixtures over the real Kafka and PostgreSQL, for the conftest of every tier that needs them.

All processes of a run share the servers; each test has topics and a database of its own.
"""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from tests.shared_sandbox import Servers, join_shared_sandbox

__all__ = [
    "database_template",
    "fresh_database",
    "fresh_dsn",
    "fresh_prefix",
    "fresh_word",
    "kafka_servers",
    "postgres_server",
    "servers",
]

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="session")
def servers(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Servers]:
    with join_shared_sandbox(_shared_folder(tmp_path_factory, request.config)) as joined:
        yield joined


@pytest.fixture(scope="session")
def kafka_servers(servers: Servers) -> str:
    """Kafka's addresses, as a client wants them."""
    return servers.bootstrap_servers


@pytest.fixture(scope="session")
def postgres_server(servers: Servers) -> str:
    """The address of a database on the server, by an account that may make others."""
    return servers.dsn


@pytest.fixture(scope="session")
def database_template() -> str:
    """The database that `fresh_dsn` copies; override it with one that has the ledger's schema."""
    return "template1"


@pytest.fixture
def fresh_prefix() -> str:
    """A prefix of topics that no other test uses."""
    return f"test-{fresh_word()}"


@pytest.fixture
async def fresh_dsn(postgres_server: str, database_template: str) -> AsyncIterator[str]:
    """The address of a new database, dropped after the test."""
    async with fresh_database(postgres_server, template=database_template) as dsn:
        yield dsn


@asynccontextmanager
async def fresh_database(server_dsn: str, *, template: str) -> AsyncIterator[str]:
    """A new database for as long as it is needed."""
    name = f"test_{fresh_word()}"
    server = await asyncpg.connect(server_dsn)
    try:
        await server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield urlunsplit(urlsplit(server_dsn)._replace(path=f"/{name}"))
        await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await server.close()


def fresh_word() -> str:
    """Letters that nobody used before."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


def _shared_folder(factory: pytest.TempPathFactory, config: pytest.Config) -> Path:
    own = factory.getbasetemp()
    is_one_of_many = hasattr(config, "workerinput")  # set by pytest-xdist
    return (own.parent if is_one_of_many else own) / "sandbox"
