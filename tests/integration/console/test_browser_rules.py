"""The pages about rules in a real browser: a change is read, signed by two, and taken back."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from services.ledger.live_rulebook import LiveRulebook
from services.ledger.migrate import migrate
from services.runtime.clock import FixedClock
from services.runtime.postgres import open_pool, reading
from tests.integration.console.browser import PHONE, Window, a_window, listening
from tests.integration.console.desk import Desk
from tests.integration.console.office import AtOnce, Office, postgres_at
from tests.integration.router.kit import NOON, Ledger
from tests.live_rulebook import make_live
from tests.small_rulebook import OF_TODDLERS, promising_too, small_rulebook

CHANGED = small_rulebook(medium="immediate", toddlers=True)
MORE = promising_too(CHANGED, OF_TODDLERS)
_PLACES = [
    "/rules",
    "/rules?all=yes",
    "/rules/text?file=rules/police.yaml",
    "/rules/promises",
    "/rules/directory",
    "/rules/versions",
    "/rules/proposals",
]
_PICTURES = {
    "/rules?all=yes": "rules",
    "/rules/promises": "promises",
    "/rules/directory": "directory",
}


@pytest.fixture
async def open_office(fresh_dsn: str) -> AsyncIterator[Office]:
    """A console that listens, with a small rulebook live and an event routed by it."""
    async with open_pool(fresh_dsn, size=6, application_name="test") as pool:
        await migrate(pool, at=NOON)
        async with listening(pool, FixedClock(NOON), postgres_at(fresh_dsn)) as reception:
            reception.console.rules.surveying = AtOnce()
            reception.console.rules.returning = AtOnce()
            office = Office(Ledger(pool), reception)
            await office.begin()
            await Desk(office.ledger, reception).happened()
            yield office


def address_of(office: Office) -> str:
    return office.reception.console.settings.address


async def barriers_at(window: Window, path: str) -> list[str]:
    await window.page.goto(path)
    if path in _PICTURES:
        await window.picture(_PICTURES[path])
    found = await window.barriers()
    await window.page.set_viewport_size(PHONE)
    if await window.overflows():
        found.append("scrolls sideways at 320 pixels")
    await window.page.set_viewport_size({"width": 1200, "height": 900})
    return found


async def test_no_page_about_rules_has_a_barrier_or_scrolls_sideways_on_a_phone(
    open_office: Office,
) -> None:
    proposed = await open_office.propose(CHANGED)
    failed = await open_office.propose(small_rulebook(broken=True, toddlers=True))
    places = [
        *_PLACES,
        "/rules/what-if?example=police-domestic-abuse",
        f"/rules/proposals/{proposed}",
        f"/rules/proposals/{failed}",
        f"/rules/proposals/{proposed}/replay",
        f"/rules/promises?version={failed}",
    ]
    await make_live(open_office.ledger.pool, open_office.now, MORE)
    places.append(f"/rules/roll-back?to={small_rulebook().content_hash}")
    found: dict[str, list[str]] = {}
    async with a_window(address_of(open_office)) as window:
        await window.sign_in("rosa")
        for path in places:
            found[path] = await barriers_at(window, path)
        await window.page.goto("/rules/what-if?example=police-domestic-abuse")
        await window.page.get_by_role("button", name="Who would be told?").click()
        await window.page.get_by_role("heading", name="Rules that fired").wait_for()
        await window.picture("what-if")
        found["tried"] = await window.barriers()
        found["complains"] = window.troubles

    assert {path: barriers for path, barriers in found.items() if barriers} == {}


async def test_a_change_is_read_and_signed_by_two_decides_and_is_taken_back(
    open_office: Office,
) -> None:
    before, proposed = await open_office.live(), await open_office.propose(CHANGED)
    async with a_window(address_of(open_office)) as window:
        page = window.page
        await window.sign_in("rosa")
        await read(page, proposed)
        await window.picture("proposal")
        await page.get_by_label("Why: sign").fill("midwives asked for it, and I have read it")
        await page.get_by_role("button", name=f"Sign {proposed[:12]}").click()
        await page.get_by_text("It is signed. Somebody else must countersign it.").wait_for()
        assert await page.get_by_role("button", name="Countersign").count() == 0
        await replay(page)
        await window.picture("replay")
    assert await open_office.live() == before

    async with a_window(address_of(open_office)) as window:
        page = window.page
        await window.sign_in("owen")
        await read(page, proposed)
        await page.get_by_label("Why: countersign").fill("read beside the old one")
        await page.get_by_role("button", name=f"Countersign {proposed[:12]}").click()
        await page.get_by_text("It is countersigned.").wait_for()
        assert await in_force(open_office) == proposed

        await page.get_by_role("link", name="go back to an earlier version").click()
        await window.picture("versions")
        await page.get_by_role("button", name="See what going back does").click()
        await page.get_by_text("No longer: health visiting is told").first.wait_for()
        await window.picture("roll-back")
        await page.get_by_label("Why: go back").fill("midwives ring")
        await page.get_by_role("button", name="Go back to it now").click()
        await page.get_by_text("Routers take it at once.").wait_for()
    assert await in_force(open_office) == before


async def read(page: Page, proposed: str) -> None:
    """From the menu to the proposal, and past what a signer must see."""
    await page.get_by_role("link", name="Rules", exact=True).first.click()
    await page.get_by_role("link", name="Proposals").click()
    await page.get_by_role("link", name=proposed[:12]).click()
    await page.get_by_text("Newly: health visiting is told").first.wait_for()
    await page.get_by_text("No promise is broken by it.").wait_for()
    await page.get_by_text(f"sha256:{proposed}").first.wait_for()


async def replay(page: Page) -> None:
    """Begun, and looked at again by the page itself until it is there."""
    await page.get_by_role("link", name="Replay a period").click()
    await page.get_by_role("button", name="Replay").click()
    await (
        page.get_by_role("heading", name="By service")
        .or_(page.get_by_text("1 occurrence, 1 decided again"))
        .first.wait_for()
    )


async def in_force(office: Office) -> str:
    """By which rulebook a router's next transaction decides."""
    async with reading(office.ledger.pool) as connection:
        live = await LiveRulebook("router").read(connection, at=office.now)
    return live.rulebook.content_hash


async def test_a_proposal_is_signed_by_keyboard_alone(open_office: Office) -> None:
    proposed = await open_office.propose(CHANGED)
    async with a_window(address_of(open_office)) as window:
        page = window.page
        await window.sign_in("rosa")
        await page.goto(f"/rules/proposals/{proposed}")
        await to(page, "#sign-why")
        await page.keyboard.type("I have read it")
        await to(page, "form button:has-text('Sign ')")
        await page.keyboard.press("Enter")
        await page.get_by_text("It is signed.").wait_for()


async def to(page: Page, target: str) -> None:
    """By the tabulator key until that has the focus."""
    wanted = page.locator(target).last
    for _ in range(120):
        if await wanted.evaluate("it => it === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"{target} cannot be reached by keyboard")
