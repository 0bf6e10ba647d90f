"""The use case: records in, and everything about them in the ledger."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.ledger.live_rulebook import LiveRulebook
from services.ledger.register import due_reconsiderations, postpone
from services.router.arrivals import Arrival, ReadEvent, arrival, given_up, in_parts
from services.router.bad_rows import BadRowLimit
from services.router.batch import Written, write_batch
from services.router.reconsidering import FEW, PUT_OFF_FOR, decide_again, slice_after
from services.router.record import Record
from services.router.routing import Routing
from services.router.settling import NOT_TO_BE_DONE, Settling
from services.router.stopwatch import Stage, Stopwatch
from services.runtime.backoff import Answer, Backoff, Stopping, until_done
from services.runtime.clock import Clock
from services.runtime.errors import TransientError
from services.runtime.lifecycle import either
from services.runtime.logging import get_logger
from services.runtime.postgres import DatabaseAway, Pool, reading, transaction

_MOST_LOCKS = 3000
"""Locks of one transaction. PostgreSQL has 6,400 places for all together unless told otherwise."""
_LOOK_AGAIN_SECONDS = 1.0
"""How soon what is due by time alone, or was learned by another router, is noticed."""
_NOT_ROUTED = "could not be routed"

_log = get_logger(__name__)


@dataclass(slots=True)
class Router:
    """Routes batches of records, and decides again what is due.

    One at a time, in the order of calls: whoever waits is next. So if each batch is handed in when
    the one before it is done, it waits for one slice of what is due at most, and what is due waits
    for one batch, however many there are of either.
    """

    pool: Pool
    routing: Routing
    read: ReadEvent
    clock: Clock
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    backoff: Backoff = field(default_factory=Backoff)
    limit: BadRowLimit = field(default_factory=BadRowLimit)
    live: LiveRulebook | None = None
    """What is live, whatever was so a moment ago; without it, the rulebook of `routing` is."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _routed: asyncio.Event = field(default_factory=asyncio.Event)
    _slice: int = FEW

    async def handle(self, records: Sequence[Record]) -> Written:
        """Writes everything about the records into the ledger, and answers what came of them.

        When it returns, all is committed; whatever it raises, repeating the same records later is
        right, since what was committed is skipped. It blocks for as long as PostgreSQL is away.
        Raises `PartitionLost` (seek to the ledger's offsets), `Stopping`, `TooManyBadRows`,
        `RulebookUnfit` and `DatabaseProblem` (stop).
        """
        watch = Stopwatch()
        topics = self.routing.post.topics
        arrivals = [arrival(record, topics, self.read) for record in records]
        watch.lap(Stage.PARSE)
        settling: Settling[Arrival, Written] = Settling(
            lambda part: self._commit(part, watch), given_up, self.limit, _NOT_ROUTED
        )
        written = Written()
        async with self._turn:
            watch.lap(Stage.WAIT)
            for part in in_parts(arrivals, most_locks=_MOST_LOCKS):
                for done in await settling.settle(part):
                    written += done
            self._slice = slice_after(len(records))
        self._routed.set()
        _log.info(
            "routed",
            records=len(records),
            events=written.events,
            repeated=written.repeated,
            duty_changes=written.duty_changes,
            dead_letters=written.dead_letters,
            skipped=written.skipped,
            milliseconds=watch.milliseconds,
            stages=watch.by_stage(),
        )
        return written

    def speaker_of(self, topic: str) -> str:
        """The publisher that speaks on a topic."""
        return self.routing.post.topics.publisher_of(topic)

    async def keep_reconsidering(self) -> None:
        """Decides again what is due, slice by slice between the batches, until asked to stop.

        Looks after each batch, and now and then. Raises `DatabaseProblem` (stop).
        """
        with suppress(Stopping):
            while not self.stopping.is_set():
                self._routed.clear()
                if await self.reconsider() == 0:
                    await either(self._routed, self.stopping, most_seconds=_LOOK_AGAIN_SECONDS)

    async def reconsider(self) -> int:
        """Decides a slice of the occurrences again that are due; answers how many it looked at.

        When it returns, they are committed, or put off because our own code failed on them; when it
        raises, they stay due. Waits for a batch that is being written, and for PostgreSQL. Raises
        `Stopping` and `DatabaseProblem` (stop).
        """
        watch = Stopwatch()
        async with self._turn:
            watch.lap(Stage.WAIT)
            at, most, self._slice = self.clock.now(), self._slice, FEW
            due = await self._patiently(lambda: self._due(at, most))
            done = await self._reconsider(due, at, watch) if due else 0
        if due:
            _log.info(
                "reconsidered",
                occurrences=len(due),
                decided=done,
                milliseconds=watch.milliseconds,
                stages=watch.by_stage(),
            )
        return len(due)

    async def _commit(self, arrivals: Sequence[Arrival], watch: Stopwatch) -> Written:
        return await self._patiently(lambda: self._attempt(arrivals, watch))

    async def _attempt(self, arrivals: Sequence[Arrival], watch: Stopwatch) -> Written:
        at = self.clock.now()
        async with transaction(self.pool) as connection:
            routing = await self.routing.under(self.live, connection, at=at)
            written = await write_batch(connection, arrivals, routing, at=at, watch=watch)
        watch.lap(Stage.WRITE)
        return written

    async def _due(self, at: datetime, most: int) -> Sequence[UUID]:
        async with reading(self.pool) as connection:
            if self.live is not None:  # a router with nothing to do learns of another version, too
                await self.live.read(connection, at=at)
            return await due_reconsiderations(connection, at=at, most=most)

    async def _reconsider(self, due: Sequence[UUID], at: datetime, watch: Stopwatch) -> int:
        """Decides occurrences again; one that cannot be is searched for by halves and put off."""
        try:
            return await self._patiently(lambda: self._attempt_again(due, at, watch))
        except NOT_TO_BE_DONE as error:
            if len(due) == 1:
                _log.error("reconsideration_failed", occurrence_id=str(due[0]), exc_info=error)
                await self._patiently(lambda: self._put_off(due[0], at))
                return 0
        middle = len(due) // 2
        first = await self._reconsider(due[:middle], at, watch)
        return first + await self._reconsider(due[middle:], at, watch)

    async def _attempt_again(self, due: Sequence[UUID], at: datetime, watch: Stopwatch) -> int:
        async with transaction(self.pool) as connection:
            routing = await self.routing.under(self.live, connection, at=at)
            done = await decide_again(connection, due, routing, at=at, watch=watch)
        watch.lap(Stage.WRITE)
        return done

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


def _note_outage(error: TransientError | None) -> None:
    if error is None:
        _log.warning("postgres_back")
    else:
        _log.error("postgres_away", exc_info=error)
