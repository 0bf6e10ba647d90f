import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from services.ledger.migrate import (
    Migration,
    MigrationRefused,
    check_schema,
    migrate,
    read_migrations,
)
from services.runtime.postgres import DatabaseProblem, Pool, open_pool

AT = datetime(2026, 3, 6, 12, tzinfo=UTC)
GOOD = Migration(1, "0001_a.sql", "CREATE TABLE a (n integer); CREATE INDEX a_n ON a (n);")
BAD = Migration(2, "0002_b.sql", "CREATE TABLE b (n integer); SELECT no_such_thing();")


@pytest.fixture
async def pool(fresh_dsn: str) -> AsyncIterator[Pool]:
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        yield pool


async def tables(pool: Pool) -> set[str]:
    async with pool.acquire() as connection:
        rows = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
    return {row["tablename"] for row in rows}


async def test_migrating_twice_changes_nothing(pool: Pool) -> None:
    names = tuple(each.name for each in read_migrations())

    assert await migrate(pool, at=AT) == names
    assert await migrate(pool, at=AT) == ()
    await check_schema(pool)


async def test_processes_that_migrate_at_once_take_turns(pool: Pool) -> None:
    answers = await asyncio.gather(*(migrate(pool, at=AT) for _ in range(4)))

    assert sorted(map(len, answers)) == [0, 0, 0, len(read_migrations())]


async def test_a_migration_that_fails_leaves_nothing_behind(pool: Pool) -> None:
    with pytest.raises(DatabaseProblem):
        await migrate(pool, at=AT, migrations=(GOOD, BAD))

    assert await tables(pool) == set()


async def test_a_ledger_that_is_not_migrated_is_not_used(pool: Pool) -> None:
    with pytest.raises(MigrationRefused, match=r"0001_ledger\.sql is not applied yet"):
        await check_schema(pool)


async def test_a_ledger_of_another_release_is_not_used(pool: Pool) -> None:
    await migrate(pool, at=AT, migrations=(GOOD,))

    with pytest.raises(MigrationRefused, match="has changed since it was applied"):
        await check_schema(pool)
