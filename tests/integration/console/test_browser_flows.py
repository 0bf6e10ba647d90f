"""Pathways, duties and exceptions in a real browser: no barriers, by keyboard, on a phone."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Page

from routing_rules.rulebook import load_rulebook
from services.ledger.migrate import migrate
from services.router.handler import Router
from services.router.messages import Post
from services.router.routing import Routing
from services.runtime.clock import FixedClock
from services.runtime.postgres import open_pool
from services.runtime.topics import Topics
from tests.builders import police, rulebook_files
from tests.integration.console.browser import PHONE, Window, a_window, listening
from tests.integration.console.desk import Desk
from tests.integration.console.test_browser import address_of, press_at
from tests.integration.console.test_pathways import CANNOCK, EAST, pregnant
from tests.integration.router.kit import NOON, Ledger, a_router, message, records
from tests.live_rulebook import make_live


@pytest.fixture
async def year_2016(fresh_dsn: str) -> AsyncIterator[Desk]:
    """The rulebook as it was practised, with incidents in three places and a broken message."""
    rulebook = load_rulebook(rulebook_files("staffordshire-2016"))
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        await migrate(pool, at=NOON)
        await make_live(pool, NOON, rulebook)
        plain = a_router(pool)
        routing = Routing(rulebook, Post(Topics("fieldfare"), 1))
        router = Router(pool, routing, plain.read, FixedClock(NOON), backoff=plain.backoff)
        homes = [*[CANNOCK] * 12, *[EAST] * 41, *["E07000197"] * 4, None]
        people = [pregnant(home, n + 1) for n, home in enumerate(homes)]
        bodies = [
            message(police(each, police_reference=f"STF/2016/{n:06}"), event_id=f"e{n}")
            for n, each in enumerate(people)
        ]
        await router.handle(records(*bodies, b'{"specversion": "1.0", "id": "made up'))
        async with listening(pool, FixedClock(NOON + timedelta(hours=6))) as reception:
            yield Desk(Ledger(pool), reception)


async def troubles_of(window: Window, path: str) -> list[str]:
    """What is in somebody's way on a page, at a desk and on a phone."""
    await window.page.goto(path)
    found = await window.barriers()
    await window.page.set_viewport_size(PHONE)
    if await window.overflows():
        found.append("scrolls sideways at 320 pixels")
    await window.page.set_viewport_size({"width": 1200, "height": 900})
    return found


async def letter_of(desk: Desk) -> str:
    [row] = await desk.ledger.rows("SELECT duty_id FROM duty WHERE dead_letter_id IS NOT NULL")
    return f"/exceptions/{row['duty_id']}/content"


async def test_no_page_of_flows_has_a_barrier_or_scrolls_sideways_on_a_phone(
    year_2016: Desk,
) -> None:
    letter = await letter_of(year_2016)
    paths = {
        "carys": ["/pathways", f"/pathways?district={EAST}", "/duties", "/exceptions", letter],
        "arthur": ["/pathways?days=x", "/duties?state=x", "/exceptions?waiting=x"],
        "omar": ["/pathways"],
    }
    found: dict[str, list[str]] = {}
    for subject, theirs in paths.items():
        async with a_window(address_of(year_2016)) as window:
            await window.sign_in(subject)
            for path in theirs:
                found[f"{subject} {path}"] = await troubles_of(window, path)
            found[f"{subject} complains"] = [t for t in window.troubles if "status of 4" not in t]

    assert {path: barriers for path, barriers in found.items() if barriers} == {}


async def test_a_coordinator_sees_where_nothing_flows_and_opens_the_events_by_keyboard(
    year_2016: Desk,
) -> None:
    async with a_window(address_of(year_2016)) as window:
        page = window.page
        await window.sign_in("carys")
        await page.get_by_role("link", name="Pathways").click()
        await window.picture("pathways")
        await page.get_by_role("heading", name="All pathways").scroll_into_view_if_needed()
        await page.locator(".ff-heat").first.scroll_into_view_if_needed()
        await window.picture("pathways-table")
        await page.get_by_label("Service").select_option("midwifery")
        await page.get_by_role("button", name="Show").click()
        silent = page.get_by_role("listitem").filter(has_text="East Staffordshire: 41 events")
        assert "nothing sent" in await silent.last.inner_text()
        await press_at(page, ".ff-heat")  # the table itself can be scrolled by keyboard
        await press_at(page, ".ff-heat td a")
        await page.get_by_role("heading", name="Duties").wait_for()
        assert await page.get_by_text("RJE:midwifery").count() > 0
        await page.set_viewport_size(PHONE)
        await page.goto(f"/pathways?service=midwifery&district={EAST}")
        await page.get_by_text("0 of 41").first.scroll_into_view_if_needed()
        await window.picture("pathways-on-a-phone")


async def test_a_coordinator_takes_an_exception_and_reads_what_arrived(year_2016: Desk) -> None:
    async with a_window(address_of(year_2016)) as window:
        page = window.page
        await window.sign_in("carys")
        await page.get_by_role("link", name="Exceptions").click()
        await window.picture("exceptions")
        await press_at(page, "button:has-text('Take it')")
        await page.get_by_text("It is yours now.").wait_for()
        await read_letter(page)
        assert await page.get_by_text("made up").is_visible()
        await window.picture("what-arrived")
        await page.goto("/exceptions?waiting=unreadable")
        await page.get_by_role("button", name="Read it again").click()
        await page.get_by_text("it still cannot be read").first.wait_for()

    [view] = await year_2016.ledger.rows(
        "SELECT reason FROM console_view WHERE what = 'saw_letter'"
    )
    assert view["reason"] == "to find out who should be told"


async def test_an_operator_sees_what_could_not_be_read_until_it_is_read_again_after_a_fix(
    year_2016: Desk,
) -> None:
    address = address_of(year_2016)
    async with a_window(address) as window:
        await window.sign_in("omar")
        await window.page.get_by_text("1 could not be read").first.wait_for()
        assert await window.page.get_by_role("link", name="Exceptions").count() == 0
    body = message(
        police(pregnant(EAST, 99), police_reference="STF/2016/MENDED"), event_id="mended"
    )
    await year_2016.ledger.rows("UPDATE dead_letter SET body = $1", body)

    async with a_window(address) as window:
        await window.sign_in("carys")
        await window.page.goto("/exceptions?waiting=unreadable")
        await window.page.get_by_role("button", name="Read it again").click()
        await window.page.get_by_text("The event is routed").first.wait_for()
    async with a_window(address) as window:
        await window.sign_in("omar")
        await window.page.get_by_text("0 could not be read").first.wait_for()
    async with a_window(address) as window:
        await window.sign_in("arthur")
        await window.page.goto("/audit")
        deed = window.page.get_by_role("row").filter(has_text="Re processed")
        assert "Carys" in await deed.first.inner_text()


async def read_letter(page: Page) -> None:
    """Opens what arrived, for a reason."""
    await page.goto("/exceptions?waiting=unreadable")
    await page.get_by_role("link", name="Read what arrived").click()
    await page.get_by_role("button", name="Show it").click()
    await page.get_by_text("Say why you need to read it").first.wait_for()
    await page.get_by_label("Why you need to read it").fill("to find out who should be told")
    await page.get_by_role("button", name="Show it").click()
    await page.get_by_role("heading", name="What arrived").wait_for()
