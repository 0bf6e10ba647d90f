"""`fieldfare ledger missed` and `check`, as an auditor types them."""

import csv
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.ledger.migrate import migrate
from services.runtime.clock import FileClock
from services.runtime.postgres import open_pool
from tests.integration.cli.running import fieldfare
from tests.integration.ledger.missed_kit import HAPPENED, HOUR, NOW, Duties

pytestmark = pytest.mark.integration


@pytest.fixture
async def ledger(fresh_dsn: str) -> AsyncIterator[Duties]:
    async with open_pool(fresh_dsn, size=2, application_name="test") as pool:
        await migrate(pool, at=HAPPENED)
        yield Duties(pool)


@pytest.fixture
def env(fresh_dsn: str, tmp_path: Path) -> dict[str, str]:
    clock = tmp_path / "clock"
    FileClock(clock).set(NOW)
    return {"FIELDFARE_POSTGRES__DSN": fresh_dsn, "FIELDFARE_CLOCK__FILE": str(clock)}


async def test_an_auditor_reads_what_was_missed(
    ledger: Duties, env: dict[str, str], tmp_path: Path
) -> None:
    for hours in range(3):
        await ledger.put(occurred_at=HAPPENED + hours * HOUR)

    def missed(*options: str) -> tuple[int, str]:
        answer = fieldfare("ledger", "missed", *options, folder=tmp_path, env=env)
        assert "Asha" not in answer.stdout
        return answer.returncode, answer.stdout

    code, page = missed("--limit", "2")
    assert code == 1
    assert "3 missed notifications, 2 shown; --all shows all" in page
    code, text = missed("--json", "--limit", "2")
    rows = json.loads(text)
    assert (code, len(rows)) == (1, 2)
    assert rows[0]["cause"] == "not_acknowledged"
    assert (rows[0]["person"], rows[0]["owner"]) == ("p1", "RJF:midwifery")
    _, rest = missed("--json", "--after", rows[-1]["cursor"])
    assert len(json.loads(rest)) == 1
    _, lines = missed("--csv", "--all", "--limit", "1")
    assert [row["awaits"] for row in csv.DictReader(io.StringIO(lines))] == ["acknowledgement"] * 3
    assert missed("--from", "2026-02-10", "--to", "2026-02-10", "--cause", "late") == (
        0,
        "nothing was missed\n",
    )
    assert missed("--to", "2026-02-09", "--json") == (0, "[]\n")


@pytest.mark.parametrize(
    "options",
    [
        ("--from", "February"),
        ("--from", "2026-02-10T12:00:00"),
        ("--from", "2026-02-10", "--to", "2026-02-09"),
        ("--json", "--csv"),
        ("--cause", "forgotten"),
        ("--district", "East Staffordshire"),
        ("--after", "1"),
    ],
)
def test_wrong_use_is_no_clean_bill(
    options: tuple[str, ...], env: dict[str, str], tmp_path: Path
) -> None:
    answer = fieldfare("ledger", "missed", *options, folder=tmp_path, env=env)

    assert answer.returncode == 2


async def test_the_ledger_is_checked(ledger: Duties, env: dict[str, str], tmp_path: Path) -> None:
    empty = fieldfare("ledger", "check", folder=tmp_path, env=env)
    await ledger.put()

    damaged = fieldfare("ledger", "check", folder=tmp_path, env=env)
    as_json = fieldfare("ledger", "check", "--json", folder=tmp_path, env=env)

    assert (empty.returncode, damaged.returncode, as_json.returncode) == (0, 1, 1)
    assert "BROKEN notices: 1 ≠ 0 waiting + 0 published" in damaged.stdout
    assert {each["name"] for each in json.loads(as_json.stdout) if not each["is_whole"]} == {
        "notices",
        "clocks",
    }
