"""How far each publisher of the county has counted: its own topic says so, after any restart."""

import asyncio
import json
from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from services.runtime.kafka import KafkaAway, TopicMissing, connection_arguments
from services.runtime.settings import KafkaSettings

_LOOK_BACK = 50
"""Messages at the end of a partition among which one has a readable number."""
_PATIENCE = 20.0
_BETWEEN_LOOKS = 0.05


async def last_sequences(kafka: KafkaSettings, topics: Mapping[str, str]) -> dict[str, int]:
    """The last sequence number of each publisher; `topics` are the publishers' topics by name.

    Reads only the ends of the topics. Raises `TopicMissing` for a topic that is not there, and
    `KafkaAway` if Kafka does not answer within some seconds.
    """
    consumer = AIOKafkaConsumer(
        **connection_arguments(kafka), group_id=None, enable_auto_commit=False
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            await consumer.start()
            partitions = await _partitions(consumer, topics.values())
            records = await _last_records(consumer, partitions)
    except (KafkaError, OSError, TimeoutError) as error:
        raise KafkaAway("Kafka does not answer") from error
    finally:
        await consumer.stop()
    return {
        publisher: max((_sequence(r) for r in records if r.topic == topic), default=0)
        for publisher, topic in topics.items()
    }


async def _partitions(consumer: AIOKafkaConsumer, topics: Iterable[str]) -> list[TopicPartition]:
    wanted = set(topics)
    missing = sorted(wanted - await consumer.topics())
    if missing:
        raise TopicMissing(f"the topic {missing[0]} is not there: fieldfare topics create")
    consumer.subscribe(sorted(wanted))  # only now the client learns of their partitions
    while True:
        assigned = sorted(consumer.assignment())
        if {each.topic for each in assigned} == wanted:
            return assigned
        await asyncio.sleep(_BETWEEN_LOOKS)


async def _last_records(
    consumer: AIOKafkaConsumer, partitions: list[TopicPartition]
) -> "list[ConsumerRecord[bytes, bytes]]":
    ends = await consumer.end_offsets(partitions)
    beginnings = await consumer.beginning_offsets(partitions)
    for partition in partitions:
        consumer.seek(partition, max(beginnings[partition], ends[partition] - _LOOK_BACK))
    found: list[ConsumerRecord[bytes, bytes]] = []
    while any([await consumer.position(each) < ends[each] for each in partitions]):
        for records in (await consumer.getmany(timeout_ms=200)).values():
            found.extend(records)
    return found


def _sequence(record: "ConsumerRecord[bytes, bytes]") -> int:
    try:
        return int(json.loads(record.value or b"")["sequence"])
    except (ValueError, KeyError, TypeError):
        return 0
