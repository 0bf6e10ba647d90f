"""The use case: records in, and everything about them in the ledger."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.ledger.cases import CaseUnreadable
from services.router.arrivals import Arrival, ReadEvent, arrival, given_up, in_parts
from services.router.bad_rows import BadRowLimit
from services.router.batch import Routing, Written, write_batch
from services.router.fold import Unroutable
from services.router.record import Record
from services.runtime.backoff import Backoff, until_done
from services.runtime.clock import Clock
from services.runtime.errors import TransientError
from services.runtime.logging import get_logger
from services.runtime.postgres import DatabaseAway, Pool, RowRefused, transaction

_MOST_LOCKS = 3000
"""Locks of one transaction. PostgreSQL has 6,400 places for all together unless told otherwise."""
_NOT_ROUTED = "could not be routed"
_NOT_STORED = "could not be stored"

_log = get_logger(__name__)


@dataclass(slots=True)
class Router:
    """Routes batches of records. One at a time: the order of records is the order of calls."""

    pool: Pool
    routing: Routing
    read: ReadEvent
    clock: Clock
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    backoff: Backoff = field(default_factory=Backoff)
    limit: BadRowLimit = field(default_factory=BadRowLimit)

    async def handle(self, records: Sequence[Record]) -> Written:
        """Writes everything about the records into the ledger, and answers what came of them.

        When it returns, all is committed; whatever it raises, repeating the same records later is
        right, since what was committed is skipped. It blocks for as long as PostgreSQL is away.
        Raises `PartitionLost` (seek to the ledger's offsets), `Stopping`, `TooManyBadRows`,
        `RulebookUnfit` and `DatabaseProblem` (stop).
        """
        began = asyncio.get_running_loop().time()
        topics = self.routing.post.topics
        arrivals = [arrival(record, topics, self.read) for record in records]
        written = Written()
        for part in in_parts(arrivals, most_locks=_MOST_LOCKS):
            written += await self._settle(part)
        seconds = asyncio.get_running_loop().time() - began
        _log.info(
            "routed",
            records=len(records),
            events=written.events,
            repeated=written.repeated,
            duty_changes=written.duty_changes,
            dead_letters=written.dead_letters,
            skipped=written.skipped,
            milliseconds=round(seconds * 1000),
        )
        return written

    async def _settle(self, arrivals: Sequence[Arrival]) -> Written:
        """Commits the arrivals; one that cannot be is searched for by halves and given up."""
        try:
            written = await self._commit(arrivals)
        except (Unroutable, CaseUnreadable, RowRefused) as error:
            if len(arrivals) == 1:
                return await self._give_up(arrivals[0], error)
        else:
            self.limit.note_good(len(arrivals))
            return written
        middle = len(arrivals) // 2
        return await self._settle(arrivals[:middle]) + await self._settle(arrivals[middle:])

    async def _give_up(self, bad: Arrival, error: Exception) -> Written:
        self.limit.note_bad()
        record = bad.record
        _log.error(
            "given_up",
            topic=record.topic,
            partition=record.partition,
            log_offset=record.offset,
            exc_info=error,
        )
        reason = _NOT_STORED if isinstance(error, RowRefused) else _NOT_ROUTED
        return await self._commit([given_up(bad, reason)])

    async def _commit(self, arrivals: Sequence[Arrival]) -> Written:
        """One transaction, repeated for as long as PostgreSQL is away."""
        return await until_done(
            lambda: self._attempt(arrivals),
            away=DatabaseAway,
            backoff=self.backoff,
            stopping=self.stopping,
            outage=_note_outage,
        )

    async def _attempt(self, arrivals: Sequence[Arrival]) -> Written:
        async with transaction(self.pool) as connection:
            return await write_batch(connection, arrivals, self.routing, at=self.clock.now())


def _note_outage(error: TransientError | None) -> None:
    if error is None:
        _log.warning("postgres_back")
    else:
        _log.error("postgres_away", exc_info=error)
