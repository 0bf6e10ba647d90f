"""What events wait for in the router alone, on a clock that runs by its own processor time.

On a machine that does other work too, the clock on the wall tells of that work. Here events come in
at a steady rate, and each batch and each slice of what is due takes the processor time that it
took, and a fixed time for PostgreSQL. So the order of work can be compared from day to day.
"""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from time import process_time
from typing import TypeVar

from schemas.reading import read_event
from services.ledger.rulebooks import keep_rulebook
from services.router.handler import Router
from services.router.messages import Post
from services.router.record import Record
from services.router.routing import Routing
from services.runtime.clock import FixedClock
from services.runtime.postgres import open_pool, transaction
from services.sandbox.county import CountyMessage
from tests.benchmarks.workload import START
from tests.builders import staffordshire
from tests.e2e.running_system import RunningSystem

_Answer = TypeVar("_Answer")
_POSTGRES_SECONDS = 0.005
_LARGEST_BATCH = 500


@dataclass(slots=True)
class Turns:
    """Seconds from an event's coming in to its commit, and of each slice decided again."""

    waited: list[float] = field(default_factory=list)
    slices: list[float] = field(default_factory=list)
    now: float = 0.0

    async def timed(self, work: Awaitable[_Answer]) -> _Answer:
        """Does the work, and moves the clock on by the time that it took."""
        began = process_time()
        answer = await work
        self.now += process_time() - began + _POSTGRES_SECONDS
        return answer

    async def run(self, router: Router, records: Sequence[Record], rate: float) -> None:
        """Batches and slices in turn, as long as there are both."""
        done, is_due = 0, False
        while done < len(records):
            if not is_due:
                self.now = max(self.now, done / rate)
            batch = records[done : min(int(self.now * rate) + 1, done + _LARGEST_BATCH)]
            if batch:
                await self.timed(router.handle(batch))
                self.waited += [self.now - (done + i) / rate for i in range(len(batch))]
                done += len(batch)
            began = self.now
            is_due = await self.timed(router.reconsider()) > 0
            self.slices.append(self.now - began)


async def time_turns(
    system: RunningSystem, messages: Sequence[CountyMessage], *, rate: float
) -> Turns:
    """What events wait for at so many a second. The ledger is the system's own, and empty."""
    topics, turns = system.topics, Turns()
    async with open_pool(system.dsn, size=2, application_name="turns") as pool:
        routing = Routing(staffordshire(), Post(topics, 1))
        async with transaction(pool) as connection:
            await keep_rulebook(connection, routing.rulebook, at=START)
        router = Router(pool, routing, read_event, FixedClock(START))
        named = [topics.events(each.family, each.publisher) for each in messages]
        records = [
            Record(topic, 0, named[:place].count(topic), (), message.body, 0)
            for place, (topic, message) in enumerate(zip(named, messages, strict=True))
        ]
        await turns.run(router, records, rate)
    return turns
