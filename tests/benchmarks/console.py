"""`make bench-console`: every page of the console over a million duties, in a real PostgreSQL.

It asks the application itself, without a network, as somebody who has signed in, and prints what
it measured; it asserts nothing but that each page was shown. PostgreSQL is as safe as in production
(fsync on), and has 1 GB of memory for its own. To measure another page add it to `PAGES`.
"""

import argparse
import asyncio
import os
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from services.ledger.migrate import migrate
from services.runtime.clock import FixedClock, SystemClock
from services.runtime.logging import configure_logging
from services.runtime.postgres import Pool, open_pool
from services.runtime.settings import (
    KafkaSettings,
    LoggingSettings,
    SandboxSettings,
    read_settings,
)
from services.sandbox.stack import Sandbox
from tests.benchmarks.missed import NOW, configure, fill
from tests.benchmarks.report import quantile
from tests.console_kit import Visitor, a_reception
from tests.live_rulebook import make_live

TARGET = 200.0
"""Milliseconds in which 95 of 100 answers are given."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, who opens it, and where; `{duty}` and the like are filled in from the ledger."""

    name: str
    subject: str
    path: str


PAGES = (
    Page("Now", "carys", "/now"),
    Page("Missed", "carys", "/missed"),
    Page("Missed, one service", "carys", "/missed?service=midwifery"),
    Page("Missed, one district", "carys", "/missed?district=E07000193"),
    Page("Missed, a rare cause", "carys", "/missed?cause=refused"),
    Page("Missed, a page later", "carys", "/missed?after={later}"),
    Page("Pathways, 7 days", "carys", "/pathways?days=7"),
    Page("Pathways, 28 days", "carys", "/pathways"),
    Page("Pathways, 91 days", "carys", "/pathways?days=91"),
    Page("Duties behind a number", "carys", "/duties?service=midwifery&district=E07000193"),
    Page("Duties, none fits", "carys", "/duties?service=camhs&days=91"),
    Page("Exceptions", "carys", "/exceptions"),
    Page("Exceptions, one source", "carys", "/exceptions?source={source}&taken=no"),
    Page("Exceptions, none fits", "carys", "/exceptions?waiting=unreadable"),
    Page("A duty", "carys", "/duties/{duty}"),
    Page("An event", "carys", "/events/{event}"),
    Page("Sources", "carys", "/sources"),
    Page("Audit", "arthur", "/audit"),
    Page("Worklist", "mina", "/worklist"),
    Page("A notice", "mina", "/worklist/{notice}"),
)


async def run(dsn: str, requests: int, only: str) -> None:
    """Makes the ledger, asks for one page after another, and prints."""
    async with open_pool(dsn, size=4, application_name="bench") as pool:
        await migrate(pool, at=NOW)
        if not await pool.fetchval("SELECT EXISTS (SELECT 1 FROM duty)"):
            await fill(dsn)
            await make_live(pool, NOW)
        known = await _known(pool)
        reception = a_reception(pool, FixedClock(NOW))
        visitors: dict[str, Visitor] = {}
        print(f"load of the machine: {', '.join(f'{each:.1f}' for each in os.getloadavg())}")
        print(f"{requests} requests a page; cpu: of this process and PostgreSQL, a request")
        print(f"{'page':28} {'p50 ms':>9} {'p95 ms':>9} {'cpu ms':>9}")
        for page in PAGES:
            if only not in page.name:
                continue
            if page.subject not in visitors:
                visitors[page.subject] = await reception.person(page.subject)
            path = page.path.format_map(known)
            await _time(
                page.name, visitors[page.subject], path, Used(await _servers(pool)), requests
            )


async def _known(pool: Pool) -> dict[str, str]:
    """A duty, its event, and a notice of the midwives whom the demonstration lets in."""
    async with pool.acquire() as connection:
        [row] = await connection.fetch(
            "SELECT duty_id, occurrence_id, notification_id FROM duty"
            " WHERE recipient = 'RJF:midwifery' AND ended_at IS NULL AND state = 'sent'"
            " ORDER BY owed_at DESC LIMIT 1"
        )
    return {
        "duty": str(row["duty_id"]),
        "event": str(row["occurrence_id"]),
        "notice": str(row["notification_id"]),
        "source": "urn:fieldfare:source:staffordshire-police",
        "later": "2025-03-06T12:00:00%2B00:00/00000000-0000-0000-0000-000000000000",
    }


@dataclass(frozen=True, slots=True)
class Used:
    """The processor time of this process and of PostgreSQL's, however busy the machine is."""

    servers: frozenset[int]

    def milliseconds(self) -> float:
        """Until now; parallel workers count once they have ended."""
        ticks = sum(self._ticks(pid, parent=False) for pid in self.servers)
        ticks += sum(
            self._ticks(pid, parent=True) for pid in {self._parent(p) for p in self.servers}
        )
        return time.process_time() * 1000 + ticks * 1000 / os.sysconf("SC_CLK_TCK")

    def _ticks(self, pid: int, *, parent: bool) -> int:
        own, children = slice(11, 13), slice(13, 15)
        return sum(int(each) for each in self._fields(pid)[children if parent else own])

    def _parent(self, pid: int) -> int:
        return int(self._fields(pid)[1])

    def _fields(self, pid: int) -> list[str]:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()


async def _servers(pool: Pool) -> frozenset[int]:
    async with pool.acquire() as connection:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'bench'"
        )
    return frozenset(row["pid"] for row in rows)


async def _time(name: str, visitor: Visitor, path: str, used: Used, requests: int) -> None:
    await visitor.get(path)
    taken, before = [], used.milliseconds()
    for _ in range(requests):
        began = time.perf_counter()
        answer = await visitor.client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            print(f"{name:28} answered {answer.status_code}")
            return
    cpu = (used.milliseconds() - before) / requests
    p50, p95 = quantile(taken, 0.5), quantile(taken, 0.95)
    missed = "" if p95 < TARGET else f"   misses {TARGET:.0f} ms"
    print(f"{name:28} {p50:9.1f} {p95:9.1f} {cpu:9.1f}{missed}", flush=True)


def main() -> None:
    """Runs it on a PostgreSQL of its own, which is gone afterwards."""
    parser = argparse.ArgumentParser(prog="make bench-console", description=__doc__)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--only", default="", help="pages with this in their name")
    parser.add_argument("--dsn", default="", help="a database of your own; filled if empty")
    arguments = parser.parse_args()
    configure_logging(LoggingSettings(level="error"), clock=SystemClock(), service="bench")
    measure = partial(run, requests=arguments.requests, only=arguments.only)
    if arguments.dsn:
        asyncio.run(measure(arguments.dsn))
        return
    with tempfile.TemporaryDirectory() as folder:
        own = read_settings().model_copy(
            update={
                "sandbox": SandboxSettings(folder=Path(folder)),
                "kafka": KafkaSettings(bootstrap_servers="not-needed:9092"),
            }
        )
        with Sandbox(own) as sandbox:
            asyncio.run(configure(sandbox.dsn))
        with Sandbox(own) as sandbox:
            asyncio.run(measure(sandbox.dsn))


if __name__ == "__main__":
    main()
