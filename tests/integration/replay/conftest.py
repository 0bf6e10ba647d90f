from collections.abc import AsyncIterator

import pytest

from services.ledger.migrate import migrate
from services.runtime.clock import FixedClock
from services.runtime.logging import configure_logging
from services.runtime.postgres import open_pool
from services.runtime.settings import LoggingSettings
from tests.benchmarks.workload import START
from tests.integration.router.kit import Ledger


@pytest.fixture
async def ledger(fresh_dsn: str) -> AsyncIterator[Ledger]:
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        await migrate(pool, at=START)
        yield Ledger(pool)


@pytest.fixture(autouse=True, scope="session")
def _logs_as_in_production() -> None:
    configure_logging(LoggingSettings(), clock=FixedClock(START), service="test")
