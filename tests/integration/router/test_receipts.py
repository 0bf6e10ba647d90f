"""What recipients say, and what it does to their duties."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.integration.router.kit import NOON, Ledger, a_router, family, message, records
from tests.integration.router.receipt_kit import (
    ANSWERED,
    Answers,
    a_receiver,
    bytes_of,
    receipt,
    received,
)

STEPS = ("received", "acknowledged", "recorded")


@pytest.fixture
async def answers(ledger: Ledger) -> Answers:
    """A ledger in which a midwife has been told of a pregnant victim."""
    await a_router(ledger.pool).handle(records(message()))
    return Answers(ledger)


async def test_a_duty_moves_step_by_step_until_all_is_answered(answers: Answers) -> None:
    notice = (await answers.duty())["notification_id"]
    receiver = a_receiver(answers.ledger.pool)

    for number, step in enumerate(STEPS):
        said = bytes_of(receipt(notice, step), message_id=step)
        await receiver.handle(received(said, begin=number))

    duty = await answers.duty()
    assert (duty["state"], duty["ended_at"], duty["look_at"]) == ("recorded", ANSWERED, None)
    assert [duty[f"{step}_at"] for step in ("sent", *STEPS)] == [ANSWERED] * 4
    assert duty["done_at"] is None
    assert (await answers.changes(duty["duty_id"]))[1:] == [
        (step, "A. Midwife", step) for step in STEPS
    ]


async def test_the_times_of_steps_are_when_the_ledger_heard_of_them(answers: Answers) -> None:
    notice = (await answers.duty())["notification_id"]
    first, second = ANSWERED, ANSWERED + timedelta(hours=2)

    await a_receiver(answers.ledger.pool, at=first).handle(
        received(bytes_of(receipt(notice, "received")))
    )
    await a_receiver(answers.ledger.pool, at=second).handle(
        received(bytes_of(receipt(notice, "recorded"), message_id="r2"), begin=1)
    )

    duty = await answers.duty()
    assert (duty["received_at"], duty["acknowledged_at"], duty["recorded_at"]) == (
        first,
        second,
        second,
    )


async def test_every_receipt_is_kept_whatever_becomes_of_it(answers: Answers) -> None:
    duty = await answers.duty()
    notice = duty["notification_id"]
    said = [
        receipt(notice, "acknowledged"),
        receipt(notice, "received", by=...),
        receipt(notice, "acknowledged", note="again"),
        receipt(uuid4(), "acknowledged"),
        receipt(notice, "recorded", outcome="filed", note="on paper"),
        receipt(notice, "done"),
        receipt(notice, "refused"),
    ]

    heard = await a_receiver(answers.ledger.pool).handle(
        received(*(bytes_of(each, message_id=f"r{i}") for i, each in enumerate(said)))
    )

    assert await answers.verdicts() == [
        ("acknowledged", "applied"),
        ("received", "backwards"),
        ("acknowledged", "repeated"),
        ("acknowledged", "unknown"),
        ("recorded", "applied"),
        ("done", "applied"),
        ("refused", "ended"),
    ]
    assert sum(heard.verdicts.values()) == len(said)
    [kept] = await answers.ledger.rows("SELECT * FROM receipt WHERE status = 'recorded'")
    assert (kept["outcome"], kept["note"], kept["said_by"]) == ("filed", "on paper", "A. Midwife")
    assert (kept["duty_id"], kept["topic"], kept["log_offset"]) == (
        duty["duty_id"],
        "fieldfare.receipts.RJF",
        4,
    )


async def test_nobody_answers_for_another_organisation(answers: Answers) -> None:
    notice = (await answers.duty())["notification_id"]

    await a_receiver(answers.ledger.pool).handle(
        received(bytes_of(receipt(notice, "recorded")), organisation="RJE")
    )

    assert await answers.verdicts() == [("recorded", "foreign")]
    assert (await answers.duty())["state"] == "owed"


async def test_the_same_message_twice_is_kept_once(answers: Answers) -> None:
    notice = (await answers.duty())["notification_id"]
    said = bytes_of(receipt(notice, "acknowledged"))
    receiver = a_receiver(answers.ledger.pool)

    first = await receiver.handle(received(said, said))
    again = await receiver.handle(received(said, begin=2))
    skipped = await receiver.handle(received(said, begin=2))

    assert (first.again, again.again, skipped.skipped) == (1, 1, 1)
    assert await answers.verdicts() == [("acknowledged", "applied")]


async def test_the_same_id_with_other_bytes_is_a_dead_letter_and_a_duty_of_mash(
    answers: Answers,
) -> None:
    notice = (await answers.duty())["notification_id"]
    one, other = receipt(notice, "acknowledged"), receipt(notice, "recorded")

    heard = await a_receiver(answers.ledger.pool).handle(
        received(bytes_of(one), bytes_of(other), b"{not json")
    )

    letters = await answers.ledger.rows("SELECT * FROM dead_letter ORDER BY log_offset")
    duties = await answers.ledger.rows("SELECT * FROM duty WHERE dead_letter_id IS NOT NULL")
    assert heard.dead_letters == 2
    assert (letters[0]["field"], letters[0]["reason"]) == ("id", "id_reused")
    assert [row["body"] for row in letters] == [bytes_of(other), b"{not json"]
    assert {(row["service"], row["urgency"]) for row in duties} == {("mash", "same_day")}
    assert {row["because"] for row in duties} == {"a message could not be read as a receipt"}
    assert await answers.verdicts() == [("acknowledged", "applied")]


async def test_another_organisation_may_use_the_same_id(answers: Answers) -> None:
    notice = (await answers.duty())["notification_id"]
    theirs = bytes_of(receipt(uuid4(), "acknowledged"))
    receiver = a_receiver(answers.ledger.pool)

    await receiver.handle(received(theirs, organisation="RJE"))
    await receiver.handle(received(bytes_of(receipt(notice, "acknowledged"))))

    assert (await answers.duty())["state"] == "acknowledged"


async def test_an_answer_to_what_was_told_before_does_not_answer_the_update(
    answers: Answers,
) -> None:
    before = (await answers.duty())["notification_id"]
    worse = message(family(risk="high"), event_id="e2", at=NOON + timedelta(minutes=1))
    await a_router(answers.ledger.pool).handle(records(worse, begin=1))
    receiver = a_receiver(answers.ledger.pool)

    await receiver.handle(received(bytes_of(receipt(before, "recorded"))))
    asked_again = await answers.duty()
    now = bytes_of(receipt(asked_again["notification_id"], "recorded"), message_id="r2")
    await receiver.handle(received(now, begin=1))

    assert await answers.verdicts() == [("recorded", "superseded"), ("recorded", "applied")]
    assert (asked_again["state"], asked_again["ended_at"]) == ("owed", None)
    assert (await answers.duty())["ended_at"] == ANSWERED


async def test_what_changes_after_it_was_answered_is_asked_anew(answers: Answers) -> None:
    notice = (await answers.duty())["notification_id"]
    await a_receiver(answers.ledger.pool).handle(received(bytes_of(receipt(notice, "recorded"))))
    worse = message(family(risk="high"), event_id="e2", at=NOON + timedelta(minutes=1))

    await a_router(answers.ledger.pool).handle(records(worse, begin=1))

    first, second = [await answers.duty(episode=episode) for episode in (1, 2)]
    assert (first["state"], first["ended_at"]) == ("recorded", ANSWERED)
    assert (second["state"], second["ended_at"]) == ("owed", None)


async def test_what_is_refused_stays_open_and_is_looked_at_at_once(answers: Answers) -> None:
    notice = (await answers.duty())["notification_id"]

    await a_receiver(answers.ledger.pool).handle(received(bytes_of(receipt(notice, "refused"))))

    duty = await answers.duty()
    assert (duty["state"], duty["refused_at"], duty["ended_at"]) == ("received", ANSWERED, None)
    assert duty["look_at"] == ANSWERED


async def test_a_notice_of_what_was_withdrawn_needs_no_answer(answers: Answers) -> None:
    await answers.ledger.rows("UPDATE outbox SET recipient_sequence = outbox_no")
    cancelled = message(family(status="cancelled"), event_id="e2", at=NOON + timedelta(minutes=1))
    await a_router(answers.ledger.pool).handle(records(cancelled, begin=1))
    notice = (await answers.duty())["notification_id"]

    await a_receiver(answers.ledger.pool).handle(received(bytes_of(receipt(notice, "received"))))

    assert await answers.verdicts() == [("received", "ended")]
    assert (await answers.duty())["state"] == "withdrawn"
