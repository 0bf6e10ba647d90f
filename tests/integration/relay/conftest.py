from collections.abc import AsyncIterator

import pytest

from services.ledger.migrate import migrate
from services.runtime.postgres import open_pool
from tests.integration.relay.rig import NOON, Rig, settings_for


@pytest.fixture
async def rig(kafka_servers: str, fresh_dsn: str, fresh_prefix: str) -> AsyncIterator[Rig]:
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        await migrate(pool, at=NOON)
        yield Rig(settings_for(kafka_servers, fresh_dsn, fresh_prefix), pool)
