"""A replay from beginning to end: what is asked of the ledger, and what comes of it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from routing_rules.rulebook import Rulebook
from schemas.values import EventType
from services.ledger.migrate import check_schema
from services.ledger.replaying import Extent, Occurrence, extent_of, occurrences_in
from services.ledger.rulebooks import all_files
from services.replay.comparing import Compared, Sieves
from services.replay.found import AllFound
from services.replay.report import ReplayReport
from services.replay.share import Task
from services.replay.workers import Heard, compare_on_cores
from services.runtime.postgres import open_pool, snapshot


@dataclass(frozen=True, slots=True)
class Asked:
    """Through which rulebook which period is replayed, by how many processes.

    From `since` to just before `until`, when things happened. Without `sieved` everything is
    decided again: slower, and the same answer.
    """

    rulebook: Rulebook
    since: datetime
    until: datetime
    processes: int
    sieved: bool = True


class Progress:
    """Is told how far a replay is; by default nobody hears of it."""

    def begin(self, occurrences: int) -> None:
        """So many are to be looked at."""

    def done(self, occurrences: int) -> None:
        """So many more have been."""

    def again(self) -> None:
        """A process was lost, and what it had in hand is looked at again."""


@dataclass(frozen=True, slots=True)
class _Work:
    task: Task
    extent: Extent
    occurrences: list[Occurrence]


def replay_period(dsn: str, asked: Asked, progress: Progress) -> ReplayReport:
    """Who would have been told, and who not, had this rulebook decided all of a period.

    Reads only, beside routers at work: what happens meanwhile may or may not be in it. Raises
    `ReplayStopped`, `WorkerLost`, `DatabaseAway`, `DatabaseProblem`, `MigrationRefused` and
    `CaseUnreadable`.
    """
    work = asyncio.run(_prepare(dsn, asked))
    progress.begin(len(work.occurrences))
    parts = _compare(work, asked, progress)
    return ReplayReport(
        rulebook=asked.rulebook.label,
        since=asked.since,
        until=asked.until,
        events=work.extent.events,
        occurrences=work.extent.occurrences,
        decided=sum(each.decided for each in parts),
        from_facts=sum(each.from_facts for each in parts),
        found=AllFound(each.packed for each in parts),
    )


def _compare(work: _Work, asked: Asked, progress: Progress) -> list[Compared]:
    if not work.occurrences:
        return []
    heard = Heard(lambda part: progress.done(part.occurrences), progress.again)
    return compare_on_cores(work.task, work.occurrences, heard, processes=asked.processes)


async def _prepare(dsn: str, asked: Asked) -> _Work:
    async with open_pool(dsn, size=1, application_name="fieldfare-replay") as pool:
        await check_schema(pool)
        async with snapshot(pool) as connection:
            stored = await all_files(connection)
            task = Task(dsn, dict(asked.rulebook.files), stored, asked.sieved)
            extent = await extent_of(connection, asked.since, asked.until)
            types = _types(task, asked)
            found = await occurrences_in(connection, asked.since, asked.until, types)
    return _Work(task, extent, found)


def _types(task: Task, asked: Asked) -> frozenset[EventType] | None:
    """The kinds of events that may have been decided otherwise; None: all of them."""
    if not task.sieved:
        return None
    types = Sieves(asked.rulebook, task.stored).types()
    return None if len(types) == len(EventType) else types
