"""`make bench-missed`: what was missed, among a million duties, in a real PostgreSQL.

It prints what it measured, with the plan of the page, and asserts nothing. PostgreSQL is as safe as
in production (fsync on), and has 1 GB of memory for its own.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import asyncpg

from schemas.values import Service
from services.ledger.conservation import check_conservation
from services.ledger.migrate import migrate
from services.ledger.missed import MissedFilter, count_missed, list_missed
from services.ledger.missed_causes import MissedCause
from services.ledger.queries import SQL
from services.ledger.queues import Queues
from services.ledger.reading import DutyFilter, list_duties
from services.ledger.watching import forecast
from services.runtime.postgres import Pool, open_pool
from services.runtime.settings import KafkaSettings, SandboxSettings, read_settings
from services.runtime.topics import Topics
from services.sandbox.stack import Sandbox
from services.watch.chasing import Chasing
from tests.benchmarks.report import quantile
from tests.builders import staffordshire

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
_CALLS = 300
_MEMORY = "1GB"
_FEBRUARY = (datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
_PAGES = {
    "finder, first page": MissedFilter(),
    "finder, February": MissedFilter(*_FEBRUARY),
    "finder, a service": MissedFilter(service=Service.MIDWIFERY),
    "finder, a district": MissedFilter(district="E07000193"),
    "finder, a rare cause": MissedFilter(cause=MissedCause.REFUSED),
    "finder, a cause that is not": MissedFilter(cause=MissedCause.NOT_OURS),
}


async def run(dsn: str) -> None:
    """Makes the ledger, measures one thing after another, and prints."""
    async with open_pool(dsn, size=2, application_name="bench") as pool:
        await migrate(pool, at=NOW)
        await fill(dsn)
        for name, which in _PAGES.items():
            await _time(name, partial(list_missed, pool, which, at=NOW))
        await _time("overdue page", lambda: list_duties(pool, DutyFilter(overdue_at=NOW)))
        tomorrow = NOW + timedelta(days=1)
        await _time("forecast", lambda: forecast(pool, until=tomorrow, at=NOW, limit=100))
        await _time("finder, counts", lambda: count_missed(pool, MissedFilter(), at=NOW), calls=10)
        await _time("ledger check", lambda: check_conservation(pool, at=NOW), calls=3)
        await _watch(pool)
        await _explain(pool)


async def fill(dsn: str) -> None:
    """Makes a million duties in a ledger that has none."""
    began = time.perf_counter()
    connection = await asyncpg.connect(dsn)
    text = Path(__file__).with_name("million_duties.sql").read_text("utf-8")
    for statement in text.split(";\n"):
        if statement.strip():
            await connection.execute(statement)
    duties = await connection.fetchval("SELECT count(*) FROM duty")
    await connection.close()
    print(f"{duties:,} duties, made in {time.perf_counter() - began:.0f} s")


async def _time(name: str, call: Callable[[], Awaitable[object]], *, calls: int = _CALLS) -> None:
    taken = []
    for _ in range(calls):
        began = time.perf_counter()
        await call()
        taken.append((time.perf_counter() - began) * 1000)
    p50, p95 = quantile(taken, 0.5), quantile(taken, 0.95)
    print(f"{name:28} p50 {p50:8.1f} ms   p95 {p95:8.1f} ms   ({calls} calls)")


async def _watch(pool: Pool) -> None:
    """A pass over what is due, and one when nothing is."""
    queues = Queues(Topics("fieldfare"), 1)
    chasing = Chasing(pool, staffordshire(), queues, "http://127.0.0.1:8080")
    for name in ("watch pass, much is due", "watch pass, nothing is due"):
        began = time.perf_counter()
        chased = await chasing.chase(NOW)
        taken = (time.perf_counter() - began) * 1000
        print(f"{name:28} {taken:12.1f} ms   {chased}")


async def _explain(pool: Pool) -> None:
    which = MissedFilter()
    asked = (NOW, list(MissedCause), which.since, which.until, None, None, None)
    after = (which.after.occurred_at, which.after.row_id, which.limit)
    async with pool.acquire() as connection:
        plan = await connection.fetch(
            f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {SQL['missed_page']}", *asked, *after
        )
    print("\nplan of the finder's first page:")
    print("\n".join(row[0] for row in plan))


def main() -> None:
    """Runs it on a PostgreSQL of its own, which is gone afterwards."""
    settings = read_settings()
    with tempfile.TemporaryDirectory() as folder:
        own = settings.model_copy(
            update={
                "sandbox": SandboxSettings(folder=Path(folder)),
                "kafka": KafkaSettings(bootstrap_servers="not-needed:9092"),
            }
        )
        with Sandbox(own) as sandbox:
            asyncio.run(configure(sandbox.dsn))
        with Sandbox(own) as sandbox:
            asyncio.run(run(sandbox.dsn))


async def configure(dsn: str) -> None:
    """PostgreSQL's own default would keep next to nothing of a million duties in memory."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"ALTER SYSTEM SET shared_buffers = '{_MEMORY}'")
    await connection.close()


if __name__ == "__main__":
    main()
