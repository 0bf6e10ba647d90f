from collections.abc import AsyncIterator

import pytest

from services.ledger.migrate import migrate
from services.runtime.clock import FixedClock
from services.runtime.logging import configure_logging
from services.runtime.postgres import open_pool
from services.runtime.settings import LoggingSettings
from tests.console_kit import Reception, a_reception
from tests.integration.console.desk import Desk
from tests.integration.console.office import AtOnce, Office, postgres_at
from tests.integration.console.people import Town
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
def reception(ledger: Ledger) -> Reception:
    return a_reception(ledger.pool, FixedClock(NOON))


@pytest.fixture
async def desk(ledger: Ledger, reception: Reception) -> Desk:
    """A console over a ledger in which one family is known: a pregnant victim and a toddler."""
    desk = Desk(ledger, reception)
    await desk.happened()
    return desk


@pytest.fixture
async def office(fresh_dsn: str) -> AsyncIterator[Office]:
    """A console over a ledger in which a small rulebook is live, which it can replay."""
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        await migrate(pool, at=NOON)
        reception = a_reception(pool, FixedClock(NOON), postgres=postgres_at(fresh_dsn))
        reception.console.rules.surveying = AtOnce()
        reception.console.rules.returning = AtOnce()
        office = Office(Ledger(pool), reception)
        await office.begin()
        yield office
        await reception.console.rules.stop()


@pytest.fixture
async def town(ledger: Ledger, reception: Reception) -> Town:
    """A console over an empty ledger, into which a test's own events come."""
    return Town(Desk(ledger, reception))
