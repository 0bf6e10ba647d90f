"""Audited routing: from Kafka through the ledger to the queues, by the real processes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import asyncpg

from services.sandbox.county import CountyMessage
from tests.e2e.running_system import DUE, READ, WAITING, RunningSystem

_BETWEEN_LOOKS = 0.02


@dataclass(frozen=True, slots=True)
class Audited:
    """How long a backlog took: until all was routed, and until all owed was on its queue.

    With all that was decided again, since something was learned later.
    """

    events: int
    routed_seconds: float
    delivered_seconds: float


async def route_backlog(system: RunningSystem, messages: Sequence[CountyMessage]) -> Audited:
    """Routes a backlog that is there before the processes start.

    Their start is not counted: time runs from the first committed batch, whose events are not
    counted either, to the last row that was marked as published.
    """
    await system.publish_raw(
        [(system.topics.events(m.family, m.publisher), m.body) for m in messages]
    )
    connection = await asyncpg.connect(system.dsn)
    try:
        system.start("router")
        system.start("relay")
        first = await _at_least(connection, 1)
        began = perf_counter()
        await _at_least(connection, len(messages))
        routed = perf_counter() - began
        while await connection.fetchval(DUE, system.clock.now()):
            await asyncio.sleep(_BETWEEN_LOOKS)
        while await connection.fetchval(WAITING):
            await asyncio.sleep(_BETWEEN_LOOKS)
        return Audited(len(messages) - first, routed, perf_counter() - began)
    finally:
        await connection.close()


async def _at_least(connection: "asyncpg.Connection[asyncpg.Record]", wanted: int) -> int:
    while True:
        number = await connection.fetchval(READ)
        if number >= wanted:
            return int(number)
        await asyncio.sleep(_BETWEEN_LOOKS)
