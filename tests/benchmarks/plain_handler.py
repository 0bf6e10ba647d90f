"""What most services would do: a FastStream handler, one message, one transaction, one send each.

It does the same writes by the same code, so that only the way of working differs: no batches, and
what goes out is sent after the commit (a crash between the two loses it).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from aiokafka import AIOKafkaProducer
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from routing_rules.case import DutyChange
from schemas.events import Event
from schemas.reading import read_event
from schemas.source_messages import CountedDay
from services.ledger.outbox import OutboxRow
from services.router.arrivals import arrival
from services.router.batch import write_batch
from services.router.messages import Post
from services.router.record import Record
from services.router.routing import Routing
from services.router.stopwatch import Stopwatch
from services.runtime.postgres import Pool, open_pool, transaction
from services.sandbox.county import CountyMessage
from tests.benchmarks.workload import START
from tests.builders import staffordshire
from tests.e2e.running_system import RunningSystem


@dataclass(frozen=True, slots=True)
class KeepingPost(Post):
    """Keeps what it addresses, so that the handler can send it itself."""

    kept: list[OutboxRow] = field(default_factory=list)

    def notification(self, change: DutyChange, *, at: datetime) -> OutboxRow:
        row = Post.notification(self, change, at=at)
        self.kept.append(row)
        return row

    def accepted(self, record: Record, event: Event | CountedDay, *, at: datetime) -> OutboxRow:
        row = Post.accepted(self, record, event, at=at)
        self.kept.append(row)
        return row


@dataclass(slots=True)
class PlainHandler:
    """Handles one message at a time."""

    pool: Pool
    system: RunningSystem
    producer: AIOKafkaProducer
    handled: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: int = 0

    async def handle(self, message: KafkaMessage) -> None:
        raw = message.raw_message
        assert not isinstance(raw, tuple)
        record = Record(raw.topic, raw.partition, raw.offset, raw.headers, raw.value, raw.timestamp)
        post = KeepingPost(self.system.topics, 1)
        routing = Routing(staffordshire(), post)
        arrived = arrival(record, self.system.topics, read_event)
        async with transaction(self.pool) as connection:
            await write_batch(connection, [arrived], routing, at=START, watch=Stopwatch())
        for row in post.kept:
            await self.producer.send_and_wait(row.topic, row.body, key=row.message_key.encode())
        self.handled += 1
        if self.handled >= self.wanted:
            self.enough.set()


async def time_plain_handler(system: RunningSystem, messages: Sequence[CountyMessage]) -> float:
    """Seconds from the first message handled to the last."""
    await system.publish_raw(
        [(system.topics.events(m.family, m.publisher), m.body) for m in messages]
    )
    producer = AIOKafkaProducer(bootstrap_servers=system.kafka, enable_idempotence=True)
    await producer.start()
    broker = KafkaBroker(system.kafka, logger=None)
    try:
        async with open_pool(system.dsn, size=4, application_name="plain") as pool:
            handler = PlainHandler(pool, system, producer, wanted=len(messages))
            broker.subscriber(
                pattern=system.topics.event_pattern,
                group_id=f"{system.prefix}-plain",
                auto_offset_reset="earliest",
                ack_policy=AckPolicy.ACK,
                decoder=_undecoded,
            )(handler.handle)
            await broker.start()
            while handler.handled == 0:
                await asyncio.sleep(0.005)
            began = perf_counter()
            await handler.enough.wait()
            took = perf_counter() - began
            await broker.stop()
            return took
    finally:
        await producer.stop()


async def _undecoded(message: KafkaMessage) -> KafkaMessage:
    return message
