"""Pathways over a real ledger: paragraph 1.13, found by a page."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from routing_rules.rulebook import Rulebook, load_rulebook
from services.ledger.migrate import migrate
from services.router.handler import Router
from services.router.messages import Post
from services.router.routing import Routing
from services.runtime.clock import FixedClock
from services.runtime.postgres import open_pool
from services.runtime.topics import Topics
from tests.builders import a_person, at_home, police, rulebook_files
from tests.console_kit import Reception, a_reception
from tests.integration.console.desk import Desk
from tests.integration.router.kit import NOON, Ledger, a_router, message, records
from tests.live_rulebook import make_live

CANNOCK, EAST = "E07000192", "E07000193"
SOURCE = "urn:fieldfare:source:staffordshire-police"


def pregnant(district: str | None, number: int) -> Mapping[str, Any]:
    home = at_home(district) if district else {}
    return a_person(
        "victim", number=number, date_of_birth="1996-04-11", pregnant="yes", sex="female", **home
    )


async def happen(router: Router, *districts: str | None) -> None:
    """One incident with a pregnant victim of each district."""
    bodies = [
        message(
            police(pregnant(home, n + 1), police_reference=f"STF/2026/{n:06}"), event_id=f"e{n}"
        )
        for n, home in enumerate(districts)
    ]
    await router.handle(records(*bodies))


@pytest.fixture
async def then(fresh_dsn: str) -> AsyncIterator[Reception]:
    """2016 as it was practised: seven incidents in Cannock Chase, eleven in East Staffordshire."""
    rulebook: Rulebook = load_rulebook(rulebook_files("staffordshire-2016"))
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        await migrate(pool, at=NOON)
        await make_live(pool, NOON, rulebook)
        plain = a_router(pool)
        router = Router(
            pool,
            Routing(rulebook, Post(Topics("fieldfare"), 1)),
            plain.read,
            FixedClock(NOON),
            backoff=plain.backoff,
        )
        await happen(router, *[CANNOCK] * 7, *[EAST] * 11)
        yield a_reception(pool, FixedClock(NOON))


async def test_para_1_13_stands_above_the_table_in_words(then: Reception) -> None:
    coordinator = await then.person("carys")

    page = await coordinator.get("/pathways?service=midwifery")

    told = "Staffordshire police to midwifery , police domestic abuse:"
    assert told in coordinator.words
    after = coordinator.words.partition(told)[2]
    assert "East Staffordshire: 11 events" in after
    assert "nothing sent" in after
    assert "every pregnant victim" in after
    assert "Cannock Chase: 7" not in coordinator.words
    assert "7 of 7" in coordinator.words
    assert '<td class="ff-heat-bad">0 of 11' in page.text


async def test_each_number_leads_to_the_duties_behind_it(then: Reception) -> None:
    coordinator = await then.person("carys")
    text = (await coordinator.get(f"/pathways?service=midwifery&district={CANNOCK}")).text

    link = text.partition('<td class="ff-heat-2"><a href="')[2].partition('"')[0]
    await coordinator.get(link.replace("&amp;", "&"))

    assert coordinator.last.text.count('href="/duties/') == 7
    assert "RJE:midwifery" in coordinator.words
    assert "Asha" not in coordinator.words


async def test_whoever_may_not_see_people_sees_the_numbers_without_links(then: Reception) -> None:
    for subject in ("rosa", "omar"):
        visitor = await then.person(subject)

        page = await visitor.get("/pathways")

        assert "7 of 7" in visitor.words
        assert "/duties" not in page.text
        assert (await visitor.get("/duties")).status_code == 403


async def test_after_the_report_nothing_stands_out_but_what_is_with_mash_is_shown(
    ledger: Ledger, reception: Reception
) -> None:
    await happen(a_router(ledger.pool), *[CANNOCK] * 3, *[EAST] * 3, None, "E99999999")
    coordinator = await reception.person("carys")

    await coordinator.get("/pathways?service=midwifery")

    assert "Nothing stands out." in coordinator.words
    assert coordinator.words.count("3 of 3") == 2
    assert "0 of 1, MASH 1" in coordinator.words


async def test_an_empty_ledger_says_that_nothing_came(reception: Reception) -> None:
    coordinator = await reception.person("carys")

    await coordinator.get("/pathways?days=7")

    assert "No event came that somebody had to be told about." in coordinator.words
    assert "in the last 7 days" in coordinator.words


async def test_only_what_was_owed_in_the_period_counts(desk: Desk) -> None:
    desk.clock.advance(timedelta(days=10))
    coordinator = await desk.reception.person("carys")

    await coordinator.get("/pathways?days=7")
    week = coordinator.words
    await coordinator.get("/pathways?days=28")

    assert "1 of 1" not in week
    assert "1 of 1" in coordinator.words


async def test_counts_say_when_they_were_counted_and_are_counted_again_after_a_minute(
    desk: Desk,
) -> None:
    coordinator = await desk.reception.person("carys")
    await coordinator.get("/pathways")
    await desk.ledger.rows("UPDATE duty SET state = 'withdrawn', ended_at = $1", desk.clock.now())

    desk.clock.advance(timedelta(seconds=59))
    await coordinator.get("/pathways?service=midwifery")
    kept = coordinator.words
    desk.clock.advance(timedelta(seconds=1))
    await coordinator.get("/pathways")

    assert "1 of 1" in kept
    assert "Counted at Fri 6 Mar 12:00:00" in kept
    assert "No event came" in coordinator.words
    assert "Counted at Fri 6 Mar 12:01:00" in coordinator.words


async def test_a_withdrawn_duty_is_no_flow_and_can_be_listed(desk: Desk) -> None:
    await desk.ledger.rows("UPDATE duty SET state = 'withdrawn', ended_at = $1", desk.clock.now())
    coordinator = await desk.reception.person("carys")

    await coordinator.get("/pathways")
    assert "No event came" in coordinator.words
    await coordinator.get("/duties?state=withdrawn")

    assert "RJF:midwifery" in coordinator.words


async def test_a_list_of_duties_is_filtered_paged_and_recorded(desk: Desk) -> None:
    for n in range(2, 30):
        await desk.happened(f"STF/2026/{n:06}")
    auditor = await desk.reception.person("arthur")

    first = (await auditor.get(f"/duties?source={SOURCE}&district={EAST}")).text
    following = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = (await auditor.get(following)).text

    links = [
        {part.split('"')[0] for part in page.split('href="/duties/')[1:]}
        for page in (first, second)
    ]
    assert len(links[0]) == 50
    assert links[1]
    assert not links[0] & links[1]
    assert (await desk.views())[-1][:2] == ("Arthur Penn", "saw_duties")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("source=urn:x", False),
        ("service=midwifery&state=sent", True),
        ("service=midwifery&state=owed", False),
        ("service=camhs", False),
        ("district=unknown", False),
        ("district=elsewhere", False),
        (f"district={CANNOCK}", False),
        (f"district={EAST}&state=open", True),
    ],
)
async def test_each_filter_of_the_list_filters(desk: Desk, query: str, found: bool) -> None:
    coordinator = await desk.reception.person("carys")

    await coordinator.get(f"/duties?{query}")

    assert ("No duty fits." not in coordinator.words) is found


async def test_a_filter_that_is_none_is_said(desk: Desk) -> None:
    coordinator = await desk.reception.person("carys")

    for path in ("/pathways?days=9999", "/duties?state=nonsense", "/duties?after=x"):
        assert (await coordinator.get(path)).status_code == 400, path
        assert "There is a problem" in coordinator.words
