"""Cases decided again, people identified, and dead letters read again, by a named person."""

import json
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from routing_rules.identifying import Identification
from routing_rules.rulebook import Rulebook
from services.ledger.cases import read_cases
from services.router.case_orders import WhichEvent, born, identify, re_route
from services.router.letter_orders import re_process
from services.router.messages import Post
from services.router.orders import Done, Order, OrderRefused
from services.router.routing import Routing
from services.runtime.postgres import transaction
from services.runtime.topics import Topics
from tests.builders import (
    a_person,
    at_home,
    nhs_number,
    police,
    rulebook_files,
    rulebook_with,
    staffordshire,
)
from tests.integration.router.kit import (
    NOON,
    Ledger,
    a_router,
    message,
    records,
    records_of,
)
from tests.integration.router.receipt_kit import (
    ANSWERED,
    Answers,
    a_receiver,
    bytes_of,
    receipt,
    received,
)
from tests.unit.schemas.letters import booking

ORDER = Order("C. Coordinator", "put right")
TEAMS = "directory/teams.csv"
UNKNOWN = police(a_person("victim", sex="female", **at_home()))
TRACED = Identification("victim", nhs_number(1), date(1996, 4, 11))


def routing(rulebook: Rulebook | None = None) -> Routing:
    return Routing(rulebook or staffordshire(), Post(Topics("fieldfare"), 1))


async def identified(ledger: Ledger, traced: Identification = TRACED, event: str = "e1") -> Done:
    async with transaction(ledger.pool) as connection:
        return await identify(
            connection, WhichEvent(event), traced, ORDER, routing=routing(), at=ANSWERED
        )


async def processed(ledger: Ledger, letter_id: UUID) -> Done:
    async with transaction(ledger.pool) as connection:
        return await re_process(connection, letter_id, ORDER, routing(), at=ANSWERED)


async def the_letter(ledger: Ledger) -> UUID:
    [row] = await ledger.rows("SELECT dead_letter_id FROM dead_letter")
    letter_id: UUID = row["dead_letter_id"]
    return letter_id


async def broken_event(ledger: Ledger, value: bytes) -> UUID:
    """A dead letter whose bytes were stored, as if an earlier release could not read them."""
    await a_router(ledger.pool).handle(records(b"{not json"))
    await ledger.rows("UPDATE dead_letter SET body = $1", value)
    return await the_letter(ledger)


