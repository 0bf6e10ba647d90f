"""Latency: from publishing an event to its first notification being readable on a queue."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from time import perf_counter

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.sandbox.county import CountyMessage
from tests.e2e.running_system import RunningSystem

_QUIET = 5.0
"""Seconds after everything was published in which the last notifications are read."""


async def measure_latency(
    system: RunningSystem, messages: Sequence[CountyMessage], *, rate: float
) -> list[float]:
    """Seconds for each event that tells somebody, in no order, at so many events a second.

    The processes are running. What is measured is what a receiving system sees: committed
    messages, read by another client of the same broker.
    """
    sent: dict[str, float] = {}
    seen: dict[str, float] = {}
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
    return [seen[event_id] - began for event_id, began in sent.items() if event_id in seen]


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


async def _read(consumer: AIOKafkaConsumer, seen: dict[str, float]) -> None:
    async for message in consumer:
        event: Mapping[str, str] = json.loads(message.value)["event"]
        seen.setdefault(event["id"], perf_counter())


def _id_of(body: bytes) -> str | None:
    try:
        return str(json.loads(body)["id"])
    except ValueError:
        return None


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
