"""What an intake needs of others: a consumer to read from, and somebody to take the batches."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from aiokafka import TopicPartition

from services.router.record import Record
from services.runtime.backoff import Backoff
from services.runtime.clock import Clock
from services.runtime.postgres import Pool


class Consumer(Protocol):
    """The part of `aiokafka.AIOKafkaConsumer` that is used here."""

    def pause(self, *partitions: TopicPartition) -> None:
        """Stops fetching and handing out. Raises `IllegalStateError` if not assigned."""

    def resume(self, *partitions: TopicPartition) -> None:
        """Goes on fetching."""

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Goes on at an offset. Raises `IllegalStateError` if not assigned."""

    async def beginning_offsets(
        self, partitions: Iterable[TopicPartition]
    ) -> Mapping[TopicPartition, int]:
        """Where logs begin. Raises `KafkaError`."""
        ...

    async def end_offsets(
        self, partitions: Iterable[TopicPartition]
    ) -> Mapping[TopicPartition, int]:
        """Where logs end. Raises `KafkaError`."""
        ...

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Tells Kafka how far we are. Raises `KafkaError`."""


class Handler(Protocol):
    """What batches are handed to: `Router` for events, `Receiver` for receipts."""

    @property
    def pool(self) -> Pool:
        """The ledger, which says where reading goes on."""
        ...

    @property
    def clock(self) -> Clock:
        """What time it is."""
        ...

    @property
    def backoff(self) -> Backoff:
        """How long to wait while PostgreSQL or Kafka is away."""
        ...

    @property
    def stopping(self) -> asyncio.Event:
        """Set when the process is asked to stop."""
        ...

    async def handle(self, records: Sequence[Record]) -> object:
        """Commits a batch. Repeating it is right; raises `PartitionLost`, or what must stop us."""
        ...

    def speaker_of(self, topic: str) -> str:
        """Whose topic it is."""
        ...
