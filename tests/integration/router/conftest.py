from collections.abc import AsyncIterator

import pytest

from services.ledger.migrate import migrate
from services.runtime.clock import FixedClock
from services.runtime.logging import configure_logging
from services.runtime.postgres import open_pool
from services.runtime.settings import LoggingSettings
from tests.integration.router.kafka_kit import Stage, settings_for
from tests.integration.router.kit import NOON, Ledger
from tests.live_rulebook import make_live


@pytest.fixture
async def ledger(fresh_dsn: str) -> AsyncIterator[Ledger]:
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        await migrate(pool, at=NOON)
        await make_live(pool, NOON)
        yield Ledger(pool)


@pytest.fixture(autouse=True, scope="session")
def _logs_as_in_production() -> None:
    configure_logging(LoggingSettings(), clock=FixedClock(NOON), service="test")


@pytest.fixture
def stage(kafka_servers: str, fresh_dsn: str, fresh_prefix: str, ledger: Ledger) -> Stage:
    return Stage(settings_for(kafka_servers, fresh_dsn, fresh_prefix), ledger)
