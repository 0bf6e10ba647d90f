from collections.abc import AsyncIterator

import pytest

from services.ledger.migrate import migrate
from services.runtime.clock import FixedClock
from services.runtime.logging import configure_logging
from services.runtime.postgres import open_pool
from services.runtime.settings import LoggingSettings
from tests.integration.watch.rig import DUE, Rig
from tests.live_rulebook import make_live


@pytest.fixture
async def rig(fresh_dsn: str) -> AsyncIterator[Rig]:
    async with open_pool(fresh_dsn, size=6, application_name="test") as pool:
        await migrate(pool, at=DUE)
        await make_live(pool, DUE)
        yield Rig(pool, fresh_dsn)


@pytest.fixture(autouse=True, scope="session")
def _logs_as_in_production() -> None:
    configure_logging(LoggingSettings(), clock=FixedClock(DUE), service="test")
