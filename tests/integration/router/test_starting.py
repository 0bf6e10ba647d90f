"""How a router process starts and ends."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.ledger.migrate import MigrationRefused, migrate
from services.router.main import run_router
from services.runtime.clock import FixedClock
from services.runtime.errors import SettingsProblem
from services.runtime.postgres import DatabaseProblem, open_pool
from services.runtime.settings import (
    KafkaSettings,
    PostgresSettings,
    Settings,
)
from tests.integration.router.kafka_kit import Stage, settings_for, until
from tests.integration.router.kit import NOON, Ledger, message
from tests.live_rulebook import make_live

CLOCK = FixedClock(datetime(2026, 3, 6, 12, tzinfo=UTC))
REPOSITORY = Path(__file__).parents[3]
_PROCESS = """
import asyncio
from services.router.main import run_router
from services.runtime.clock import SystemClock
from services.runtime.settings import read_settings
asyncio.run(run_router(read_settings(), SystemClock()))
"""


async def test_a_router_waits_until_a_rulebook_is_live_and_says_so(
    kafka_servers: str, fresh_dsn: str, fresh_prefix: str
) -> None:
    async with open_pool(fresh_dsn, size=2, application_name="test") as pool:
        await migrate(pool, at=NOON)
        stage = Stage(settings_for(kafka_servers, fresh_dsn, fresh_prefix), Ledger(pool))
        await stage.make_topic()
        await stage.publish([message()])
        with capture_logs() as lines:
            async with stage.router() as running:

                async def is_waiting() -> bool:
                    return any(line["event"].startswith("nothing_is_routed") for line in lines)

                await until(is_waiting)
                assert not running.done()
                assert (await stage.ledger.counts())["event"] == 0

                await make_live(pool, NOON)

                assert await stage.until_events(1) == ["e1"]


async def test_a_router_needs_a_database() -> None:
    with pytest.raises(SettingsProblem, match="FIELDFARE_POSTGRES__DSN"):
        await run_router(Settings(postgres=PostgresSettings(), kafka=KafkaSettings()), CLOCK)


async def test_a_ledger_that_is_not_migrated_stops_the_router(
    kafka_servers: str, fresh_dsn: str, fresh_prefix: str
) -> None:
    with pytest.raises(MigrationRefused, match="not applied yet"):
        await run_router(settings_for(kafka_servers, fresh_dsn, fresh_prefix), CLOCK)


async def test_a_router_waits_for_kafka_and_can_be_stopped_meanwhile(stage: Stage) -> None:
    nowhere = stage.settings.model_copy(
        update={"kafka": KafkaSettings(bootstrap_servers="127.0.0.1:1")}
    )
    with capture_logs() as lines:
        waiting = asyncio.create_task(run_router(nowhere, CLOCK))

        async def is_waiting() -> bool:
            return any(line["event"] == "away" for line in lines)

        await until(is_waiting)
        assert not waiting.done()
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting


async def test_a_router_that_is_asked_to_end_finishes_and_ends_well(
    stage: Stage, kafka_servers: str, fresh_dsn: str
) -> None:
    await stage.make_topic()
    await stage.publish([message()])
    router = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _PROCESS),
        cwd=REPOSITORY,
        env=os.environ
        | {
            "FIELDFARE_KAFKA__BOOTSTRAP_SERVERS": kafka_servers,
            "FIELDFARE_POSTGRES__DSN": fresh_dsn,
            "FIELDFARE_TOPICS__PREFIX": stage.settings.topics.prefix,
            "FIELDFARE_ROUTER__GROUP_ID": stage.group,
        },
    )
    try:
        assert await stage.until_events(1) == ["e1"]
        router.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await router.wait() == 0
    finally:
        if router.returncode is None:
            router.kill()
            await router.wait()


async def test_a_router_that_cannot_look_at_what_is_due_stops_and_says_why(stage: Stage) -> None:
    await stage.make_topic()
    await stage.publish([message()])

    with pytest.raises(DatabaseProblem, match="42P01"):
        await _route_without_what_is_due(stage)


async def _route_without_what_is_due(stage: Stage) -> None:
    async with stage.router() as running:
        await stage.until_events(1)
        await stage.ledger.rows("DROP TABLE reconsideration")
        await running
