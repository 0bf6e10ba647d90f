"""Look-ups, and the statements behind them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from schemas.values import DutyState, Service, Urgency
from services.ledger import duties, outbox
from services.ledger.duties import DutyRow
from services.ledger.migrate import migrate
from services.ledger.outbox import OutboxRow
from services.ledger.queries import SQL
from services.ledger.reading import (
    DutyFilter,
    DutyFound,
    find_events,
    list_duties,
    list_queue,
    summarise,
)
from services.runtime.postgres import Pool, RowRefused, open_pool, transaction

AT = datetime(2026, 3, 6, 12, tzinfo=UTC)


@pytest.fixture
async def pool(fresh_dsn: str) -> AsyncIterator[Pool]:
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        await migrate(pool, at=AT)
        yield pool


def a_duty(number: int, *, asks: str = '["acknowledge"]', state: str = "owed") -> DutyRow:
    return DutyRow(
        duty_id=UUID(int=number),
        occurrence_id=UUID(int=number // 2),
        dead_letter_id=None,
        person_key="k",
        about=None,
        service=Service.MIDWIFERY if number % 2 else Service.GP,
        recipient="RJF:midwifery",
        organisation="RJF",
        kind="notify",
        instead_of=None,
        because=None,
        urgency=Urgency.SAME_DAY,
        respond_by=AT + timedelta(hours=number),
        asks=asks,
        reasons="[]",
        late=False,
        episode=1,
        revision=1,
        fingerprint=b"",
        notification_id=UUID(int=100 + number),
        state=state,
        owed_at=AT,
        act_by=None,
        look_at=None,
        district=None,
        ended_at=AT if state == "done" else None,
    )


async def numbers(pool: Pool, **which: object) -> list[int]:
    found: tuple[DutyFound, ...] = await list_duties(pool, DutyFilter(**which))  # type: ignore[arg-type]
    return [duty.duty_id.int for duty in found]


async def test_duties_are_found_by_what_is_given(pool: Pool) -> None:
    async with transaction(pool) as connection:
        await duties.insert_duties(
            connection, [a_duty(3), a_duty(1), a_duty(2, state="acknowledged")]
        )

    assert await numbers(pool) == [1, 2, 3]
    assert await numbers(pool, service=Service.MIDWIFERY) == [1, 3]
    assert await numbers(pool, state=DutyState.ACKNOWLEDGED) == [2]
    assert await numbers(pool, occurrence_id=UUID(int=1)) == [2, 3]
    assert await numbers(pool, recipient="elsewhere") == []
    assert await numbers(pool, limit=1) == [1]


async def test_overdue_is_what_asks_for_something_and_is_open(pool: Pool) -> None:
    async with transaction(pool) as connection:
        await duties.insert_duties(
            connection,
            [a_duty(1), a_duty(2, asks="[]"), a_duty(3, state="done"), a_duty(9)],
        )

    assert await numbers(pool, overdue_at=AT + timedelta(hours=5)) == [1]


def a_message(number: int) -> OutboxRow:
    return OutboxRow(UUID(int=number), "t", 0, "r", "r", "{}", b"{}")


async def test_a_queue_shows_what_waits_and_then_what_has_a_number(pool: Pool) -> None:
    async with transaction(pool) as connection:
        await outbox.insert_messages(connection, [a_message(n) for n in (1, 2, 3, 4)])
        await connection.execute(
            "UPDATE outbox SET recipient_sequence = outbox_no WHERE outbox_no <= 2"
        )
        gone = await outbox.withdraw_unnumbered(
            connection, [UUID(int=1), UUID(int=4), UUID(int=7)], at=AT
        )

    assert gone == {UUID(int=4)}
    queue = await list_queue(pool, "r")
    assert [(q.message_id.int, q.recipient_sequence) for q in queue] == [(3, None), (2, 2), (1, 1)]
    assert await list_queue(pool, "somebody else") == ()


async def test_one_recipient_cannot_have_a_number_twice(pool: Pool) -> None:
    async with transaction(pool) as connection:
        await outbox.insert_messages(connection, [a_message(1), a_message(2)])
    with pytest.raises(RowRefused, match="outbox_by_number"):
        await _number_all(pool)


async def _number_all(pool: Pool) -> None:
    async with transaction(pool) as connection:
        await connection.execute("UPDATE outbox SET recipient_sequence = 1")


async def test_a_summary_counts(pool: Pool) -> None:
    async with transaction(pool) as connection:
        await duties.insert_duties(connection, [a_duty(1), a_duty(3), a_duty(2, state="sent")])
        await outbox.insert_messages(connection, [a_message(1)])

    summary = await summarise(pool)

    assert (summary.events, summary.waiting, summary.dead_letters) == (0, 1, 0)
    assert [(each.service, each.state, each.duties) for each in summary.duties] == [
        (Service.GP, DutyState.SENT, 1),
        (Service.MIDWIFERY, DutyState.OWED, 2),
    ]


async def test_an_event_that_never_came_is_not_found(pool: Pool) -> None:
    assert await find_events(pool, "nothing") == ()


async def test_text_that_postgres_cannot_hold_is_a_refused_row(pool: Pool) -> None:
    for key in ("a\0b", "half \ud800"):
        with pytest.raises(RowRefused):
            async with transaction(pool) as connection:
                await outbox.insert_messages(connection, [a_message(1)._replace(message_key=key)])
    async with transaction(pool) as connection:
        await outbox.insert_messages(connection, [a_message(1)])


async def test_every_query_is_accepted_by_postgres(pool: Pool) -> None:
    async with pool.acquire() as connection:
        for name in SQL:
            await connection.prepare(SQL[name], name=name)
