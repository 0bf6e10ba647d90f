"""A router and a relay as processes of their own, and the outside world around them."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from schemas.events import family_of
from schemas.values import EventType
from services.ledger.migrate import migrate
from services.runtime.clock import FileClock
from services.runtime.postgres import open_pool
from services.runtime.topics import Topics
from tests.live_rulebook import make_live

REPOSITORY = Path(__file__).parents[2]
_PATIENCE = 90.0
"""Seconds after which a test gives up waiting; how long it takes is nobody's promise."""


@asynccontextmanager
async def running_system(
    kafka: str, dsn: str, prefix: str, folder: Path
) -> AsyncIterator["RunningSystem"]:
    """Topics and a migrated ledger; whoever asked starts the processes. All stop on leaving."""
    running = RunningSystem(kafka, dsn, prefix, folder)
    await running.prepare()
    try:
        yield running
    finally:
        await running.stop()


@dataclass(slots=True)
class RunningSystem:
    """What a test sees of Fieldfare: topics to use, and processes to start and kill."""

    kafka: str
    dsn: str
    prefix: str
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def topics(self) -> Topics:
        """The names of this system's topics."""
        return Topics(self.prefix)

    @property
    def clock(self) -> FileClock:
        """The time that all its processes read."""
        return FileClock(self.folder / "clock")

    async def prepare(self) -> None:
        """Sets the environment up, makes the topics and the ledger's tables."""
        self.clock.set(datetime(2026, 3, 6, 12, tzinfo=UTC))
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("FIELDFARE_")},
            "FIELDFARE_KAFKA__BOOTSTRAP_SERVERS": self.kafka,
            "FIELDFARE_POSTGRES__DSN": self.dsn,
            "FIELDFARE_TOPICS__PREFIX": self.prefix,
            "FIELDFARE_CLOCK__FILE": str(self.folder / "clock"),
            "FIELDFARE_RELAY__LEASE_SECONDS": "5",
        }
        async with open_pool(self.dsn, size=1, application_name="test") as pool:
            await migrate(pool, at=self.clock.now())
            await make_live(pool, self.clock.now())
        await asyncio.to_thread(self.command, "topics", "create")

    def command(self, *words: str, expect: int = 0) -> str:
        """Runs one `fieldfare` command to its end and answers what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "services.cli.main", *words],
            env=self.environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == expect, done.stderr
        return done.stdout

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Starts `fieldfare router` or `fieldfare relay`."""
        number = len(self.processes)
        with (self.folder / f"{name}-{number}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "services.cli.main", name],
                env=self.environment,
                cwd=REPOSITORY,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9: no time for last words."""
        process.kill()
        process.wait()

    async def stop(self) -> None:
        """Stops what still runs, as an operator would."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                await asyncio.to_thread(process.wait, 20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def logs(self) -> str:
        """Everything that the processes have logged."""
        return "\n".join(p.read_text("utf-8", "replace") for p in self.folder.glob("*.log"))

    async def publish(self, events: Iterable[Mapping[str, Any]]) -> int:
        """Publishes events in order, each to its own publisher's topic; answers how many."""
        return await self.publish_raw(
            [(self.topic_of(event), json.dumps(event).encode()) for event in events]
        )

    async def publish_raw(self, messages: Sequence[tuple[str, bytes]]) -> int:
        """Publishes bytes in order; answers how many."""
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka, enable_idempotence=True)
        await producer.start()
        try:
            for topic, value in messages:
                await producer.send(topic, value=value, partition=0)
            await producer.flush()
        finally:
            await producer.stop()
        return len(messages)

    def topic_of(self, event: Mapping[str, Any]) -> str:
        """The topic on which a source publishes such events."""
        publisher = str(event["source"]).rsplit(":", 1)[-1]
        try:
            family = family_of(EventType(event["type"])).value
        except ValueError:
            family = str(event["type"]).split(".")[1]
        return self.topics.events(family, publisher)

    async def messages_read(self) -> int:
        """How many messages the router has dealt with."""
        return int((await self.rows(READ))[0]["n"])

    async def settled(self, messages: int, *, patience: float = _PATIENCE) -> None:
        """Waits until so many messages have been read and everything owed has gone out.

        What is due to be decided again by then has been. `patience` is in seconds.
        """
        connection = await asyncpg.connect(self.dsn)
        try:
            async with asyncio.timeout(patience):
                while await connection.fetchval(READ) < messages:
                    self._fail_if_ended()
                    await asyncio.sleep(0.1)
                while await connection.fetchval(DUE, self.clock.now()) > 0:
                    self._fail_if_ended()
                    await asyncio.sleep(0.1)
                while await connection.fetchval(WAITING) > 0:
                    self._fail_if_ended()
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"nothing settled:\n{self.logs()[-4000:]}") from None
        finally:
            await connection.close()

    def _fail_if_ended(self) -> None:
        killed = -signal.SIGKILL
        for process in self.processes:
            assert process.poll() in (None, killed, 0), self.logs()[-4000:]

    async def rows(self, query: str, *arguments: object) -> list[dict[str, Any]]:
        """What the ledger holds."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return [dict(row) for row in await connection.fetch(query, *arguments)]
        finally:
            await connection.close()

    async def queue_messages(self) -> list[ConsumerRecord[bytes, bytes]]:
        """All that a receiving system would read from the queues, committed only, in order."""
        return await self.read_all(f"{self.prefix}.queue.")

    async def read_all(self, topic_prefix: str) -> list[ConsumerRecord[bytes, bytes]]:
        """Every committed message of the topics whose names begin so."""
        partitions = await self._partitions(topic_prefix)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.kafka,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        consumer.assign(partitions)
        await consumer.start()
        try:
            await consumer.seek_to_beginning(*partitions)
            published = await self.rows(PUBLISHED, f"{topic_prefix}%")
            return await _read(consumer, at_least=int(published[0]["n"]))
        finally:
            await consumer.stop()

    async def _partitions(self, topic_prefix: str) -> list[TopicPartition]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        try:
            described = await admin.describe_topics()
        finally:
            await admin.close()
        return [
            TopicPartition(topic["topic"], partition["partition"])
            for topic in described
            if topic["topic"].startswith(topic_prefix)
            for partition in topic["partitions"]
        ]


async def _read(consumer: AIOKafkaConsumer, *, at_least: int) -> list[ConsumerRecord[bytes, bytes]]:
    """So many messages, and what comes in the second after them: there should be nothing.

    Kafka answers a commit before it is visible to every reader, so the end of a log is no guide.
    """
    messages: list[ConsumerRecord[bytes, bytes]] = []
    async with asyncio.timeout(_PATIENCE):
        while len(messages) < at_least:
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                messages += batch
    for batch in (await consumer.getmany(timeout_ms=1000)).values():
        messages += batch
    return messages


READ = """
SELECT
    (SELECT coalesce(sum(next_offset), 0) FROM source_offset)
    - (SELECT count(*) FROM source_probe WHERE arrived_at IS NOT NULL) AS n
"""
"""Probes of the watch are nobody's messages."""
DUE = "SELECT count(*) FROM reconsideration WHERE due_at <= $1"
PUBLISHED = "SELECT count(*) AS n FROM outbox WHERE published_at IS NOT NULL AND topic LIKE $1"
WAITING = """
SELECT count(*) FROM outbox WHERE published_at IS NULL AND withdrawn_at IS NULL
"""
