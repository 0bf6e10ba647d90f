"""The person page and an event's rules in a real browser: found, read, printed, by keyboard too."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Page
from pypdf import PdfReader

from services.runtime.clock import FixedClock
from tests.integration.console.browser import PHONE, Window, a_window, listening
from tests.integration.console.desk import LATER, Desk
from tests.integration.console.people import (
    ASHA,
    CARL,
    INCIDENT,
    Town,
    linked,
    registered,
)
from tests.integration.router.kit import NOON, Ledger


@pytest.fixture
async def town(ledger: Ledger) -> AsyncIterator[Town]:
    """A console that listens, over a ledger in which a family is known."""
    async with listening(ledger.pool, FixedClock(NOON)) as reception:
        town = Town(Desk(ledger, reception))
        await town.told(
            registered(ASHA, name={"given": "Asha", "family": "Example"}, gp_practice="Y90004"),
            registered(CARL, date_of_birth="2019-03-03"),
            linked(ASHA, CARL, "parent"),
            INCIDENT,
        )
        town.desk.clock.set(LATER)
        yield town


def address_of(town: Town) -> str:
    return town.desk.reception.console.settings.address


async def search(page: Page) -> None:
    """Looks for Asha as a person does."""
    await page.goto("/person")
    await page.get_by_label("NHS number").fill(f"{ASHA[:3]} {ASHA[3:6]} {ASHA[6:]}")
    await page.get_by_label("Day").fill("11")
    await page.get_by_label("Month").fill("4")
    await page.get_by_label("Year").fill("1996")
    await page.get_by_label("Why you look at this person").select_option("Case review")
    await page.get_by_label("In your own words").fill("serious case review 12")
    await page.get_by_role("button", name="Find").click()


async def found(window: Window, name: str) -> list[str]:
    """What is in somebody's way on the page that is open, at both sizes; and its picture."""
    barriers = await window.barriers()
    await window.picture(name)
    await window.page.set_viewport_size(PHONE)
    if await window.overflows():
        barriers.append(f"{name} scrolls sideways at 320 pixels")
    await window.page.set_viewport_size({"width": 1200, "height": 900})
    return barriers


async def test_an_auditor_finds_somebody_reads_and_prints_without_a_barrier(town: Town) -> None:
    [row] = await town.desk.ledger.rows("SELECT occurrence_id FROM occurrence")
    async with a_window(address_of(town)) as window:
        page = window.page
        await window.sign_in("arthur")
        await page.get_by_role("link", name="Person", exact=True).click()
        barriers = await found(window, "person-search")
        for way in ("name", "reference"):
            await page.goto(f"/person?by={way}")
            barriers += await found(window, "person-search")
            await page.get_by_role("button", name="Find").click()
            await page.get_by_text("There is a problem").wait_for()
            barriers += await found(window, "person-search")
        await page.goto("/person")
        await window.picture("person-search")
        await search(page)
        await page.get_by_role("heading", name="Asha Example").wait_for()
        assert ASHA not in page.url
        barriers += await found(window, "person")
        async with page.expect_download() as downloading:
            await page.get_by_role("button", name="Print the timeline (PDF)").click()
        download = await downloading.value
        assert "Asha Example" in PdfReader(await download.path()).pages[0].extract_text()
        await page.get_by_role("button", name="Open Child").click()
        await page.get_by_role("heading", name="Name not known").wait_for()
        await page.goto(f"/events/{row[0]}/rules?service=school-nursing&about=victim")
        barriers += await found(window, "event-rules")
        errors = [each for each in window.troubles if "status of 4" not in each]

    assert (barriers, errors) == ([], [])


async def test_somebody_is_found_by_keyboard_alone(town: Town) -> None:
    async with a_window(address_of(town)) as window:
        page = window.page
        await window.sign_in("carys")
        await page.goto("/person")
        await page.get_by_label("NHS number").focus()
        for typed in (ASHA, "11", "4", "1996", "C", "serious case review 12"):
            await page.keyboard.type(typed)
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")

        await page.get_by_role("heading", name="Asha Example").wait_for()


async def test_a_look_ends_in_the_browsers_back_button_too(town: Town) -> None:
    async with a_window(address_of(town)) as window:
        page = window.page
        await window.sign_in("carys")
        await search(page)
        await page.get_by_role("heading", name="Asha Example").wait_for()
        path = page.url
        await page.get_by_role("button", name="Sign out").click()
        await page.goto(path)

        assert "/sign-in" in page.url
        town.desk.clock.advance(timedelta(minutes=1))
        assert await page.get_by_text("Asha Example").count() == 0
