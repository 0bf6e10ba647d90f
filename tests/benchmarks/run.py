"""All measurements, one after another, on one broker and one PostgreSQL."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import asyncpg

from services.sandbox.county import CountyMessage
from tests.benchmarks.audited import route_backlog
from tests.benchmarks.bare_loop import time_bare_loop
from tests.benchmarks.latency import measure_latency
from tests.benchmarks.made_rules import with_made_rules
from tests.benchmarks.matching import asked_of, facts_of, time_deciding, time_matching
from tests.benchmarks.plain_handler import time_plain_handler
from tests.benchmarks.report import (
    print_latency,
    print_matching,
    print_rates,
    print_stages,
    print_turns,
)
from tests.benchmarks.stages import spent_in
from tests.benchmarks.turns import time_turns
from tests.benchmarks.workload import county_messages, mix_in_words
from tests.builders import staffordshire
from tests.e2e.running_system import RunningSystem

_LATENCY_RATE = 50.0
_TURN_RATES = (50.0, 200.0)
_MADE_RULES = (40, 1000)
_MATCHED_EVENTS = 300
_FEWEST = 200
"""Messages for the plain handler, which is slow."""


class Servers(Protocol):
    """Where Kafka and PostgreSQL are; a `Sandbox`, for one."""

    @property
    def bootstrap_servers(self) -> str:
        """Kafka's addresses."""
        ...

    @property
    def dsn(self) -> str:
        """A database of the server on which each measurement gets its own."""
        ...


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured: messages, and seconds of latency and of each matching."""

    events: int
    seconds: float
    matching_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Bench:
    """The servers to measure on; topics and databases have names that begin with `word`."""

    servers: Servers
    folder: Path
    word: str = "bench"

    async def run(self, sizes: Sizes) -> None:
        """Measures, and prints."""
        messages = county_messages(sizes.events)
        print(f"mix: {sizes.events} messages: {mix_in_words(messages)}")
        await self._rates(messages)
        await self._latency(sizes.seconds)
        for rate in _TURN_RATES:
            async with self._system(f"turns-{rate:.0f}") as system:
                few = messages[: int(_LATENCY_RATE * sizes.seconds)]
                print_turns(await time_turns(system, few, rate=rate), rate)
        _matching(messages, sizes.matching_seconds)

    async def _rates(self, messages: Sequence[CountyMessage]) -> None:
        few = messages[: max(_FEWEST, len(messages) // 10)]
        async with self._system("audited") as system:
            audited = await route_backlog(system, messages)
            sent = (await system.rows("SELECT count(*) AS n FROM outbox"))[0]["n"]
            spent = spent_in(system.logs())
        async with self._system("plain") as system:
            plain = (len(few) - 1) / await time_plain_handler(system, few)
        async with self._system("bare") as system:
            bare = len(messages) / await time_bare_loop(system, messages)
        print_rates(audited, sent / len(messages), plain, bare)
        print_stages(spent, len(messages))

    async def _latency(self, seconds: float) -> None:
        async with self._system("latency") as system:
            system.start("router")
            system.start("relay")
            first, *later = county_messages(int(_LATENCY_RATE * seconds) + 1, seed=2)
            topic = system.topics.events(first.family, first.publisher)
            await system.settled(await system.publish_raw([(topic, first.body)]))
            latency = await measure_latency(system, later, rate=_LATENCY_RATE)
            spent = spent_in(system.logs())
        print_latency(latency, _LATENCY_RATE)
        print_stages(spent, len(later))

    @asynccontextmanager
    async def _system(self, name: str) -> AsyncIterator[RunningSystem]:
        """Topics and a database of its own."""
        database = f"{self.word}-{name}"
        server = await asyncpg.connect(self.servers.dsn)
        await server.execute(f'CREATE DATABASE "{database}"')
        await server.close()
        own = self.folder / name
        own.mkdir()
        dsn = self.servers.dsn.rsplit("/", 1)[0] + f"/{database}"
        system = RunningSystem(self.servers.bootstrap_servers, dsn, database, own)
        await system.prepare()
        try:
            yield system
        finally:
            await system.stop()


def _matching(messages: Sequence[CountyMessage], seconds: float) -> None:
    rulebook = staffordshire()
    asked = asked_of(messages)[:_MATCHED_EVENTS]
    facts = [facts_of(one, rulebook) for one in asked]
    print_matching(
        time_deciding(rulebook, asked, seconds=seconds),
        [
            time_matching(with_made_rules(rulebook, count), facts, seconds=seconds)
            for count in _MADE_RULES
        ],
    )
