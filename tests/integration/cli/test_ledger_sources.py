"""`fieldfare ledger sources`, as an auditor types it."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.ledger.migrate import migrate
from services.ledger.sources import DayRow, FeedRow, NumberRow, Standing, Tallied, keep_tally
from services.runtime.clock import FileClock
from services.runtime.postgres import Pool, open_pool, transaction
from tests.integration.cli.running import fieldfare
from tests.live_rulebook import make_live

pytestmark = pytest.mark.integration
NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
POLICE, MIU, STRANGER = "staffordshire-police", "rjf-lichfield-miu", "stranger"


@pytest.fixture
async def pool(fresh_dsn: str) -> AsyncIterator[Pool]:
    async with open_pool(fresh_dsn, size=2, application_name="test") as opened:
        await migrate(opened, at=NOON)
        await make_live(opened, NOON)
        yield opened


@pytest.fixture
def env(fresh_dsn: str, tmp_path: Path) -> dict[str, str]:
    clock = tmp_path / "clock"
    FileClock(clock).set(NOON)
    return {"FIELDFARE_POSTGRES__DSN": fresh_dsn, "FIELDFARE_CLOCK__FILE": str(clock)}


async def _came(pool: Pool, publisher: str, *runs: tuple[int, int]) -> None:
    received = sum(last - first + 1 for first, last in runs)
    lowest, highest = (runs[0][0], runs[-1][1]) if runs else (None, None)
    tallied = Tallied(
        feeds=[FeedRow(publisher, highest, NOON, NOON)],
        numbers=[NumberRow(publisher, Standing.ARRIVED, *run) for run in runs],
        days=[DayRow(publisher, NOON.date(), received or 126, 0, lowest, highest)],
    )
    async with transaction(pool) as connection:
        await keep_tally(connection, tallied, at=NOON)


async def test_an_auditor_reads_whether_anything_is_missing(
    pool: Pool, env: dict[str, str], tmp_path: Path
) -> None:
    await _came(pool, POLICE, (1, 16), (18, 32), (36, 412))
    await _came(pool, MIU, (1, 40))
    await _came(pool, STRANGER)

    def asked(*options: str, expect: int) -> str:
        answer = fieldfare("ledger", "sources", *options, folder=tmp_path, env=env)
        assert answer.returncode == expect, answer.stderr
        return answer.stdout

    page = asked(expect=1)
    assert "Sources on 2026-03-06" in page
    assert "received 1..412, missing: 17, 33-35" in page
    assert "received 1..40, missing: none" in page
    assert "not counted: 126 received, expected about 0" in page
    assert "0 received, expected about 12" in page  # a department that has sent nothing today

    document = json.loads(asked("--json", "--source", POLICE, expect=1))
    (told,) = document["sources"]
    assert (told["is_complete"], told["missing"]) == (False, [[17, 17], [33, 35]])
    assert "received 1..40" in asked("--source", MIU, expect=0)
    assert "0 received" in asked("--source", MIU, "--day", "2026-03-04", expect=0)
    asked("--day", "yesterday", expect=2)
    asked("--source", "nobody", expect=2)
