"""`fieldfare rules replay` and `ledger event --replay`, as they are typed."""

import asyncio
import contextlib
import csv
import io
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from schemas.reading import read_event
from services.ledger.migrate import migrate
from services.router.handler import Router
from services.runtime.clock import FixedClock
from services.runtime.postgres import open_pool
from tests.builders import nhs_number, rulebook_files, staffordshire
from tests.integration.cli.running import FIELDFARE, environment
from tests.integration.replay.kit import files_without, routing_by, without
from tests.integration.replay.test_issuing import RULE, a_family
from tests.integration.router.kit import NOON, Ledger, records
from tests.live_rulebook import make_live

pytestmark = pytest.mark.integration

FAMILIES = 4
ORDERED = ("--from", "2026-03-01", "--issue", "--by", "N. Midwife", "--why", "a rule was missing")


@pytest.fixture
async def ledger(fresh_dsn: str) -> AsyncIterator[Ledger]:
    """A ledger in which no midwife was told."""
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        await migrate(pool, at=NOON)
        await make_live(pool, NOON, without(RULE))
        router = Router(pool, routing_by(without(RULE)), read_event, FixedClock(NOON))
        await router.handle(records(*(a_family(1 + n) for n in range(FAMILIES))))
        yield Ledger(pool)


class Typed:
    """Types commands at a clock of their own; the rulebook that is live is in a folder, too."""

    def __init__(self, dsn: str, folder: Path, ledger: Ledger) -> None:
        self.ledger = ledger
        self.folder = folder
        self.live = write(folder / "live", files_without(RULE))
        (folder / "clock").write_text("2026-04-05T12:00:00+00:00")
        self.env = environment(
            {
                "FIELDFARE_POSTGRES__DSN": dsn,
                "FIELDFARE_CLOCK__FILE": str(folder / "clock"),
            }
        )

    def __call__(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*FIELDFARE, *words],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )

    def begin(self, *words: str, stdout: int | None = None) -> "subprocess.Popen[str]":
        """Starts a command in a session of its own."""
        return subprocess.Popen(
            [*FIELDFARE, *words],
            cwd=self.folder,
            env=self.env,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


@pytest.fixture
def typed(ledger: Ledger, fresh_dsn: str, tmp_path: Path) -> Typed:
    return Typed(fresh_dsn, tmp_path, ledger)


async def test_what_is_found_is_shown_without_anybody_s_name_or_number(typed: Typed) -> None:
    answered = typed("rules", "replay", "staffordshire", "--json")
    sheet = typed("rules", "replay", "staffordshire", "--csv")
    page = typed("rules", "replay", "staffordshire", "--limit", "3")

    assert (answered.returncode, answered.stderr) == (1, "")
    answer = json.loads(answered.stdout)
    assert (answer["events"], answer["occurrences"]) == (FAMILIES, FAMILIES)
    assert answer["by_service"] == {"midwifery": {"newly_told": FAMILIES, "no_longer_told": 0}}
    assert list(answer["by_week"]) == ["2026-03-02"]
    rows = list(csv.DictReader(io.StringIO(sheet.stdout)))
    assert [row["event_id"] for row in rows] == [d["event_id"] for d in answer["differences"]]
    assert {row["rules"] for row in rows} == {RULE}
    assert f"{FAMILIES} would have been told, 0 would not have been, 3 shown" in page.stdout
    for shown in (answered.stdout, sheet.stdout, page.stdout):
        assert "999000" not in shown, nhs_number(1)


async def test_nothing_differs_where_nothing_can(typed: Typed) -> None:
    period = ("--from", "2026-03-02", "--to", "2026-03-01")
    backwards = typed("rules", "replay", str(typed.live), *period)
    same = typed("rules", "replay", str(typed.live), "--to", "2026-03-31")
    both = typed("rules", "replay", "staffordshire", "--json", "--csv")
    nobody = typed("rules", "replay", "staffordshire", "--by", "N. Midwife")

    assert same.returncode == 0, same.stderr
    assert "nobody would have been told otherwise" in same.stdout
    assert [each.returncode for each in (backwards, both, nobody)] == [2, 2, 2]


async def test_what_is_found_is_issued_by_name_and_once(typed: Typed, ledger: Ledger) -> None:
    replay = ("rules", "replay", "staffordshire")
    endless = typed(*replay, "--issue", "--by", "N. Midwife", "--why", "a rule was missing")
    first = typed(*replay, *ORDERED)
    again = typed(*replay, *ORDERED)

    assert (endless.returncode, endless.stdout) == (2, "")
    assert "--issue needs --from" in endless.stderr
    assert (first.returncode, first.stderr) == (0, f"{FAMILIES} late notifications issued\n")
    assert (again.returncode, again.stderr) == (0, "0 late notifications issued\n")
    assert "nobody would have been told otherwise" in again.stdout
    late = await ledger.rows("SELECT late FROM duty WHERE service = 'midwifery'")
    assert [row["late"] for row in late] == [True] * FAMILIES


async def test_a_rulebook_that_is_neither_live_nor_proved_issues_nothing(
    typed: Typed, ledger: Ledger
) -> None:
    files = dict(rulebook_files("staffordshire"))
    files["promises.yaml"] = files["promises.yaml"].replace("is told: [", "is told: [camhs, ", 1)
    unproved = write(typed.folder / "unproved", files)

    refused = typed("rules", "replay", str(unproved), *ORDERED)

    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "may not issue anything" in refused.stderr
    assert await ledger.rows("SELECT * FROM replay_issue") == []


async def test_an_event_is_decided_as_it_was_then(typed: Typed, ledger: Ledger) -> None:
    typed("rules", "replay", "staffordshire", *ORDERED)

    same = typed("ledger", "event", "e1", "--replay")
    await ledger.rows('UPDATE decision SET facts = facts || \'{"occurred_at": ""}\'')
    other = typed("ledger", "event", "e1", "--replay", "--json")

    assert same.returncode == 0, same.stdout
    assert same.stdout.count("the same answer") == 2
    assert f"rulebook sha256:{staffordshire().content_hash}" in same.stdout
    [answer] = json.loads(other.stdout)
    assert (other.returncode, answer["is_the_same"]) == (1, False)
    assert answer["decisions"][0]["differs"] == ["facts.occurred_at"]


async def test_it_is_stopped_at_once_and_leaves_no_process(typed: Typed, ledger: Ledger) -> None:
    """Even where whoever started it had signals of the keyboard ignored."""
    await ledger.rows(
        "INSERT INTO occurrence SELECT gen_random_uuid(), occurrence_key, type, occurred_at, FALSE,"
        " person_keys FROM occurrence CROSS JOIN generate_series(1, 100)"
    )
    async with ledger.pool.acquire() as holding, holding.transaction():
        await holding.execute("LOCK TABLE decision IN ACCESS EXCLUSIVE MODE")
        running = typed.begin("rules", "replay", "staffordshire", "--processes", "2")
        await waiting_for_a_lock(ledger)
        running.send_signal(signal.SIGINT)
        await asyncio.sleep(0.5)
    _, said = await asyncio.to_thread(running.communicate)

    assert (running.returncode, said) == (2, "fieldfare: stopped; nothing was changed\n")
    await all_have_ended(running.pid)


async def test_it_is_stopped_while_it_prints_to_somebody_who_does_not_read(
    typed: Typed, ledger: Ledger
) -> None:
    """SIGTERM to all its processes, as a supervisor sends it, with a pipe that is full."""
    await ledger.rows(
        "WITH more AS (INSERT INTO occurrence SELECT md5(occurrence_id::text || n)::uuid,"
        " occurrence_key, type, occurred_at, FALSE, person_keys FROM occurrence"
        " CROSS JOIN generate_series(1, 300) AS n), told AS (INSERT INTO event (source, id, type,"
        " published_at, occurrence_id, sha256, headers, body, data, warnings, topic, partition,"
        " log_offset, received_at) SELECT source, id || '/' || n, type, published_at,"
        " md5(occurrence_id::text || n)::uuid, sha256, headers, body, data, warnings, topic,"
        " partition, log_offset + n * 1000, received_at FROM event"
        " CROSS JOIN generate_series(1, 300) AS n)"
        " INSERT INTO decision (occurrence_id, source, event_id, decided_at, rulebook_hash, facts,"
        " nobody, occurred_at, leaves_out, footing) SELECT md5(occurrence_id::text || n)::uuid,"
        " source, event_id || '/' || n, decided_at, rulebook_hash, facts, nobody, occurred_at,"
        " leaves_out, footing FROM decision CROSS JOIN generate_series(1, 300) AS n"
    )
    reading, writing = os.pipe()
    running = typed.begin("rules", "replay", "staffordshire", "--json", stdout=writing)
    os.close(writing)
    await asyncio.to_thread(os.read, reading, 1)

    os.killpg(running.pid, signal.SIGTERM)
    _, said = await asyncio.to_thread(running.communicate, timeout=60)
    os.close(reading)

    assert (running.returncode, said) == (2, "fieldfare: stopped; nothing was changed\n")
    await all_have_ended(running.pid)


async def all_have_ended(group: int) -> None:
    """Whatever only waits for the others to end (Python's resource tracker) ends just after."""
    with contextlib.suppress(ProcessLookupError):
        async with asyncio.timeout(20):
            while True:
                os.killpg(group, 0)
                await asyncio.sleep(0.1)


async def waiting_for_a_lock(ledger: Ledger) -> None:
    async with asyncio.timeout(60):
        while not await ledger.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.1)
