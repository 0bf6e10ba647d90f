"""Routers over the real Kafka, and publishers beside them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from pydantic import SecretStr

from services.router.main import run_router
from services.runtime.clock import FixedClock
from services.runtime.kafka import ensure_topics
from services.runtime.settings import (
    KafkaSettings,
    PostgresSettings,
    RouterSettings,
    Settings,
    TopicSettings,
)
from services.runtime.topics import Topics
from tests.integration.router.kit import NOON, Ledger

_PATIENCE = 40.0


@dataclass(frozen=True, slots=True)
class Stage:
    """One test's topics and ledger."""

    settings: Settings
    ledger: Ledger

    @property
    def topic(self) -> str:
        """The topic of the police's events."""
        return Topics(self.settings.topics.prefix).events("police", "staffordshire-police")

    @property
    def group(self) -> str:
        """The routers' group."""
        return self.settings.router.group_id

    async def make_topic(self, partitions: int = 1) -> None:
        """Makes the police's topic."""
        await ensure_topics(self.settings, {self.topic: partitions})

    async def publish(
        self,
        values: Sequence[bytes],
        *,
        headers: Sequence[tuple[str, bytes]] = (),
        partition: int | None = None,
        topic: str | None = None,
    ) -> None:
        """Publishes messages in order."""
        producer = AIOKafkaProducer(bootstrap_servers=self.settings.kafka.bootstrap_servers)
        await producer.start()
        try:
            for value in values:
                await producer.send_and_wait(
                    topic or self.topic, value, headers=list(headers), partition=partition
                )
        finally:
            await producer.stop()

    async def publish_in_transaction(self, values: Sequence[bytes], *, keep: bool) -> None:
        """Publishes messages in one transaction, which is then committed or aborted."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.settings.kafka.bootstrap_servers,
            transactional_id=f"{self.settings.topics.prefix}-publisher",
        )
        await producer.start()
        try:
            await producer.begin_transaction()
            for value in values:
                await producer.send_and_wait(self.topic, value)
            if keep:
                await producer.commit_transaction()
            else:
                await producer.abort_transaction()
        finally:
            await producer.stop()

    async def tell_kafka(self, offset: int) -> None:
        """Commits an offset of partition 0 as the group."""
        where = TopicPartition(self.topic, 0)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.settings.kafka.bootstrap_servers,
            group_id=self.group,
            enable_auto_commit=False,
        )
        consumer.assign([where])
        await consumer.start()
        try:
            await consumer.commit({where: offset})
        finally:
            await consumer.stop()

    async def forget_before(self, offset: int) -> None:
        """Deletes what partition 0 holds before an offset, as retention does."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.settings.kafka.bootstrap_servers)
        await admin.start()
        try:
            where = TopicPartition(self.topic, 0)
            await admin.delete_records({where: RecordsToDelete(before_offset=offset)})
        finally:
            await admin.close()

    @asynccontextmanager
    async def router(self) -> AsyncIterator[asyncio.Task[None]]:
        """A router that runs meanwhile."""
        clock = FixedClock(NOON + timedelta(seconds=5))
        task = asyncio.create_task(run_router(self.settings, clock))
        try:
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def events(self) -> list[str]:
        """The ids of events in the ledger, sorted."""
        return sorted(row["id"] for row in await self.ledger.rows("SELECT id FROM event"))

    async def until_events(self, count: int) -> list[str]:
        """Waits for so many events in the ledger."""
        await until(lambda: self._has(count))
        return await self.events()

    async def _has(self, count: int) -> bool:
        return len(await self.events()) >= count


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(_PATIENCE):
        while not await holds():
            await asyncio.sleep(0.05)


def settings_for(servers: str, dsn: str, prefix: str) -> Settings:
    """Settings of a router on a test's own topics and ledger."""
    return Settings(
        kafka=KafkaSettings(bootstrap_servers=servers),
        postgres=PostgresSettings(dsn=SecretStr(dsn)),
        topics=TopicSettings(prefix=prefix),
        router=RouterSettings(group_id=f"{prefix}-router", batch_size=50),
    )
