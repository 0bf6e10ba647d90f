"""Kafka or PostgreSQL go away while the relay works."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.relay.relay import RelayLimits
from services.runtime.backoff import Backoff
from services.runtime.settings import PostgresSettings, SandboxSettings, Settings
from services.sandbox.stack import Sandbox
from tests.integration.relay.rig import Rig, numbers, relay_running

pytestmark = pytest.mark.integration

_TEAM = "RJF:midwifery"


class OwnBroker:
    """A broker that a test may stop and start again, on the same port and with the same data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port: int | None = None
        self._running: Sandbox | None = None

    async def start(self) -> str:
        settings = Settings(
            postgres=PostgresSettings(dsn=SecretStr("postgresql://somewhere.else")),
            sandbox=SandboxSettings(folder=self._folder, kafka_port=self._port),
        )
        self._running = await asyncio.to_thread(Sandbox(settings, fast=True).__enter__)
        self._port = int(self._running.bootstrap_servers.rpartition(":")[2])
        return self._running.bootstrap_servers

    async def stop(self) -> None:
        if self._running is not None:
            await asyncio.to_thread(self._running.stop)
            self._running = None


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[OwnBroker]:
    own = OwnBroker(tmp_path)
    yield own
    await own.stop()


async def test_kafka_restarts_in_mid_stream(rig: Rig, broker: OwnBroker) -> None:
    kafka = rig.settings.kafka.model_copy(update={"bootstrap_servers": await broker.start()})
    rig = Rig(rig.settings.model_copy(update={"kafka": kafka}), rig.pool)
    await rig.make_topics("queue.midwifery.RJF", "queue.camhs.RRE")
    rounds = 0

    async def keep_adding() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await rig.add(10)
            await rig.add(10, topic=rig.topic("queue.camhs.RRE"))
            await asyncio.sleep(0.02)

    async with relay_running(rig.settings, limits=RelayLimits(backoff=Backoff(most=1.0))):
        adding = asyncio.create_task(keep_adding())
        await asyncio.sleep(2)
        await broker.stop()
        await asyncio.sleep(1)
        await broker.start()
        await asyncio.sleep(1)
        adding.cancel()
        await asyncio.wait([adding])
        await rig.until_published()

    for topic in (rig.topic(), rig.topic("queue.camhs.RRE")):
        queue = await rig.queue(topic)
        assert numbers(queue, _TEAM) == list(range(1, len(queue) + 1))
        assert len({seen.message_id for seen in queue}) == len(queue)
        assert 10 * (rounds - 1) <= len(queue) <= 10 * rounds


async def test_postgres_ends_all_sessions_in_mid_stream(rig: Rig) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    await rig.add(3000)

    async with relay_running(rig.settings):
        for _ in range(10):
            await asyncio.sleep(0.1)
            await rig.pool.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name LIKE 'fieldfare-relay%' AND datname = current_database()"
            )
        await rig.until_published()

    assert numbers(await rig.queue(), _TEAM) == list(range(1, 3001))


async def test_a_relay_stops_in_time_while_kafka_is_away(rig: Rig, broker: OwnBroker) -> None:
    kafka = rig.settings.kafka.model_copy(update={"bootstrap_servers": await broker.start()})
    rig = Rig(rig.settings.model_copy(update={"kafka": kafka}), rig.pool)
    await rig.make_topics("queue.midwifery.RJF")
    await rig.add(1)

    async with asyncio.timeout(60):
        async with relay_running(rig.settings, limits=RelayLimits(stop_seconds=1)):
            await rig.until_published()
            await broker.stop()
            await rig.add(1)
            await asyncio.sleep(1)  # until it is in the middle of sending

    assert await rig.pool.fetchval("SELECT count(*) FROM lane WHERE owner IS NOT NULL") == 0
