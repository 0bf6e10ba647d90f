"""The ceiling: a bare aiokafka loop that copies every message to another topic, and no more."""

from collections.abc import Sequence
from time import perf_counter

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.sandbox.county import CountyMessage
from tests.e2e.running_system import RunningSystem


async def time_bare_loop(system: RunningSystem, messages: Sequence[CountyMessage]) -> float:
    """Seconds from the first batch to the last acknowledgement."""
    await system.publish_raw(
        [(system.topics.events(m.family, m.publisher), m.body) for m in messages]
    )
    consumer = AIOKafkaConsumer(bootstrap_servers=system.kafka, auto_offset_reset="earliest")
    consumer.subscribe(pattern=system.topics.event_pattern)
    producer = AIOKafkaProducer(bootstrap_servers=system.kafka, enable_idempotence=True)
    await consumer.start()
    await producer.start()
    copied, began = 0, 0.0
    try:
        while copied < len(messages):
            batches = await consumer.getmany(timeout_ms=500, max_records=500)
            began = began or perf_counter()
            for batch in batches.values():
                for message in batch:
                    await producer.send(system.topics.checkpoints, message.value)
                    copied += 1
        await producer.flush()
        return perf_counter() - began
    finally:
        await consumer.stop()
        await producer.stop()
