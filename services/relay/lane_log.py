"""One lane's partition in Kafka, as its relay writes and reads it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    CorruptRecordException,
    InvalidProducerEpoch,
    InvalidTimestampError,
    KafkaError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    ProducerFenced,
    RecordListTooLargeError,
    UnknownTopicOrPartitionError,
)

from services.ledger.lanes import Lane, Published
from services.relay.failpoints import Failpoint, Failpoints
from services.relay.message import Message, message_id_of
from services.relay.ports import Fenced, MessageRefused
from services.runtime.kafka import (
    KafkaAway,
    TopicMissing,
    close_producer,
    committed_consumer,
    transactional_producer,
)
from services.runtime.logging import get_logger
from services.runtime.settings import KafkaSettings

_PATIENCE = 15.0
"""Seconds for Kafka to answer one thing; beyond it the outcome counts as unknown."""

_TOPIC_PATIENCE = 3.0
_READ_MS = 20
_REFUSALS = (
    CorruptRecordException,
    InvalidTimestampError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
)

_log = get_logger(__name__)


class KafkaLaneLog:
    """A lane's log on a real cluster: one transactional producer of its own."""

    def __init__(
        self, lane: Lane, *, kafka: KafkaSettings, prefix: str, failpoints: Failpoints
    ) -> None:
        self._lane = lane
        self._kafka = kafka
        self._id = f"{prefix}-relay-{lane.topic}-{lane.partition}"
        self._failpoints = failpoints
        self._producer: AIOKafkaProducer | None = None

    async def open(self) -> None:
        """As `LaneLog` says. The producer's start waits for the earlier transaction's end."""
        self._producer = transactional_producer(self._kafka, self._id)
        async with _kafka_errors(_PATIENCE):
            await self._producer.start()
            partitions = await self._partitions()
        if self._lane.partition not in partitions:
            raise TopicMissing(
                f"partition {self._lane.partition} of topic {self._lane.topic} does not exist: "
                "run `fieldfare topics create`"
            )

    async def read_tail(self, confirmed_offset: int) -> Published:
        """As `LaneLog` says.

        The end is the high watermark, so that somebody else's open transaction makes us wait and
        not overlook what stands behind it.
        """
        place = TopicPartition(self._lane.topic, self._lane.partition)
        consumer = committed_consumer(self._kafka)
        found: list[tuple[UUID, int]] = []
        try:
            async with _kafka_errors(_PATIENCE) as limit:
                await consumer.start()
                consumer.assign([place])
                first = (await consumer.beginning_offsets([place]))[place]
                end = (await consumer.end_offsets([place]))[place]
                position = self._first_to_read(confirmed_offset, first=first, end=end)
                consumer.seek(place, position)
                # the watermark is not known before the first answer, but then it is the truth
                while (high := consumer.highwater(place)) is None or position < max(end, high):
                    found += _ids_and_offsets(await consumer.getmany(place, timeout_ms=_READ_MS))
                    if (reached := await consumer.position(place)) > position:
                        limit.reschedule(asyncio.get_running_loop().time() + _PATIENCE)
                        position = reached
        finally:
            await consumer.stop()
        ids = tuple(message_id for message_id, _ in found)
        return Published(ids, tuple(offset for _, offset in found), next_offset=position)

    async def publish(self, messages: Sequence[Message]) -> Published:
        """As `LaneLog` says; aiokafka would commit even if a send failed, so each is looked at."""
        async with _kafka_errors(_PATIENCE):
            await self._opened.begin_transaction()
            offsets = await self._write(messages)
            await self._failpoints.reached(Failpoint.WRITTEN, self._lane)
            await self._opened.commit_transaction()
        ids = tuple(message.message_id for message in messages)
        return Published(ids, tuple(offsets), next_offset=offsets[-1] + 1)

    async def close(self) -> None:
        """As `LaneLog` says."""
        if self._producer is not None:
            await close_producer(self._producer)

    async def _partitions(self) -> set[int]:
        try:
            async with asyncio.timeout(_TOPIC_PATIENCE):
                known: set[int] = await self._opened.partitions_for(self._lane.topic)
        except (TimeoutError, UnknownTopicOrPartitionError):
            return set()
        return known

    @property
    def _opened(self) -> AIOKafkaProducer:
        if self._producer is None:
            raise RuntimeError("open the log first")
        return self._producer

    async def _write(self, messages: Sequence[Message]) -> list[int]:
        packed = _pack(self._opened, messages)
        place = {"topic": self._lane.topic, "partition": self._lane.partition}
        sent = [await self._opened.send_batch(batch, **place) for batch, _ in packed]
        written = await asyncio.gather(*sent, return_exceptions=True)
        offsets: list[int] = []
        for (_, inside), answer in zip(packed, written, strict=True):
            if isinstance(answer, _REFUSALS):
                largest = max(inside, key=lambda message: message.size)
                raise MessageRefused(largest, type(answer).__name__) from answer
            if isinstance(answer, BaseException):
                raise answer
            if answer.offset < 0:  # a repeated batch whose place the broker no longer remembers
                raise KafkaAway("Kafka does not say where it wrote")
            offsets += range(answer.offset, answer.offset + len(inside))
        return offsets

    def _first_to_read(self, confirmed_offset: int, *, first: int, end: int) -> int:
        if first <= confirmed_offset <= end:
            return confirmed_offset
        _log.error(
            "relay_log_was_cut",
            topic=self._lane.topic,
            partition=self._lane.partition,
            confirmed_offset=confirmed_offset,
            first_offset=first,
            end_offset=end,
        )
        return first


def _pack(
    producer: AIOKafkaProducer, messages: Sequence[Message]
) -> list[tuple[Any, list[Message]]]:
    packed: list[tuple[Any, list[Message]]] = []
    for message in messages:
        record = {"key": message.key, "value": message.value, "headers": list(message.headers)}
        if not packed or packed[-1][0].append(timestamp=None, **record) is None:
            packed.append((producer.create_batch(), []))
            packed[-1][0].append(timestamp=None, **record)  # an empty batch takes any size
        packed[-1][1].append(message)
    return packed


def _ids_and_offsets(records: dict[TopicPartition, list[Any]]) -> list[tuple[UUID, int]]:
    return [
        (message_id, record.offset)
        for group in records.values()
        for record in group
        if (message_id := message_id_of(record.headers)) is not None
    ]


@asynccontextmanager
async def _kafka_errors(patience: float) -> AsyncIterator[asyncio.Timeout]:
    try:
        async with asyncio.timeout(patience) as limit:
            yield limit
    except (ProducerFenced, InvalidProducerEpoch) as error:
        raise Fenced("another producer has the lane") from error
    except (KafkaError, OSError, TimeoutError, AssertionError) as error:
        # aiokafka asserts its state, which a broken connection can change under our feet
        raise KafkaAway("Kafka does not answer") from error
