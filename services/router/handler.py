"""The use case: records in, and everything about them in the ledger."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.ledger.register import due_reconsiderations, postpone
from services.router.arrivals import Arrival, ReadEvent, arrival, given_up, in_parts
from services.router.bad_rows import BadRowLimit
from services.router.batch import Written, write_batch
from services.router.reconsidering import MOST_AT_ONCE, PUT_OFF_FOR, decide_again
from services.router.record import Record
from services.router.routing import Routing
from services.router.settling import NOT_TO_BE_DONE, Settling
from services.runtime.backoff import Answer, Backoff, until_done
from services.runtime.clock import Clock
from services.runtime.errors import TransientError
from services.runtime.logging import get_logger
from services.runtime.postgres import DatabaseAway, Pool, reading, transaction

_MOST_LOCKS = 3000
"""Locks of one transaction. PostgreSQL has 6,400 places for all together unless told otherwise."""
_NOT_ROUTED = "could not be routed"

_log = get_logger(__name__)


@dataclass(slots=True)
class Router:
    """Routes batches of records, and decides again what is due.

    One at a time: the order of records is the order of calls.
    """

    pool: Pool
    routing: Routing
    read: ReadEvent
    clock: Clock
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    backoff: Backoff = field(default_factory=Backoff)
    limit: BadRowLimit = field(default_factory=BadRowLimit)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

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
        settling: Settling[Arrival, Written] = Settling(
            self._commit, given_up, self.limit, _NOT_ROUTED
        )
        written = Written()
        async with self._turn:
            for part in in_parts(arrivals, most_locks=_MOST_LOCKS):
                for done in await settling.settle(part):
                    written += done
        _log.info(
            "routed",
            records=len(records),
            events=written.events,
            repeated=written.repeated,
            duty_changes=written.duty_changes,
            dead_letters=written.dead_letters,
            skipped=written.skipped,
            milliseconds=_milliseconds_since(began),
        )
        return written

    async def follow_up(self) -> None:
        """After a batch, what has come due is decided again; as `reconsider`."""
        await self.reconsider()

    def speaker_of(self, topic: str) -> str:
        """The publisher that speaks on a topic."""
        return self.routing.post.topics.publisher_of(topic)

    async def reconsider(self) -> int:
        """Decides some of the occurrences again that are due; answers how many were looked at.

        When it returns, they are committed, or put off because our own code failed on them; when it
        raises, they stay due. Waits for a batch that is being written, and for PostgreSQL. Raises
        `Stopping` and `DatabaseProblem` (stop).
        """
        began = asyncio.get_running_loop().time()
        async with self._turn:
            at = self.clock.now()
            due = await self._patiently(lambda: self._due(at))
            done = await self._reconsider(due, at) if due else 0
        if due:
            _log.info(
                "reconsidered",
                occurrences=len(due),
                decided=done,
                milliseconds=_milliseconds_since(began),
            )
        return len(due)

    async def _commit(self, arrivals: Sequence[Arrival]) -> Written:
        return await self._patiently(lambda: self._attempt(arrivals))

    async def _attempt(self, arrivals: Sequence[Arrival]) -> Written:
        async with transaction(self.pool) as connection:
            return await write_batch(connection, arrivals, self.routing, at=self.clock.now())

    async def _due(self, at: datetime) -> Sequence[UUID]:
        async with reading(self.pool) as connection:
            return await due_reconsiderations(connection, at=at, most=MOST_AT_ONCE)

    async def _reconsider(self, due: Sequence[UUID], at: datetime) -> int:
        """Decides occurrences again; one that cannot be is searched for by halves and put off."""
        try:
            return await self._patiently(lambda: self._attempt_again(due, at))
        except NOT_TO_BE_DONE as error:
            if len(due) == 1:
                _log.error("reconsideration_failed", occurrence_id=str(due[0]), exc_info=error)
                await self._patiently(lambda: self._put_off(due[0], at))
                return 0
        middle = len(due) // 2
        return await self._reconsider(due[:middle], at) + await self._reconsider(due[middle:], at)

    async def _attempt_again(self, due: Sequence[UUID], at: datetime) -> int:
        async with transaction(self.pool) as connection:
            return await decide_again(connection, due, self.routing, at=at)

    async def _put_off(self, occurrence_id: UUID, at: datetime) -> None:
        async with transaction(self.pool) as connection:
            await postpone(connection, occurrence_id, at=at, until=at + PUT_OFF_FOR)

    async def _patiently(self, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """One transaction, repeated for as long as PostgreSQL is away."""
        return await until_done(
            work,
            away=DatabaseAway,
            backoff=self.backoff,
            stopping=self.stopping,
            outage=_note_outage,
        )


def _milliseconds_since(began: float) -> int:
    return round((asyncio.get_running_loop().time() - began) * 1000)


def _note_outage(error: TransientError | None) -> None:
    if error is None:
        _log.warning("postgres_back")
    else:
        _log.error("postgres_away", exc_info=error)
