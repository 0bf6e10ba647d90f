"""A ledger with an outbox, topics on the real Kafka, and relays to run against them."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from aiokafka import TopicPartition
from pydantic import SecretStr

from services.relay.main import run_relay
from services.relay.message import message_id_of
from services.relay.relay import RelayLimits
from services.runtime.clock import FixedClock
from services.runtime.kafka import committed_consumer, ensure_topics
from services.runtime.postgres import Pool
from services.runtime.settings import (
    KafkaSettings,
    PostgresSettings,
    RelaySettings,
    Settings,
    TopicSettings,
)

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
_PATIENCE = 60.0
_ADD = """
INSERT INTO outbox (message_id, topic, partition, recipient, message_key, headers, body, duty_id)
SELECT id, $2, $3, $4, $4, '{"ce_type": "fieldfare.notification.v1"}', $5, NULL
FROM unnest($1::uuid[]) WITH ORDINALITY AS fresh (id, place)
ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a consumer that reads committed finds in a queue."""

    message_id: UUID
    recipient: str
    number: int
    offset: int


@dataclass(frozen=True, slots=True)
class Rig:
    """One test's ledger and topics."""

    settings: Settings
    pool: Pool

    def topic(self, name: str = "queue.midwifery.RJF") -> str:
        return f"{self.settings.topics.prefix}.{name}"

    async def make_topics(self, *names: str, partitions: int = 1) -> None:
        await ensure_topics(self.settings, {self.topic(name): partitions for name in names})

    async def add(
        self,
        count: int,
        *,
        recipient: str = "RJF:midwifery",
        topic: str | None = None,
        partition: int = 0,
        body: bytes = b'{"kind":"notify"}',
    ) -> list[UUID]:
        ids = [uuid4() for _ in range(count)]
        await self.pool.execute(_ADD, ids, topic or self.topic(), partition, recipient, body)
        return ids

    async def open_rows(self) -> int:
        return int(
            await self.pool.fetchval(
                "SELECT count(*) FROM outbox WHERE published_at IS NULL AND withdrawn_at IS NULL"
            )
        )

    async def until_published(self) -> None:
        await until(self._is_published)

    async def _is_published(self) -> bool:
        return await self.open_rows() == 0

    async def queue(self, topic: str | None = None, partition: int = 0) -> list[Seen]:
        place = TopicPartition(topic or self.topic(), partition)
        consumer = committed_consumer(self.settings.kafka)
        await consumer.start()
        try:
            consumer.assign([place])
            end = (await consumer.end_offsets([place]))[place]
            consumer.seek(place, 0)
            found: list[Seen] = []
            while await consumer.position(place) < end:
                got = await consumer.getmany(place, timeout_ms=50)
                found += [_seen(record) for record in got.get(place, [])]
            return found
        finally:
            await consumer.stop()


def _seen(record: Any) -> Seen:
    message_id = message_id_of(record.headers)
    assert message_id is not None
    number = json.loads(record.value)["recipient_sequence"]
    assert dict(record.headers)["ce_sequence"] == str(number).encode()
    return Seen(message_id, record.key.decode(), number, record.offset)


def settings_for(servers: str, dsn: str, prefix: str, **relay: int) -> Settings:
    return Settings(
        kafka=KafkaSettings(bootstrap_servers=servers),
        postgres=PostgresSettings(dsn=SecretStr(dsn)),
        topics=TopicSettings(prefix=prefix),
        relay=RelaySettings(**({"lease_seconds": 1, "poll_ms": 50, "batch_size": 50} | relay)),
    )


@asynccontextmanager
async def relay_running(
    settings: Settings, *, limits: RelayLimits | None = None
) -> AsyncIterator[None]:
    """A relay inside this process; it is cancelled, which gives its leases back."""
    task = asyncio.create_task(run_relay(settings, FixedClock(NOON), limits=limits))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@contextmanager
def relay_process(
    settings: Settings, log: Path, *, at: str = "", does: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """A relay of its own process, which kills or stops itself `at` a failpoint, the first time."""
    assert settings.kafka.bootstrap_servers is not None
    assert settings.postgres.dsn is not None
    environment = os.environ | {
        "FIELDFARE_KAFKA__BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers,
        "FIELDFARE_POSTGRES__DSN": settings.postgres.dsn.get_secret_value(),
        "FIELDFARE_TOPICS__PREFIX": settings.topics.prefix,
        "FIELDFARE_RELAY__LEASE_SECONDS": str(settings.relay.lease_seconds),
        "FIELDFARE_RELAY__POLL_MS": str(settings.relay.poll_ms),
        "FIELDFARE_RELAY__BATCH_SIZE": str(settings.relay.batch_size),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.relay.fragile_relay", at, does],
            env=environment,
            stderr=output,
            cwd=Path(__file__).parents[3],
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


async def until(
    holds: Callable[[], Coroutine[Any, Any, bool]], *, patience: float = _PATIENCE
) -> None:
    """Waits until something holds; fails the test if it does not in time."""
    async with asyncio.timeout(patience):
        while not await holds():
            await asyncio.sleep(0.05)


async def until_ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code of a process that ends by itself."""
    return await asyncio.to_thread(process.wait, _PATIENCE)


async def until_stopped(process: subprocess.Popen[bytes]) -> None:
    """Waits until a process has been paused by SIGSTOP."""

    async def is_stopped() -> bool:
        status = await asyncio.to_thread(Path(f"/proc/{process.pid}/stat").read_text, "ascii")
        return status.rpartition(")")[2].split()[0] == "T"

    await until(is_stopped)


def numbers(queue: Sequence[Seen], recipient: str) -> list[int]:
    return [seen.number for seen in queue if seen.recipient == recipient]
