"""`make bench-console`: every page of the console over a million duties, in a real PostgreSQL.

It asks the application itself, without a network, as somebody who has signed in, and prints what
it measured; it asserts nothing but that each page was shown. PostgreSQL is as safe as in production
(fsync on), and has 1 GB of memory for its own. To measure another page add it to
`PAGES` in `console_pages.py`.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx2

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
from tests.benchmarks.console_pages import PAGES, Page, furnish, places
from tests.benchmarks.missed import NOW, configure, fill
from tests.benchmarks.report import quantile
from tests.console_kit import Reception, Visitor, a_reception

TARGET = 200.0
"""Milliseconds in which 95 of 100 answers are given."""
_OFTEN = 1_000_000
_A_MINUTE = timedelta(minutes=1)


async def run(dsn: str, requests: int, only: str) -> None:
    """Makes the ledger, asks for one page after another, and prints."""
    async with open_pool(dsn, size=4, application_name="bench", one_core=True) as pool:
        await migrate(pool, at=NOW)
        if not await pool.fetchval("SELECT EXISTS (SELECT 1 FROM duty)"):
            await fill(dsn)
        await furnish(pool, NOW)
        desk = Desk(pool, a_reception(pool, FixedClock(NOW)), await places(pool), requests)
        desk.let_search()
        print(f"load of the machine: {', '.join(f'{each:.1f}' for each in os.getloadavg())}")
        print(f"{requests} requests a page; cpu: of this process and PostgreSQL, a request")
        print(f"{'page':28} {'p50 ms':>9} {'p95 ms':>9} {'cpu ms':>9}")
        missed = [page.name for page in PAGES if only in page.name and not await desk.time(page)]
        await desk.reception.console.rules.stop()
        told = ", ".join(missed) or "none"
        print(f"pages that miss {TARGET:.0f} ms for 95 of 100: {told}")


@dataclass(slots=True)
class Desk:
    """A console whose pages are timed, and the people who have signed in to it."""

    pool: Pool
    reception: Reception
    places: Mapping[str, str]
    requests: int
    _people: dict[str, Visitor] = field(default_factory=dict)

    def let_search(self) -> None:
        """As often as is measured: ten a minute are a person's own limit."""
        console = self.reception.console
        console.person_rate.most = console.person_address_rate.most = _OFTEN

    async def time(self, page: Page) -> bool:
        """Times a page, prints it, and answers whether it meets the target."""
        self.reception.clock.set(NOW)
        visitor = await self._visitor(page.subject)
        path = page.path.format_map(self.places)
        sent = page.form and {k: v.format_map(self.places) for k, v in page.form.items()}
        if page.leads_on and sent:
            await visitor.get(path)
            path, sent = (await visitor.post(path, **sent)).headers["location"], None
        answer = await self._first(visitor, path, sent)
        taken, used = [], Used(await _servers(self.pool))
        before = used.milliseconds()
        for _ in range(self.requests):
            self.reception.clock.advance(_A_MINUTE if page.anew else timedelta())
            began = time.perf_counter()
            answer = await (visitor.post(path, **sent) if sent else visitor.client.get(path))
            taken.append((time.perf_counter() - began) * 1000)
            if answer.status_code >= 400:
                break
        cpu = (used.milliseconds() - before) / len(taken)
        if answer.status_code >= 400:
            print(f"{page.name:28} answered {answer.status_code}")
            return False
        p50, p95 = quantile(taken, 0.5), quantile(taken, 0.95)
        said = "" if p95 < TARGET else f"   misses {TARGET:.0f} ms"
        print(f"{page.name:28} {p50:9.1f} {p95:9.1f} {cpu:9.1f}{said}", flush=True)
        return p95 < TARGET

    async def _visitor(self, subject: str) -> Visitor:
        if subject not in self._people:
            self._people[subject] = await self.reception.person(subject)
        return self._people[subject]

    async def _first(
        self, visitor: Visitor, path: str, sent: Mapping[str, str] | None
    ) -> httpx2.Response:
        """The first answer, which is not timed; where something is worked out, the one after."""
        answer = await visitor.get(path)
        while answer.status_code == 202:
            await asyncio.sleep(1)
            answer = await visitor.get(path)
        return answer if sent is None else await visitor.post(path, **sent)


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


def main() -> None:
    """Runs it on a PostgreSQL of its own, which is gone afterwards unless it is to be kept."""
    parser = argparse.ArgumentParser(prog="make bench-console", description=__doc__)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--only", default="", help="pages with this in their name")
    parser.add_argument("--dsn", default="", help="a database of your own; filled if empty")
    parser.add_argument("--keep", type=Path, help="a folder that keeps the ledger for the next run")
    arguments = parser.parse_args()
    configure_logging(LoggingSettings(level="error"), clock=SystemClock(), service="bench")
    measure = partial(run, requests=arguments.requests, only=arguments.only)
    if arguments.dsn:
        asyncio.run(measure(arguments.dsn))
        return
    with _folder(arguments.keep) as folder:
        own = read_settings().model_copy(
            update={
                "sandbox": SandboxSettings(folder=folder),
                "kafka": KafkaSettings(bootstrap_servers="not-needed:9092"),
            }
        )
        with Sandbox(own) as sandbox:
            asyncio.run(configure(sandbox.dsn))
        with Sandbox(own) as sandbox:
            asyncio.run(measure(sandbox.dsn))


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """Where PostgreSQL keeps its files: a folder to come back to, or one that will be gone."""
    if kept is not None:
        yield kept.absolute()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
