"""Signing in, staying in, and being signed out."""

from datetime import timedelta

import asyncpg
import pytest

from services.ledger.console_sessions import LONGEST
from tests.integration.console.desk import Desk
from tests.integration.router.kit import NOON

MINUTE = timedelta(minutes=1)


async def test_each_is_led_to_the_page_that_they_need(desk: Desk) -> None:
    coordinator = await desk.reception.person("carys")
    midwife = await desk.reception.person("mina")

    await coordinator.follow("/")
    await midwife.follow("/")

    assert coordinator.title == "Now – Fieldfare"
    assert midwife.title == "Worklist – Fieldfare"


async def test_after_signing_in_somebody_is_where_they_were_going(desk: Desk) -> None:
    visitor = desk.reception.stranger()

    answer = await visitor.sign_in("carys", to="/sources?day=2026-03-05")

    assert answer.headers["location"] == "/sources?day=2026-03-05"


async def test_a_session_ends_when_it_is_not_used(desk: Desk) -> None:
    visitor = await desk.reception.person("carys")
    desk.clock.advance(14 * MINUTE)
    assert (await visitor.get("/sources")).status_code == 200

    desk.clock.advance(16 * MINUTE)

    assert (await visitor.get("/sources")).status_code == 303


async def test_a_page_that_moves_by_itself_keeps_nobody_signed_in(desk: Desk) -> None:
    visitor = await desk.reception.person("carys")
    await visitor.get("/sources")
    sessions = desk.reception.console.sessions
    secret = visitor.client.cookies["fieldfare"]

    desk.clock.advance(10 * MINUTE)
    assert await sessions.look(secret, at=desk.clock.now()) is not None
    desk.clock.advance(6 * MINUTE)

    assert await sessions.look(secret, at=desk.clock.now()) is None
    assert (await visitor.get("/now/live")).status_code == 401


async def test_a_session_ends_after_twelve_hours_however_much_it_is_used(desk: Desk) -> None:
    visitor = await desk.reception.person("carys")
    sessions, secret = desk.reception.console.sessions, visitor.client.cookies["fieldfare"]

    begun = desk.clock.now()
    while desk.clock.now() < begun + LONGEST:
        assert await sessions.use(secret, at=desk.clock.now()) is not None
        desk.clock.advance(14 * MINUTE)

    assert await sessions.use(secret, at=desk.clock.now()) is None


async def test_signing_out_ends_the_session_and_not_only_the_cookie(desk: Desk) -> None:
    visitor = await desk.reception.person("carys")
    secret = visitor.client.cookies["fieldfare"]
    await visitor.get("/sources")

    await visitor.post("/sign-out")

    assert "fieldfare" not in visitor.client.cookies
    visitor.client.cookies.set("fieldfare", secret)
    assert (await visitor.get("/sources")).status_code == 303


async def test_neither_cookies_nor_states_are_in_the_database(desk: Desk) -> None:
    visitor = await desk.reception.person("carys")
    secret = visitor.client.cookies["fieldfare"]

    rows = await desk.ledger.rows("SELECT t::text AS all FROM console_session AS t")

    assert len(rows) == 1
    assert secret not in rows[0]["all"]


async def test_a_sign_in_comes_back_once_and_to_the_browser_that_began_it(desk: Desk) -> None:
    visitor, other = desk.reception.stranger(), desk.reception.stranger()
    begun = await visitor.get("/sign-in/begin")
    query = begun.headers["location"].partition("?")[2]
    back = (await visitor.get(f"/demonstration/people/carys?{query}")).headers["location"]

    stolen = await other.get(back)
    first, again = await visitor.get(back), await visitor.get(back)

    assert (stolen.status_code, first.status_code, again.status_code) == (400, 303, 400)
    assert "fieldfare" not in other.client.cookies


async def test_a_sign_in_that_took_too_long_is_begun_again(desk: Desk) -> None:
    visitor = desk.reception.stranger()
    begun = await visitor.get("/sign-in/begin")
    query = begun.headers["location"].partition("?")[2]
    back = (await visitor.get(f"/demonstration/people/carys?{query}")).headers["location"]
    desk.clock.advance(11 * MINUTE)

    answer = await visitor.get(back)

    assert answer.status_code == 400
    assert "longer than ten minutes" in answer.text


async def test_signing_in_again_and_again_is_slowed_down(desk: Desk) -> None:
    visitor = desk.reception.stranger()
    answers = [(await visitor.get("/sign-in/begin")).status_code for _ in range(21)]

    assert answers == [303] * 20 + [429]


async def test_whoever_has_begun_to_sign_in_ends_it_whatever_others_do_at_that_address(
    desk: Desk,
) -> None:
    mina, others = desk.reception.stranger(), desk.reception.stranger()
    begun = await mina.get("/sign-in/begin")
    chosen = await mina.get(
        f"/demonstration/people/mina?{begun.headers['location'].partition('?')[2]}"
    )
    while (await others.get("/sign-in/begin")).status_code != 429:
        pass

    back = await mina.get(chosen.headers["location"])
    guessed = await others.get("/sign-in/back?state=guessed&code=guessed")

    assert (back.status_code, back.headers["location"]) == (303, "/")
    assert guessed.status_code == 429


async def test_who_read_what_can_be_added_to_and_never_changed(desk: Desk) -> None:
    await desk.reception.person("carys")

    changes = ("UPDATE console_view SET name = 'x'", "DELETE FROM console_view")
    for change in (*changes, "TRUNCATE console_view"):
        with pytest.raises(asyncpg.RaiseError, match="never changed"):
            await desk.ledger.rows(change)

    assert await desk.views() == [("Carys Hill", "signed_in", None, None)]
    assert desk.clock.now() == NOON
