"""A duty sent again, handed over or closed by a named person."""

import json
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from services.router.duty_orders import close, hand_over, resend
from services.router.messages import Post
from services.router.orders import Done, Order, OrderRefused
from services.router.routing import Routing
from services.runtime.postgres import transaction
from services.runtime.topics import Topics
from tests.builders import staffordshire
from tests.integration.router.kit import Ledger, a_router, message, records
from tests.integration.router.receipt_kit import (
    ANSWERED,
    Answers,
    a_receiver,
    bytes_of,
    receipt,
    received,
)

ORDER = Order("C. Coordinator", "the team moved")
ROUTING = Routing(staffordshire(), Post(Topics("fieldfare"), 1))
BURTON = "RJE:midwifery"


@pytest.fixture
async def answers(ledger: Ledger) -> Answers:
    """A ledger in which a midwife has been told of a pregnant victim."""
    await a_router(ledger.pool).handle(records(message()))
    return Answers(ledger)


async def publish(answers: Answers) -> None:
    await answers.ledger.rows(
        "UPDATE outbox SET recipient_sequence = outbox_no, published_at = $1", ANSWERED
    )


async def sent_again(answers: Answers, duty_id: UUID, order: Order = ORDER) -> Done:
    async with transaction(answers.ledger.pool) as connection:
        return await resend(connection, duty_id, order, at=ANSWERED)


async def closed(answers: Answers, duty_id: UUID) -> Done:
    async with transaction(answers.ledger.pool) as connection:
        return await close(connection, duty_id, ORDER, at=ANSWERED)


async def handed_over(
    answers: Answers, duty_id: UUID, to: str = BURTON, at: datetime = ANSWERED
) -> Done:
    async with transaction(answers.ledger.pool) as connection:
        return await hand_over(connection, duty_id, to, ORDER, routing=ROUTING, at=at)


async def test_the_same_notice_is_sent_again_once_an_order_and_marked(answers: Answers) -> None:
    await publish(answers)
    duty = await answers.duty()

    first = await sent_again(answers, duty["duty_id"])
    typed_twice = await sent_again(answers, duty["duty_id"])
    for_another_reason = await sent_again(
        answers, duty["duty_id"], Order("C. Coordinator", "lost once more")
    )

    rows = await answers.ledger.rows(
        "SELECT * FROM outbox WHERE duty_id = $1 ORDER BY outbox_no", duty["duty_id"]
    )
    assert (first.changed, typed_twice.changed, for_another_reason.changed) == (True, False, True)
    assert [json.loads(row["headers"]).get("ce_resent") for row in rows] == [None, "true", "true"]
    assert len({row["body"] for row in rows}) == 1
    assert {row["recipient_sequence"] is None for row in rows[1:]} == {True}
    assert (await answers.duty())["state"] == duty["state"]
    assert (await answers.changes(duty["duty_id"]))[1] == (
        "owed",
        "C. Coordinator",
        "sent again: the team moved",
    )


async def test_what_has_not_gone_out_is_not_sent_again(answers: Answers) -> None:
    with pytest.raises(OrderRefused, match="not gone out yet"):
        await sent_again(answers, (await answers.duty())["duty_id"])


async def test_a_closed_duty_has_ended_with_a_name_and_a_reason(answers: Answers) -> None:
    duty_id = (await answers.duty())["duty_id"]

    first, again = await closed(answers, duty_id), await closed(answers, duty_id)

    duty = await answers.duty()
    assert (first.changed, again.changed) == (True, False)
    assert (duty["state"], duty["ended_at"], duty["look_at"]) == ("closed", ANSWERED, None)
    assert (await answers.changes(duty_id))[1:] == [("closed", "C. Coordinator", "the team moved")]


async def test_what_was_answered_cannot_be_closed(answers: Answers) -> None:
    duty = await answers.duty()
    said = bytes_of(receipt(duty["notification_id"], "done"))
    await a_receiver(answers.ledger.pool).handle(received(said))

    with pytest.raises(OrderRefused, match="ended already: done"):
        await closed(answers, duty["duty_id"])


async def test_another_team_becomes_the_owner_and_the_first_is_told(answers: Answers) -> None:
    await publish(answers)
    before = await answers.duty()

    first = await handed_over(answers, before["duty_id"])
    again = await handed_over(answers, before["duty_id"])

    told = [n for n in await answers.ledger.notices() if n["service"] == "midwifery"]
    assert (first.changed, again.changed) == (True, False)
    assert [(n["recipient"], n["kind"]) for n in told] == [
        ("RJF:midwifery", "notify"),
        ("RJF:midwifery", "withdraw"),
        (BURTON, "notify"),
    ]
    assert (await answers.duty(organisation="RJF"))["state"] == "withdrawn"
    assert (await answers.duty(organisation="RJE"))["state"] == "owed"
    assert {by for _, by, _ in (await answers.changes(before["duty_id"]))[1:]} == {"C. Coordinator"}


async def test_what_is_handed_back_is_theirs_again(answers: Answers) -> None:
    await handed_over(answers, (await answers.duty())["duty_id"])
    there = await answers.duty(organisation="RJE")

    await handed_over(answers, there["duty_id"], "RJF:midwifery")

    assert (await answers.duty(organisation="RJE"))["state"] == "withdrawn"
    back = await answers.duty(organisation="RJF")
    assert (back["state"], back["episode"]) == ("owed", 2)


@pytest.mark.parametrize("to", ["RZZ:midwifery", "RJF:midwifery", "R1E:health-visiting:E07000193"])
async def test_only_another_team_of_the_same_service_can_have_it(answers: Answers, to: str) -> None:
    duty = await answers.duty()

    with pytest.raises(OrderRefused, match="no other team"):
        await handed_over(answers, duty["duty_id"], to)

    assert (await answers.duty())["state"] == "owed"


async def test_what_is_about_no_person_stays_with_mash(ledger: Ledger) -> None:
    await a_router(ledger.pool).handle(records(b"{not json"))
    duty = await Answers(ledger).duty("mash")

    with pytest.raises(OrderRefused, match="about no person"):
        await handed_over(Answers(ledger), duty["duty_id"])


async def test_a_duty_that_is_not_there_is_named(answers: Answers) -> None:
    for order in (sent_again, closed, handed_over):
        with pytest.raises(OrderRefused, match="no duty"):
            await order(answers, uuid4())
