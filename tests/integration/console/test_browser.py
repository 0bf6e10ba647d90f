"""The console in a real browser: whole stories, no barriers, by keyboard, and on a phone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from services.console.parts import Console
from services.runtime.clock import FixedClock
from tests.integration.console.browser import PHONE, a_window, listening
from tests.integration.console.desk import LATER, Desk
from tests.integration.router.kit import NOON, Ledger


@pytest.fixture
async def open_desk(ledger: Ledger) -> AsyncIterator[Desk]:
    """A console that listens, over a ledger with a family, long after the notices were due."""
    async with listening(ledger.pool, FixedClock(NOON)) as reception:
        desk = Desk(ledger, reception)
        await desk.happened()
        desk.clock.set(LATER)
        yield desk


def address_of(desk: Desk) -> str:
    return desk.reception.console.settings.address


async def press_at(page: Page, target: str) -> None:
    """Goes on by the tabulator key until that has the focus, and presses Enter."""
    wanted = page.locator(target).first
    await wanted.wait_for()
    for _ in range(40):
        if await wanted.evaluate("it => it === document.activeElement"):
            await page.keyboard.press("Enter")
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"{target} cannot be reached by keyboard")


def paths_of(subject: str, duty_id: object, notice: object, event: object) -> list[str]:
    review = [f"/duties/{duty_id}", f"/events/{event}", "/missed", "/missed?from=x"]
    return {
        "carys": ["/now", "/sources", *review],
        "mina": ["/worklist", f"/worklist/{notice}", "/duties/x"],
        "arthur": ["/audit", "/now", *review],
        "rosa": ["/now", "/sources"],
        "omar": ["/now", "/sources", "/nowhere"],
    }[subject]


async def test_no_page_has_a_barrier_or_complains_or_scrolls_sideways_on_a_phone(
    open_desk: Desk,
) -> None:
    duty = await open_desk.duty("midwifery")
    found: dict[str, list[str]] = {}
    for subject in ("carys", "mina", "arthur", "rosa", "omar"):
        async with a_window(address_of(open_desk)) as window:
            await window.page.goto("/sign-in")
            found["/sign-in"] = await window.barriers()
            await window.sign_in(subject)
            paths = paths_of(
                subject, duty["duty_id"], duty["notification_id"], duty["occurrence_id"]
            )
            for path in paths:
                await window.page.goto(path)
                found[f"{subject} {path}"] = await window.barriers()
                await window.page.set_viewport_size(PHONE)
                if await window.overflows():
                    found[f"{subject} {path}"].append("scrolls sideways at 320 pixels")
                await window.page.set_viewport_size({"width": 1200, "height": 900})
            errors = [each for each in window.troubles if not each.startswith("error: Failed")]
            found[f"{subject} complains"] = [e for e in errors if "status of 4" not in e]

    assert {path: barriers for path, barriers in found.items() if barriers} == {}


async def test_a_coordinator_finds_a_miss_closes_it_and_the_page_says_so(open_desk: Desk) -> None:
    async with a_window(address_of(open_desk)) as window:
        page = window.page
        await window.sign_in("carys")
        await page.get_by_role("link", name="Missed").click()
        await window.picture("missed")
        await page.get_by_label("Service").select_option("midwifery")
        await page.get_by_role("button", name="Show").click()
        await page.get_by_role("link", name="Police domestic abuse").click()
        await window.picture("duty")
        await page.get_by_text("Close it").first.click()
        await page.get_by_label("Why: close it").fill("told by telephone")
        await page.get_by_role("button", name="Close it").click()

        await page.get_by_text("It is closed. Nobody is chased for it.").wait_for()

    assert (await open_desk.duty("midwifery"))["state"] == "closed"


async def test_a_midwife_acknowledges_on_a_phone_in_two_clicks(open_desk: Desk) -> None:
    async with a_window(address_of(open_desk), PHONE) as window:
        await window.sign_in("mina")
        await window.picture("worklist-on-a-phone")
        await window.page.locator(".ff-notices a").first.click()
        await window.picture("notice-on-a-phone")
        await window.page.get_by_role("button", name="Acknowledge").click()
        await window.page.get_by_text("Acknowledged in your name.").wait_for()

    assert (await open_desk.duty("midwifery"))["state"] == "acknowledged"


async def test_a_notice_is_acknowledged_by_keyboard_alone(open_desk: Desk) -> None:
    async with a_window(address_of(open_desk)) as window:
        page = window.page
        await window.sign_in("mina")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.textContent.trim()") == (
            "Skip to main content"
        )
        await press_at(page, "a[href^='/worklist/']")
        await page.wait_for_url("**/worklist/*")
        await press_at(page, "form button:has-text('Acknowledge')")
        await page.get_by_text("Acknowledged in your name.").wait_for()


async def test_an_event_shows_on_the_open_page_without_loading_it_again(open_desk: Desk) -> None:
    async with a_window(address_of(open_desk)) as window:
        page = window.page
        await window.sign_in("carys")
        await page.wait_for_url("**/now")
        await window.picture("now")
        rows = page.locator("#latest tbody tr")
        before = await rows.count()

        await open_desk.happened("STF/2026/000077")

        await rows.nth(before).wait_for()
        assert await rows.count() == before + 1
        assert window.troubles == []


async def test_pages_work_without_scripts(open_desk: Desk) -> None:
    async with a_window(address_of(open_desk)) as window:
        context = await window.context.browser.new_context(  # type: ignore[union-attr]
            base_url=window.address, java_script_enabled=False
        )
        page = await context.new_page()
        await page.goto("/sign-in")
        await page.get_by_role("button", name="Sign in").click()
        await page.locator("a[href*='/people/carys?']").click()
        await page.goto("/now")
        assert await page.locator("#latest tbody tr").count() == 1
        assert await page.get_by_text("Load the page again for what is new.").is_visible()
        await page.goto(f"/duties/{(await open_desk.duty('midwifery'))['duty_id']}")
        await page.get_by_text("Close it").first.click()
        await page.get_by_label("Why: close it").fill("told by telephone")
        await page.get_by_role("button", name="Close it").click()
        assert await page.get_by_text("It is closed.").is_visible()


async def test_an_open_page_is_not_told_of_anything_after_its_session_ended(
    open_desk: Desk,
) -> None:
    console: Console = open_desk.reception.console
    async with a_window(address_of(open_desk)) as window:
        await window.sign_in("carys")
        [secret] = [
            cookie["value"]
            for cookie in await window.context.cookies()
            if cookie.get("name") == "fieldfare"
        ]
        await console.sessions.end(str(secret), at=open_desk.clock.now())

        await open_desk.happened("STF/2026/000078")

        await window.page.get_by_text("This page has stopped moving").wait_for()
        assert await window.page.locator("#latest tbody tr").count() == 1
