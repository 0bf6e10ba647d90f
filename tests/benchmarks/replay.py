"""`make bench-replay`: a year and more of stored events through another rulebook.

A county's messages are routed into a real PostgreSQL, and what is stored of them is multiplied. It
prints what it measured, on the clock and of processor time (replaying processes, and PostgreSQL's
own), and asserts nothing.
"""

import argparse
import asyncio
import os
import re
import resource
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from routing_rules.rulebook import Rulebook, load_rulebook
from schemas.reading import read_event
from services.ledger.migrate import migrate
from services.ledger.rulebooks import keep_rulebook
from services.replay.running import Asked, Progress, replay_period
from services.replay.workers import processes_for_all_cores
from services.router.handler import Router
from services.router.messages import Post
from services.router.record import Record
from services.router.routing import Routing
from services.runtime.clock import FixedClock
from services.runtime.logging import configure_logging
from services.runtime.postgres import open_pool, transaction
from services.runtime.settings import (
    KafkaSettings,
    LoggingSettings,
    SandboxSettings,
    read_settings,
)
from services.runtime.topics import Topics
from services.sandbox.stack import Sandbox
from tests.benchmarks.workload import START, county_messages
from tests.builders import rulebook_files, staffordshire

_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
_END = datetime(2040, 1, 1, tzinfo=UTC)
_BATCH = 50
_ANSWERED = """
UPDATE duty SET state = 'done', done_at = owed_at, ended_at = owed_at + interval '1 hour'
WHERE state <> 'withdrawn' AND get_byte(uuid_send(duty_id), 0) > 7
"""
"""Of 100 duties 97 were answered, as on most days."""
_TICKS = os.sysconf("SC_CLK_TCK")


