"""The daily list (P41) and the weekly digest of gaps, over a real ledger and a real router."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from schemas.notification import DailyListContent, GapDigestContent
from services.ledger.queues import Queues
from services.runtime.clock import FixedClock
from services.runtime.topics import Topics
from services.watch.by_the_clock import ByTheClock
from tests.builders import a_person, at_home, attendance, staffordshire
from tests.integration.router.kit import a_router, records_of
from tests.integration.watch.rig import Rig

pytestmark = pytest.mark.integration

LIAISON, COMMISSIONER = "R1E:paediatric-liaison", "860:mash:commissioning"
BEGAN = datetime(2026, 3, 4, 12, tzinfo=UTC)
THURSDAY, FRIDAY = datetime(2026, 3, 5, 6, tzinfo=UTC), datetime(2026, 3, 6, 6, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 6, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def began(rig: Rig) -> Rig:
    """A ledger that has known of lists since a Wednesday at noon."""
    await rig.pool.execute("UPDATE schema_migration SET applied_at = $1", BEGAN)
    return rig


def sending(rig: Rig) -> ByTheClock:
    queues = Queues(Topics("fieldfare"), 1)
    return ByTheClock(rig.pool, staffordshire(), queues, "https://console.example")


async def attends(
    rig: Rig, number: int, at: datetime, *, school: str | None = None, **known: Any
) -> None:
    """A child leaves a minor injuries unit, and is told of as the router does."""
    child = a_person("patient", ref="p1", number=number, date_of_birth="2014-05-05", **at_home())
    child |= {"school": {"urn": school}} if school else {}
    data = attendance(
        child,
        **{
            "attendance_id": f"A-{number}",
            "site": "RJF-TAMWORTH-MIU",
            "department": "miu",
            "status": "departed",
            "arrived_at": (at - HOUR).isoformat(),
            "departed_at": (at - HOUR / 2).isoformat(),
            **known,
        },
    )
    event = {
        "specversion": "1.0",
        "id": f"e-{number}-{at.isoformat()}",
        "source": "urn:fieldfare:source:rjf-tamworth-miu",
        "type": "fieldfare.emergency.attendance.v1",
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
    rows = await rig.rows("SELECT count(*) FROM event")
    router = a_router(rig.pool, clock=FixedClock(at))
    await router.handle(records_of(event, begin=int(rows[0][0])))


async def told(rig: Rig) -> list[dict[str, Any]]:
    """Every notification that went out, in order."""
    return [each for each in await rig.notices() if "notification_id" in each]


async def lists(rig: Rig) -> list[dict[str, Any]]:
    return [n for n in await told(rig) if n["event"]["type"] == "fieldfare.daily-list.v1"]


async def test_a_list_has_what_liaison_holds_and_nothing_of_a_child(began: Rig) -> None:
    await attends(began, 1, THURSDAY - 3 * HOUR)
    await attends(began, 2, THURSDAY - 2 * HOUR, site="RJF-LICHFIELD-MIU")

    assert await sending(began).send(THURSDAY) == 1

    [sent] = await lists(began)
    content = TypeAdapter(DailyListContent).validate_python(sent["content"])
    assert (sent["recipient"], sent["about"], sent["asks"]) == (LIAISON, None, ["acknowledge"])
    assert sent["respond_by"] == "2026-03-05T17:00:00+00:00"
    assert (content.notices, content.counts["new"], content.late) == (2, 2, False)
    assert [each.site for each in content.sites] == ["RJF-LICHFIELD-MIU", "RJF-TAMWORTH-MIU"]
    held = {n["notification_id"] for n in await told(began) if n["recipient"] == LIAISON}
    assert {str(each.notification_id) for each in content.listed} <= held
    assert not any(word in json.dumps(sent) for word in ("999000", "2014-05-05", "E07000193"))


async def test_an_empty_list_is_sent_and_says_so(began: Rig) -> None:
    await sending(began).send(THURSDAY)

    [sent] = await lists(began)
    assert sent["content"]["says"] == "nobody to list: nothing to report"


async def test_it_is_sent_at_six_in_london_on_working_days_and_once(began: Rig) -> None:
    sends = sending(began)
    moments = [BEGAN + n * HOUR for n in range(24 * 6)]
    sent_at = [at for at in moments if await sends.send(at) and len(await lists(began))]

    due = [each["routed_at"] for each in await lists(began)]
    assert due == [at.isoformat() for at in (THURSDAY, FRIDAY, MONDAY, MONDAY + DAY)]
    assert len(sent_at) == len(due)


async def test_monday_covers_the_weekend(began: Rig) -> None:
    await sending(began).send(FRIDAY)
    await attends(began, 1, FRIDAY + DAY)
    await sending(began).send(FRIDAY + 2 * DAY)
    await sending(began).send(MONDAY)

    [friday, monday] = await lists(began)
    assert (friday["content"]["notices"], monday["content"]["notices"]) == (0, 1)
    assert monday["content"]["covers"]["from"] == FRIDAY.isoformat()


async def test_several_watches_send_one(began: Rig) -> None:
    await attends(began, 1, THURSDAY - HOUR)

    sent = await asyncio.gather(*(sending(began).send(THURSDAY) for _ in range(4)))

    assert sorted(sent) == [0, 0, 0, 1]
    assert len(await lists(began)) == 1


async def test_after_a_standstill_one_late_list_covers_all_and_says_what_was_missed(
    began: Rig,
) -> None:
    await sending(began).send(THURSDAY)
    await attends(began, 1, FRIDAY + HOUR)

    await sending(began).send(MONDAY + 3 * HOUR)

    content = (await lists(began))[-1]["content"]
    assert (content["late"], content["notices"]) == (True, 1)
    assert content["no_list_on"] == ["2026-03-06"]
    rows = await began.rows("SELECT late FROM clock_notice ORDER BY due_at, name")
    assert [row["late"] for row in rows] == [False, True, True]  # the digest of Monday as well


async def test_what_was_committed_while_a_list_was_made_stands_in_the_next(began: Rig) -> None:
    await sending(began).send(THURSDAY)
    await attends(began, 1, THURSDAY - HOUR)

    await sending(began).send(FRIDAY)

    assert (await lists(began))[-1]["content"]["notices"] == 1


async def test_a_correction_and_a_withdrawal_stand_in_the_next_list_as_such(began: Rig) -> None:
    for number in (1, 2, 3):
        await attends(began, number, THURSDAY - (4 - number) * HOUR)
    await sending(began).send(THURSDAY)
    corrected = {"arrived_at": (THURSDAY - 5 * HOUR).isoformat(), "headline": "Other wrist"}
    await attends(began, 1, THURSDAY + HOUR, **corrected)
    await attends(began, 2, THURSDAY + 2 * HOUR, status="cancelled")

    await sending(began).send(FRIDAY)

    content = (await lists(began))[-1]["content"]
    assert content["counts"] == {"new": 0, "changed": 1, "withdrawn": 1}


async def test_a_list_that_nobody_acknowledges_is_chased(began: Rig) -> None:
    await sending(began).send(THURSDAY)
    [held] = await began.rows("SELECT look_at, asks FROM duty WHERE recipient = $1", LIAISON)
    await began.pool.execute("UPDATE duty SET sent_at = owed_at")

    await began.chase(held["look_at"] + HOUR)

    assert "R1E:safeguarding" in {each["recipient"] for each in await told(began)}


async def test_a_week_of_gaps_is_told_to_the_commissioner(began: Rig) -> None:
    await attends(began, 4, THURSDAY, school="900010")  # an independent one

    await sending(began).send(MONDAY)

    [sent] = [n for n in await told(began) if n["recipient"] == COMMISSIONER]
    content = GapDigestContent.model_validate(sent["content"])
    assert [(g.service, g.district, g.duties, g.still_open) for g in content.gaps] == [
        ("school-nursing", "East Staffordshire", 1, 1)
    ]
    assert content.gaps[0].told_instead == "MASH:mash"
    assert content.covers.until == datetime(2026, 3, 9, tzinfo=UTC)
    assert not any(word in json.dumps(sent) for word in ("999000", "2014-05-05", "900010"))


async def test_a_digest_of_every_week_is_sent_even_without_a_gap(began: Rig) -> None:
    await sending(began).send(MONDAY)

    await sending(began).send(MONDAY + timedelta(days=22))

    sent = [n for n in await told(began) if n["recipient"] == COMMISSIONER]
    assert [n["content"]["says"] for n in sent] == ["no gap: nothing to report"] * 4
    assert sent[-1]["content"]["covers"]["until"] == "2026-03-29T23:00:00+00:00"  # summer time


async def test_nothing_is_owed_of_before_the_ledger_knew_of_lists(rig: Rig) -> None:
    await rig.pool.execute("UPDATE schema_migration SET applied_at = $1", MONDAY + HOUR)

    assert await sending(rig).send(MONDAY + 2 * HOUR) == 0
