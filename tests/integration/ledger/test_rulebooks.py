"""Rulebooks as the ledger keeps them: whole, by the hash of their content."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from routing_rules.rulebook import content_hash
from services.ledger.jsonb import json_text
from services.ledger.migrate import migrate
from services.ledger.rulebooks import (
    RulebookNotKept,
    RulebookOutdated,
    files_of,
    keep_rulebook,
    rulebook_of,
)
from services.runtime.postgres import Pool, open_pool, reading
from tests.builders import rulebook_files, staffordshire

AT = datetime(2026, 3, 6, 12, tzinfo=UTC)


@pytest.fixture
async def pool(fresh_dsn: str) -> AsyncIterator[Pool]:
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        await migrate(pool, at=AT)
        yield pool


async def put(pool: Pool, kept_as: str, files: dict[str, str]) -> None:
    await pool.execute(
        "INSERT INTO rulebook (content_hash, name, files, first_used_at) VALUES ($1, 'x', $2, $3)",
        kept_as,
        json_text(files),
        AT,
    )


async def test_a_rulebook_comes_back_from_the_ledger_as_it_was(pool: Pool) -> None:
    async with reading(pool) as connection:
        await keep_rulebook(connection, staffordshire(), at=AT)

        back = await rulebook_of(connection, staffordshire().content_hash)
        files = await files_of(connection, staffordshire().content_hash)

    assert back.label == staffordshire().label
    assert files == rulebook_files("staffordshire")


async def test_what_was_never_kept_is_said_to_be_missing(pool: Pool) -> None:
    async with reading(pool) as connection:
        with pytest.raises(RulebookNotKept, match="keeps no rulebook sha256:abc"):
            await rulebook_of(connection, "abc")


async def test_a_rulebook_that_was_altered_is_never_taken_for_what_decided(pool: Pool) -> None:
    altered = dict(rulebook_files("staffordshire")) | {"settings.yaml": "name: other\n"}
    await put(pool, staffordshire().content_hash, altered)

    async with reading(pool) as connection:
        with pytest.raises(RulebookNotKept, match="is not what it was"):
            await rulebook_of(connection, staffordshire().content_hash)


async def test_a_rulebook_that_this_release_cannot_read_says_why(pool: Pool) -> None:
    files = {"settings.yaml": "name: older\n"}
    await put(pool, content_hash(files), files)

    async with reading(pool) as connection:
        with pytest.raises(RulebookOutdated, match="does not load under this release\n"):
            await rulebook_of(connection, content_hash(files))