async def fill(dsn: str, *, messages: int, events: int) -> None:
    """Routes so many messages, and multiplies what is stored until there are so many events."""
    began = time.perf_counter()
    async with open_pool(dsn, size=2, application_name="bench") as pool:
        await migrate(pool, at=START)
        async with transaction(pool) as connection:
            await keep_rulebook(connection, staffordshire(), at=START)
        clock = FixedClock(START)
        routing = Routing(staffordshire(), Post(Topics("fieldfare"), 1))
        router = Router(pool, routing, read_event, clock)
        told = [
            Record(f"fieldfare.events.{m.family}.{m.publisher}", 0, n, (), m.body, 0)
            for n, m in enumerate(county_messages(messages))
        ]
        for first in range(0, len(told), _BATCH):
            await router.handle(sorted(told[first : first + _BATCH], key=lambda r: r.topic))
        while await router.reconsider():
            pass
    connection = await asyncpg.connect(dsn)
    await connection.execute("SET synchronous_commit = off")
    await connection.execute(_ANSWERED)
    routed = await connection.fetchval(
        "SELECT count(*) FROM event JOIN occurrence USING (occurrence_id)"
    )
    text = Path(__file__).with_name("multiply_replay.sql").read_text("utf-8")
    statements = re.split(r"^-- name: \w+\n", text, flags=re.MULTILINE)[1:]
    # the events first: they are told apart from their copies, the others by being copied once
    for statement in sorted(statements, key=lambda one: "INTO event" not in one):
        await connection.execute(statement, max(0, events // routed - 1))
    await connection.execute("VACUUM ANALYZE")
    await _tell_size(connection, time.perf_counter() - began)
    await connection.close()


async def _tell_size(connection: "asyncpg.Connection[asyncpg.Record]", seconds: float) -> None:
    row = await connection.fetchrow(
        "SELECT (SELECT count(*) FROM event JOIN occurrence USING (occurrence_id)) AS events,"
        " (SELECT count(*) FROM occurrence) AS occurrences,"
        " (SELECT count(*) FROM decision) AS decisions,"
        " (SELECT count(*) FROM duty) AS duties,"
        " pg_size_pretty(pg_database_size(current_database())) AS size"
    )
    assert row is not None
    print(
        f"{row['events']:,} events of {row['occurrences']:,} occurrences,"
        f" {row['decisions']:,} decisions, {row['duties']:,} duties, {row['size']};"
        f" made in {seconds:.0f} s"
    )


def measure(dsn: str, name: str, rulebook: Rulebook, *, processes: int) -> None:
    """One replay of everything, with what it took."""
    before, began = _spent(dsn), time.perf_counter()
    report = replay_period(dsn, Asked(rulebook, _BEGINNING, _END, processes), Progress())
    seconds = time.perf_counter() - began
    ours, postgres = (after - then for after, then in zip(_spent(dsn), before, strict=True))
    print(
        f"{name:28} {seconds:7.1f} s on the clock, {processes} processes;"
        f" processor {ours:7.1f} s ours + {postgres:6.1f} s PostgreSQL"
        f" = {(ours + postgres) / max(1, report.events) * 1e6:6.0f} us an event;"
        f" {report.decided:,} decided again ({report.from_facts:,} from facts),"
        f" {len(report.found):,} differences"
    )


def other_rulebooks() -> Mapping[str, Rulebook]:
    """A rule that told few, and one that told many, are gone; and a change of the directory."""
    return {
        "a rule about few": _less("rules/police.yaml", "da-pregnant-victim"),
        "a rule about many": _less("rules/emergency.yaml", "ed-child-at-school"),
        "a line of the directory": _with("directory/teams.csv", "\n"),
        "the practice of 2016": load_rulebook(rulebook_files("staffordshire-2016")),
    }


def _less(path: str, rule: str) -> Rulebook:
    files = dict(rulebook_files("staffordshire"))
    first, *blocks = files[path].split("\n- ")
    kept = [each for each in blocks if each.split("\n")[0] != f"rule: {rule}"]
    return load_rulebook({**files, path: "\n- ".join([first, *kept])})


def _with(path: str, more: str) -> Rulebook:
    files = dict(rulebook_files("staffordshire"))
    return load_rulebook({**files, path: files[path] + more})


def _spent(dsn: str) -> tuple[float, float]:
    """Seconds of processor time so far: ours with our children's, and that of ended backends."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    fields = _stat_of(asyncio.run(_postmaster(dsn)))
    postgres = (int(fields[13]) + int(fields[14])) / _TICKS
    return sum(each.ru_utime + each.ru_stime for each in used), postgres


async def _postmaster(dsn: str) -> int:
    """The server's own process: every backend has the same parent."""
    connection = await asyncpg.connect(dsn)
    parent = int(_stat_of(await connection.fetchval("SELECT pg_backend_pid()"))[1])
    await connection.close()
    await asyncio.sleep(1)  # until the last backends have been reaped
    return parent


def _stat_of(process: int) -> list[str]:
    """What Linux says of a process, from its state on."""
    return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()


def main() -> None:
    """Runs it on a PostgreSQL of its own, which is gone afterwards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--messages", type=int, default=5000, help="routed, and then multiplied")
    parser.add_argument("--processes", type=int, default=processes_for_all_cores())
    asked = parser.parse_args()
    settings = read_settings()
    configure_logging(LoggingSettings(level="error"), clock=FixedClock(START), service="bench")
    with tempfile.TemporaryDirectory() as folder:
        own = settings.model_copy(
            update={
                "sandbox": SandboxSettings(folder=Path(folder)),
                "kafka": KafkaSettings(bootstrap_servers="not-needed:9092"),
            }
        )
        with Sandbox(own) as sandbox:
            asyncio.run(_configure(sandbox.dsn))
        with Sandbox(own) as sandbox:
            asyncio.run(fill(sandbox.dsn, messages=asked.messages, events=asked.events))
            for name, rulebook in other_rulebooks().items():
                measure(sandbox.dsn, name, rulebook, processes=asked.processes)


async def _configure(dsn: str) -> None:
    """With 1 GB of memory for PostgreSQL's own, as the other benchmarks."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("ALTER SYSTEM SET shared_buffers = '1GB'")
    await connection.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
    await connection.close()


if __name__ == "__main__":
    main()