async def test_who_is_traced_is_told_about_late_under_the_key_they_had(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await router.handle([*records_of(booking()), *records(message(UNKNOWN))])
    before = await ledger.rows("SELECT person_keys FROM occurrence")

    done = await identified(ledger)

    assert done.changed
    assert ("victim", "RJE:midwifery", True) in await ledger.standing()
    assert await ledger.rows("SELECT person_keys FROM occurrence") == before
    [duty] = await ledger.rows("SELECT * FROM duty WHERE recipient = 'RJE:midwifery'")
    assert json.loads(duty["about"])["nhs_number"] == nhs_number(1)
    assert duty["learned_later"]
    [*_, last] = await ledger.rows("SELECT because FROM decision ORDER BY decision_no")
    assert last["because"] == "identified"
    [change] = await ledger.rows("SELECT * FROM duty_change WHERE duty_id = $1", duty["duty_id"])
    assert change["changed_by"] == "C. Coordinator"


async def test_it_stays_known_for_every_later_decision(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await router.handle([*records_of(booking()), *records(message(UNKNOWN))])
    await identified(ledger)
    worse = message({**UNKNOWN, "risk": "high"}, event_id="e2", at=NOON.replace(minute=9))

    await router.handle(records(worse, begin=1))

    [duty] = await ledger.rows("SELECT * FROM duty WHERE recipient = 'RJE:midwifery'")
    assert (duty["revision"], duty["state"]) == (2, "owed")
    async with transaction(ledger.pool) as connection:
        [case] = (await read_cases(connection, [duty["occurrence_id"]])).values()
    assert case.identified == (TRACED,)


async def test_what_is_learned_of_them_afterwards_decides_again(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await router.handle(records(message(UNKNOWN)))
    await identified(ledger)

    await router.handle(records_of(booking()))

    assert await router.reconsider() == 1
    assert ("victim", "RJE:midwifery", True) in await ledger.standing()


async def test_identifying_twice_is_done_once(ledger: Ledger) -> None:
    await a_router(ledger.pool).handle(records(message(UNKNOWN)))

    first, again = await identified(ledger), await identified(ledger)

    assert (first.changed, again.changed) == (True, False)
    assert len(await ledger.rows("SELECT 1 FROM identification")) == 1


async def test_nobody_is_identified_against_the_publisher_or_by_a_wrong_ref(
    ledger: Ledger,
) -> None:
    await a_router(ledger.pool).handle(records(message()))

    with pytest.raises(OrderRefused, match="checked number"):
        await identified(ledger)
    with pytest.raises(OrderRefused, match="nobody by that ref"):
        await identified(ledger, replace(TRACED, ref="p9"))
    with pytest.raises(OrderRefused, match="no event"):
        await identified(ledger, event="e9")
    assert await ledger.rows("SELECT 1 FROM identification") == []


def test_a_date_of_birth_is_a_day() -> None:
    assert born("1996-04-11") == date(1996, 4, 11)
    with pytest.raises(OrderRefused):
        born("11/04/1996")


async def test_after_the_directory_was_put_right_an_exception_finds_its_team(
    ledger: Ledger,
) -> None:
    lines = rulebook_files("staffordshire")[TEAMS].splitlines(keepends=True)
    gap = rulebook_with(
        **{TEAMS: "".join(each for each in lines if ":health-visiting" not in each)}
    )
    router = a_router(ledger.pool)
    router.routing = routing(gap)
    await router.handle(records(message()))
    exceptions = await ledger.rows("SELECT * FROM duty WHERE instead_of = 'health-visiting'")
    assert exceptions

    async with transaction(ledger.pool) as connection:
        done = await re_route(connection, WhichEvent("e1"), ORDER, routing(), at=ANSWERED)
    async with transaction(ledger.pool) as connection:
        again = await re_route(connection, WhichEvent("e1"), ORDER, routing(), at=ANSWERED)

    answers = Answers(ledger)
    assert (done.changed, again.changed) == (True, False)
    assert (await answers.duty("health-visiting"))["state"] == "owed"
    [*_, (state, by, why)] = await answers.changes(exceptions[0]["duty_id"])
    assert (state, by) == ("withdrawn", "C. Coordinator")
    assert why.endswith(": put right")


async def test_an_event_that_can_be_read_now_is_routed_and_mash_is_done(ledger: Ledger) -> None:
    letter_id = await broken_event(ledger, message())

    done = await processed(ledger, letter_id)
    again = await processed(ledger, letter_id)

    answers = Answers(ledger)
    mash = (await ledger.rows("SELECT * FROM duty WHERE dead_letter_id IS NOT NULL"))[0]
    assert (done.changed, again.changed) == (True, False)
    assert (await answers.duty())["state"] == "owed"
    assert (mash["state"], mash["ended_at"]) == ("closed", ANSWERED)
    assert [reply["status"] for reply in await ledger.replies()] == ["accepted"]
    [letter] = await ledger.rows("SELECT * FROM dead_letter")
    assert (letter["processed_by"], letter["processed_at"]) == ("C. Coordinator", ANSWERED)


async def test_what_came_again_meanwhile_is_not_routed_twice(ledger: Ledger) -> None:
    letter_id = await broken_event(ledger, message())
    await a_router(ledger.pool).handle(records(message(), begin=1))
    before = await ledger.counts()

    done = await processed(ledger, letter_id)

    after = await ledger.counts()
    assert done.told == "the event was known already"
    assert (after["event"], after["duty"], after["decision"]) == (
        before["event"],
        before["duty"],
        before["decision"],
    )


async def test_what_still_cannot_be_read_changes_nothing(ledger: Ledger) -> None:
    letter_id = await broken_event(ledger, b"{still not json")

    with pytest.raises(OrderRefused, match="still cannot be read"):
        await processed(ledger, letter_id)

    assert await ledger.rows("SELECT 1 FROM dead_letter WHERE processed_at IS NOT NULL") == []
    with pytest.raises(OrderRefused, match="no dead letter"):
        await processed(ledger, uuid4())
    await ledger.rows("UPDATE dead_letter SET body = NULL")
    with pytest.raises(OrderRefused, match="not even its bytes"):
        await processed(ledger, letter_id)


async def test_a_receipt_that_can_be_read_now_answers(ledger: Ledger) -> None:
    await a_router(ledger.pool).handle(records(message()))
    answers = Answers(ledger)
    duty = await answers.duty()
    await a_receiver(ledger.pool).handle(received(b"{not json"))
    await ledger.rows(
        "UPDATE dead_letter SET body = $1", bytes_of(receipt(duty["notification_id"], "recorded"))
    )

    done = await processed(ledger, await the_letter(ledger))

    assert done.told == "the receipt is applied"
    assert (await answers.duty())["ended_at"] == ANSWERED
