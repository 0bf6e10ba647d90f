"""From Kafka to the router: where reading goes on, and what is done with each batch.

The ledger's offsets outrank Kafka's. aiokafka gives a partition out, and may fetch from it, before
a listener has finished; so a partition is paused at once and opened when it has been placed.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from aiokafka import TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import IllegalStateError, KafkaError

from services.ledger.offsets import (
    Move,
    Partition,
    PartitionLost,
    ensure_offsets,
    move_offsets,
    read_offsets,
)
from services.ledger.sources import LogGap
from services.router.log_gaps import keep_log_gaps
from services.router.ports import Consumer, Handler
from services.router.record import Record
from services.runtime.backoff import Stopping, until_done
from services.runtime.errors import TransientError
from services.runtime.kafka import KafkaAway
from services.runtime.logging import get_logger
from services.runtime.postgres import DatabaseAway, transaction

_COMMIT_SECONDS = 5.0

_log = get_logger(__name__)


@dataclass(slots=True)
class Intake:
    """Places the partitions that a consumer is given, and hands their batches to the router.

    `failure` is set when the router must stop: no batch is taken after it, so none is lost.
    """

    router: Handler
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    failure: BaseException | None = None
    _consumer: Consumer | None = None
    _positions: dict[TopicPartition, int] = field(default_factory=dict)
    _placing: asyncio.Task[None] | None = None

    def read_from(self, consumer: Consumer) -> None:
        """Uses this consumer from now on; nothing is placed yet."""
        self._consumer = consumer
        self._positions.clear()

    def revoke(self) -> None:
        """Forgets all partitions: what is still handed out of them is not taken."""
        self._positions.clear()
        if self._placing is not None:
            self._placing.cancel()

    def place(self, partitions: Iterable[TopicPartition]) -> None:
        """Pauses the partitions at once, and opens each at the ledger's offset in a task.

        Does not block, so that the group's coordinator is not kept waiting while PostgreSQL is
        away.
        """
        wanted = sorted(partitions)
        consumer = self._consumer
        if not wanted or consumer is None:
            return
        consumer.pause(*wanted)
        for each in wanted:
            self._positions.pop(each, None)
        self._placing = asyncio.create_task(self._place_patiently(consumer, wanted))

    async def take(self, records: Sequence[Record]) -> None:
        """Hands a batch to the router, and tells Kafka. Never raises but when it is cancelled."""
        try:
            await self._take([each for each in records if _partition(each) in self._positions])
        except PartitionLost:
            _log.warning("partition_lost")
            self.place({_partition(each) for each in records} & self._positions.keys())
        except Stopping:
            self._fail(None)
        except Exception as error:  # noqa: BLE001 - the edge: FastStream would swallow it and go on
            self._fail(error)

    async def close(self) -> None:
        """Ends what is under way."""
        if self._placing is not None:
            self._placing.cancel()
            await asyncio.wait([self._placing])

    async def _take(self, records: Sequence[Record]) -> None:
        if not records:
            return
        await self._note_gaps(records)
        await self.router.handle(records)
        reached = {_partition(each): each.offset + 1 for each in records}
        for each, offset in reached.items():
            if each in self._positions:
                self._positions[each] = offset
        await self._tell_kafka(reached)

    async def _note_gaps(self, records: Sequence[Record]) -> None:
        """Warns where a log's beginning has overtaken us; markers of transactions are no gap."""
        first: dict[TopicPartition, int] = {}
        for record in records:
            first.setdefault(_partition(record), record.offset)
        ahead = [each for each, offset in first.items() if offset > self._positions[each]]
        if ahead and self._consumer is not None:
            with suppress(KafkaError):
                begin = await self._consumer.beginning_offsets(ahead)
                await self._keep_gaps({each: self._positions.get(each) for each in ahead}, begin)

    async def _keep_gaps(
        self, reached: Mapping[TopicPartition, int | None], begin: Mapping[TopicPartition, int]
    ) -> None:
        """Puts on record what Kafka deleted before it was read: it is owed an explanation."""
        speaker_of = self.router.speaker_of
        gaps = [
            LogGap(each.topic, each.partition, offset, begin[each], speaker_of(each.topic))
            for each, offset in reached.items()
            if offset is not None and begin[each] > offset
        ]
        if gaps:
            await until_done(
                lambda: keep_log_gaps(self.router.pool, gaps, at=self.router.clock.now()),
                away=DatabaseAway,
                backoff=self.router.backoff,
                stopping=self.router.stopping,
                outage=_note_outage,
            )

    async def _tell_kafka(self, reached: Mapping[TopicPartition, int]) -> None:
        """For those who watch the group's lag: nothing of ours depends on it."""
        if self._consumer is None:
            return
        try:
            await asyncio.wait_for(self._consumer.commit(reached), _COMMIT_SECONDS)
        except (KafkaError, IllegalStateError, TimeoutError) as error:
            _log.debug("kafka_not_told", exc_info=error)

    async def _place_patiently(
        self, consumer: Consumer, partitions: Sequence[TopicPartition]
    ) -> None:
        async def attempt() -> None:
            try:
                await self._place(consumer, partitions)
            except IllegalStateError:
                raise
            except KafkaError as error:
                raise KafkaAway("Kafka does not say where its logs begin") from error

        try:
            await until_done(
                attempt,
                away=TransientError,
                backoff=self.router.backoff,
                stopping=self.router.stopping,
                outage=_note_outage,
            )
        except (Stopping, IllegalStateError):
            return  # they are no longer ours: whoever has them now places them
        except Exception as error:  # noqa: BLE001 - the edge of a task: nobody else would hear of it
            self._fail(error)

    async def _place(self, consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        begin = await consumer.beginning_offsets(partitions)
        end = await consumer.end_offsets(partitions)
        places = {Partition(each.topic, each.partition): each for each in partitions}
        async with transaction(self.router.pool) as connection:
            await ensure_offsets(connection, {p: begin[each] for p, each in places.items()})
            stored = await read_offsets(connection, places)
            shrunk = {p: offset for p, offset in stored.items() if offset > end[places[p]]}
            if shrunk:
                moves = [Move(p, offset, begin[places[p]]) for p, offset in shrunk.items()]
                await move_offsets(connection, moves)
        reached = {each: stored[p] for p, each in places.items() if p not in shrunk}
        await self._keep_gaps(reached, begin)
        for place, each in places.items():
            offset = begin[each] if place in shrunk else stored[place]
            if place in shrunk:
                # made anew, or cut off by an unclean election: what we know already is `repeated`
                _log.error("source_log_shrank", topic=place.topic, partition=place.number)
            self._positions[each] = max(offset, begin[each])
            consumer.seek(each, self._positions[each])
            consumer.resume(each)
        _log.info("partitions_placed", count=len(partitions))

    def _fail(self, error: Exception | None) -> None:
        self._positions.clear()
        self.failure = self.failure or error
        self.stopped.set()


@dataclass(slots=True)
class Placement(ConsumerRebalanceListener):  # type: ignore[misc]
    """Tells the intake which partitions the group gives to this router, and takes from it."""

    intake: Intake

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Before a rebalance: everything may go to somebody else."""
        del revoked
        self.intake.revoke()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """After a rebalance, perhaps with partitions that were ours before."""
        self.intake.place(assigned)


def _partition(record: Record) -> TopicPartition:
    return TopicPartition(record.topic, record.partition)


def _note_outage(error: TransientError | None) -> None:
    if error is None:
        _log.warning("placing_again_possible")
    else:
        _log.error("partitions_cannot_be_placed", exc_info=error)
