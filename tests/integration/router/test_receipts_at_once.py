"""Receipts that two routers take, that come again after a crash, or beside an update."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from schemas.cloudevent import Headers
from schemas.events import Refused
from schemas.receipt import Said, read_receipt
from services.ledger.offsets import PartitionLost
from services.router.answer_rows import Answered
from services.router.answering import take_receipts
from services.router.bad_rows import TooManyBadRows
from services.router.record import Record
from services.runtime.postgres import transaction
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


class Died(Exception):
    """Stands for kill -9 before the commit."""


@pytest.fixture
async def answers(ledger: Ledger) -> Answers:
    """A ledger in which a midwife has been told of a pregnant victim."""
    await a_router(ledger.pool).handle(records(message()))
    return Answers(ledger)


async def said_of(answers: Answers, *statuses: str) -> list[Record]:
    notice = (await answers.duty())["notification_id"]
    return received(
        *(bytes_of(receipt(notice, status), message_id=f"r-{status}") for status in statuses)
    )


async def test_two_routers_with_the_same_receipts_take_them_once(answers: Answers) -> None:
    batch = await said_of(answers, *STEPS)
    routers = [a_receiver(answers.ledger.pool) for _ in range(2)]

    done = await asyncio.gather(
        *(router.handle(batch) for router in routers), return_exceptions=True
    )

    assert all(isinstance(each, PartitionLost) for each in done if isinstance(each, Exception))
    assert await answers.verdicts() == [(step, "applied") for step in STEPS]
    duty = await answers.duty()
    assert len(await answers.changes(duty["duty_id"])) == 1 + len(STEPS)


async def test_a_crash_before_the_commit_leaves_nothing_and_is_made_good(answers: Answers) -> None:
    batch = await said_of(answers, *STEPS)
    receiver = a_receiver(answers.ledger.pool)
    answered = [
        Answered(said, "RJF", record)
        for record in batch
        if isinstance(said := read_receipt(record.value, record.headers), Said)
    ]

    async def die_before_the_commit() -> None:
        async with transaction(answers.ledger.pool) as connection:
            await take_receipts(connection, answered, receiver.routing, at=ANSWERED)
            raise Died

    with pytest.raises(Died):
        await die_before_the_commit()
    assert await answers.verdicts() == []
    await receiver.handle(batch)
    again = await receiver.handle(batch)

    assert again.skipped == len(STEPS)
    assert (await answers.duty())["state"] == "recorded"


async def test_answers_and_updates_at_once_wait_for_each_other(answers: Answers) -> None:
    """Receipts, returns and updates of the same family, many times: nobody is locked out."""
    ledger = answers.ledger
    notices = await ledger.rows("SELECT notification_id, organisation FROM duty ORDER BY duty_id")

    async def answer() -> None:
        receiver = a_receiver(ledger.pool)
        for number, row in enumerate(notices):
            status = "not_ours" if number % 2 else "acknowledged"
            said = bytes_of(receipt(row["notification_id"], status), message_id=f"r{number}")
            place = received(said, organisation=row["organisation"], begin=number)
            await receiver.handle(place)

    async def update() -> None:
        router = a_router(ledger.pool)
        for number, risk in enumerate(("high", "medium", "standard", "high"), start=1):
            at = NOON + timedelta(minutes=number)
            later = message(family(risk=risk), event_id=f"u{number}", at=at)
            await router.handle(records(later, begin=number))

    await asyncio.gather(answer(), update())

    open_or_not = await ledger.rows(
        "SELECT state, ended_at IS NULL AS open, asks = '[]' AS tells FROM duty"
    )
    assert len(await answers.verdicts()) == len(notices)
    for duty in open_or_not:
        assert duty["open"] or duty["state"] in {"withdrawn", "acknowledged", "received"}


async def test_a_receipt_that_our_own_code_fails_on_does_not_stop_the_others(
    answers: Answers,
) -> None:
    batch = await said_of(answers, "received", "acknowledged")
    bad = Record(batch[0].topic, 0, 2, (), b"bad", 0)

    def read(value: bytes | None, headers: Headers) -> Said | Refused:
        if value == b"bad":
            raise KeyError("9990000018")
        return read_receipt(value, headers)

    heard = await a_receiver(answers.ledger.pool, read=read).handle([*batch, bad])

    assert (sum(heard.verdicts.values()), heard.dead_letters) == (2, 1)
    [letter] = await answers.ledger.rows("SELECT field, reason FROM dead_letter")
    assert tuple(letter) == ("$", "could not be read")


async def test_a_bad_release_stops_instead_of_giving_up_everything(answers: Answers) -> None:
    batch = await said_of(answers, *STEPS)
    many: Sequence[Record] = [each._replace(offset=i) for i, each in enumerate(batch * 3)]

    def read(value: bytes | None, headers: Headers) -> Said | Refused:
        raise KeyError((value, headers))

    with pytest.raises(TooManyBadRows):
        await a_receiver(answers.ledger.pool, read=read).handle(many)

    assert await answers.verdicts() == []
