"""Latency: from publishing an event to its first notification being readable on a queue."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.sandbox.county import CountyMessage
from tests.e2e.running_system import RunningSystem

_QUIET = 5.0
"""Seconds after everything was published in which the last notifications are read."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds for each event that told somebody, in no order.

    `learned_later` are those that told nobody until more was known: their time is that of the
    register, and stands apart.
    """

    at_once: list[float]
    learned_later: list[float]


async def measure_latency(
    system: RunningSystem, messages: Sequence[CountyMessage], *, rate: float
) -> Latency:
    """What events take at so many a second, up to the first notice of each.

    The processes are running. What is measured is what a receiving system sees: committed
    messages, read by another client of the same broker.
    """
    sent: dict[str, float] = {}
    seen: dict[str, tuple[float, bool]] = {}
    consumer = AIOKafkaConsumer(
        bootstrap_servers=system.kafka,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        fetch_max_wait_ms=10,
        metadata_max_age_ms=2_000,
    )
    consumer.subscribe(pattern=f"^{system.prefix}\\.queue\\..*")
    await consumer.start()
    reading = asyncio.create_task(_read(consumer, seen))
    try:
        await _publish(system, messages, sent, rate)
        await system.settled(0)
        await asyncio.sleep(_QUIET)
    finally:
        reading.cancel()
        await consumer.stop()
    took = [(seen[name][0] - began, seen[name][1]) for name, began in sent.items() if name in seen]
    return Latency(
        at_once=[seconds for seconds, is_late in took if not is_late],
        learned_later=[seconds for seconds, is_late in took if is_late],
    )


async def _publish(
    system: RunningSystem, messages: Sequence[CountyMessage], sent: dict[str, float], rate: float
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=system.kafka, enable_idempotence=True)
    await producer.start()
    began = perf_counter()
    try:
        for number, message in enumerate(messages):
            await asyncio.sleep(max(0.0, began + number / rate - perf_counter()))
            event_id = _id_of(message.body)
            if event_id is not None:
                sent.setdefault(event_id, perf_counter())
            topic = system.topics.events(message.family, message.publisher)
            await producer.send(topic, value=message.body, key=message.key.encode())
        await producer.flush()
    finally:
        await producer.stop()


async def _read(consumer: AIOKafkaConsumer, seen: dict[str, tuple[float, bool]]) -> None:
    async for message in consumer:
        notice: dict[str, Any] = json.loads(message.value)
        seen.setdefault(notice["event"]["id"], (perf_counter(), notice["late"]))


def _id_of(body: bytes) -> str | None:
    try:
        return str(json.loads(body)["id"])
    except ValueError:
        return None
