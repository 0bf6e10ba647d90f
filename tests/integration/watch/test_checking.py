"""The ledger is checked by itself; MASH hears of what stays wrong."""

import pytest

from services.ledger.queues import Queues
from services.runtime.topics import Topics
from services.watch.alarms import Alarms
from services.watch.checking import Checking
from tests.builders import staffordshire
from tests.integration.watch.rig import DAY, DUE, HOUR, MASH, Rig

MINUTE = HOUR / 60
pytestmark = pytest.mark.integration


def checking(rig: Rig) -> Checking:
    return Checking(rig.pool, Alarms(rig.pool, staffordshire(), Queues(Topics("fieldfare"), 1)))


async def a_duty_without_its_notice(rig: Rig) -> None:
    """Its outbox row has gone missing."""
    await rig.owe(due=DUE + 30 * DAY)


async def test_a_ledger_that_adds_up_is_no_news(rig: Rig) -> None:
    watch = checking(rig)

    for hours in range(3):
        assert await watch.check(DUE + hours * HOUR) == ()

    assert await rig.notices() == []


async def test_what_stays_wrong_is_a_duty_of_mash_once_a_day(rig: Rig) -> None:
    await a_duty_without_its_notice(rig)
    one, other = checking(rig), checking(rig)

    assert [each.name for each in await one.check(DUE)] == ["notices"]
    assert await rig.notices() == []
    for minutes in (4, 8, 12):  # no relay runs here, and soon somebody would miss it
        await one.check(DUE + minutes * MINUTE)
        await other.check(DUE + minutes * MINUTE)

    [notice] = await rig.notices()
    assert (notice["recipient"], notice["kind"], notice["about"]) == (MASH, "escalate", None)
    assert notice["because"] == "the ledger does not add up: notices"
    assert notice["content"]["broken"] == 1
    assert notice["asks"] == ["acknowledge", "act"]


async def test_nobodys_name_is_in_it(rig: Rig) -> None:
    await a_duty_without_its_notice(rig)
    watch = checking(rig)

    for hours in range(2):
        await watch.check(DUE + hours * HOUR)

    assert "Asha" not in str(await rig.notices())
    assert "9990000018" not in str(await rig.notices())
