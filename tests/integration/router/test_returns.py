"""What is returned as not theirs is told to somebody else in the same transaction."""

from datetime import timedelta
from uuid import UUID

import pytest

from routing_rules.clocks import due_by
from schemas.values import Urgency
from services.ledger.cases import read_cases
from services.ledger.queues import Queues
from services.runtime.postgres import transaction
from services.runtime.topics import Topics
from services.watch.chasing import Chasing
from tests.builders import staffordshire
from tests.integration.router.kit import NOON, Ledger, a_router, family, message, records
from tests.integration.router.receipt_kit import (
    ANSWERED,
    Answers,
    a_receiver,
    bytes_of,
    receipt,
    received,
)

BURTON = "RJE:midwifery"


@pytest.fixture
async def answers(ledger: Ledger) -> Answers:
    """A ledger in which a midwife has been told of a pregnant victim."""
    await a_router(ledger.pool).handle(records(message()))
    return Answers(ledger)


async def give_back(answers: Answers, to: str | None = BURTON, organisation: str = "RJF") -> None:
    duty = await answers.duty(organisation=organisation)
    suggested = {} if to is None else {"suggested_recipient": to}
    said = bytes_of(receipt(duty["notification_id"], "not_ours", **suggested))
    await a_receiver(answers.ledger.pool).handle(received(said, organisation=organisation))


async def test_whom_they_name_is_told_instead(answers: Answers) -> None:
    await give_back(answers)

    returned = await answers.duty(organisation="RJF")
    instead = await answers.duty(organisation="RJE")
    assert (returned["state"], returned["ended_at"]) == ("withdrawn", ANSWERED)
    assert (await answers.changes(returned["duty_id"]))[-1] == (
        "withdrawn",
        "A. Midwife",
        "returned as not ours",
    )
    assert (instead["recipient"], instead["state"]) == (BURTON, "owed")
    told = [n for n in await answers.ledger.notices() if n["service"] == "midwifery"]
    assert [(n["organisation"], n["kind"]) for n in told] == [("RJF", "notify"), ("RJE", "notify")]


async def test_the_second_time_it_is_mashs(answers: Answers) -> None:
    await give_back(answers)
    await give_back(answers, "RL4:midwifery", "RJE")

    duty = await answers.duty("mash")
    assert duty["instead_of"] == "midwifery"
    assert duty["because"] == f"returned as not ours by {BURTON}"


async def test_what_is_returned_twice_is_told_once(answers: Answers) -> None:
    duty = await answers.duty()
    said = receipt(duty["notification_id"], "not_ours", suggested_recipient=BURTON)

    await a_receiver(answers.ledger.pool).handle(
        received(bytes_of(said), bytes_of(said, message_id="r2"))
    )

    assert await answers.verdicts() == [("not_ours", "applied"), ("not_ours", "ended")]
    told = await answers.ledger.rows("SELECT 1 FROM duty WHERE organisation = 'RJE'")
    assert len(told) == 1


async def test_a_return_is_a_fact_of_the_case_for_ever(answers: Answers) -> None:
    await give_back(answers)
    worse = message(family(risk="high"), event_id="e2", at=NOON + timedelta(hours=2))

    await a_router(answers.ledger.pool).handle(records(worse, begin=1))

    instead = await answers.duty(organisation="RJE")
    assert (instead["revision"], instead["state"]) == (2, "owed")
    assert (await answers.duty(organisation="RJF"))["state"] == "withdrawn"
    async with transaction(answers.ledger.pool) as connection:
        [case] = (await read_cases(connection, [instead["occurrence_id"]])).values()
    [fact] = case.returns
    assert (fact.recipient, fact.to_recipient, fact.at) == ("RJF:midwifery", BURTON, ANSWERED)


async def test_later_receipts_of_a_batch_see_what_was_decided_again(answers: Answers) -> None:
    duty = await answers.duty()
    gp = await answers.duty("health-visiting")
    first = receipt(duty["notification_id"], "not_ours", suggested_recipient=BURTON)
    then = receipt(gp["notification_id"], "acknowledged")
    topic = received(bytes_of(first))
    other = received(bytes_of(then), organisation="R1E")

    await a_receiver(answers.ledger.pool).handle([*topic, *other])

    assert (await answers.duty("health-visiting"))["state"] == "acknowledged"
    assert (await answers.duty(organisation="RJE"))["state"] == "owed"


async def test_mash_cannot_return_what_is_nobodys(answers: Answers) -> None:
    await give_back(answers, None)
    duty = await answers.duty("mash")
    said = bytes_of(receipt(duty["notification_id"], "not_ours", by="C. Coordinator"))

    await a_receiver(answers.ledger.pool).handle(received(said, organisation=duty["organisation"]))

    still = await answers.duty("mash")
    assert (still["duty_id"], still["ended_at"]) == (duty["duty_id"], None)
    assert (still["refused_at"], still["look_at"]) == (ANSWERED, ANSWERED)


async def test_mash_places_an_exception_by_naming_who_is_told(answers: Answers) -> None:
    await give_back(answers, None)
    duty = await answers.duty("mash")
    said = receipt(
        duty["notification_id"], "not_ours", by="C. Coordinator", suggested_recipient=BURTON
    )

    await a_receiver(answers.ledger.pool).handle(
        received(bytes_of(said), organisation=duty["organisation"])
    )

    assert (await answers.duty("mash"))["state"] == "withdrawn"
    assert (await answers.duty(organisation="RJE"))["state"] == "owed"


async def test_a_team_that_is_told_instead_is_chased_only_after_a_fair_time(
    answers: Answers,
) -> None:
    """It is late, since clocks start at publication; nobody is chased for a time not theirs."""
    first = await answers.duty(organisation="RJF")
    said = bytes_of(receipt(first["notification_id"], "not_ours", suggested_recipient=BURTON))
    long_after = first["respond_by"] + timedelta(days=1)
    pool = answers.ledger.pool
    await a_receiver(pool, at=long_after).handle(received(said))
    instead = await answers.duty(organisation="RJE")
    team = staffordshire().directory.team_by_recipient(BURTON, long_after.date())
    assert team is not None
    fair = due_by(staffordshire(), Urgency(instead["urgency"]), long_after, team)
    queues = Queues(Topics("fieldfare"), 1)
    chasing = Chasing(pool, staffordshire(), queues, "https://console.example")

    async def told() -> list[UUID]:
        return [
            row["duty_id"]
            for row in await answers.ledger.rows(
                "SELECT duty_id FROM escalation WHERE duty_id = $1", instead["duty_id"]
            )
        ]

    assert (instead["late"], instead["respond_by"]) == (True, first["respond_by"])
    await chasing.chase(long_after)
    await chasing.chase(fair - timedelta(seconds=1))
    assert await told() == []
    await chasing.chase(fair)
    assert await told() == [instead["duty_id"]]
    assert fair > long_after
