"""The finder: every cause exactly when it holds, one row an event, person and service."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from schemas.values import Service
from services.ledger.migrate import migrate
from services.ledger.missed import (
    CursorUnusable,
    MissedFilter,
    all_missed,
    count_missed,
    list_missed,
    read_cursor,
)
from services.ledger.missed_causes import Awaits, MissedCause
from services.runtime.postgres import open_pool
from tests.integration.ledger.missed_kit import DUE, HAPPENED, HOUR, NOW, Duties

EXCEPTION = {
    "kind": "exception",
    "service": Service.MASH,
    "recipient": "MASH:exceptions",
    "instead_of": Service.SCHOOL_NURSING,
    "asks": ("acknowledge", "act"),
}
ENDED_WELL = {"state": "recorded", "acknowledged_at": HAPPENED + HOUR}
ACT_BY = DUE + timedelta(days=5)


@pytest.fixture
async def ledger(fresh_dsn: str) -> AsyncIterator[Duties]:
    async with open_pool(fresh_dsn, size=2, application_name="test") as pool:
        await migrate(pool, at=HAPPENED)
        yield Duties(pool)


@pytest.mark.parametrize(
    ("known", "cause", "awaits"),
    [
        ({}, MissedCause.NOT_ACKNOWLEDGED, Awaits.ACKNOWLEDGEMENT),
        (
            {"state": "acknowledged", "acknowledged_at": HAPPENED},
            MissedCause.NOT_RECORDED,
            Awaits.RECORDING,
        ),
        ({"asks": ("record",)}, MissedCause.NOT_RECORDED, Awaits.RECORDING),
        (
            {"asks": ("acknowledge", "act"), "acknowledged_at": HAPPENED, "act_by": DUE + HOUR},
            MissedCause.NOT_DONE,
            Awaits.ACTION,
        ),
        ({"asks": ("act",)}, MissedCause.NOT_DONE, Awaits.ACTION),
        ({"is_sent": False, "state": "owed"}, MissedCause.NOT_SENT, Awaits.SENDING),
        (
            {"is_sent": False, "state": "owed", "asks": ()},
            MissedCause.NOT_SENT,
            Awaits.SENDING,
        ),
        (
            {"is_sent": False, "state": "owed", "late": True, "learned_later": True},
            MissedCause.NOT_SENT,
            Awaits.SENDING,
        ),
        ({"refused_at": HAPPENED + HOUR}, MissedCause.REFUSED, Awaits.LEAD),
        (
            {"refused_at": HAPPENED, "late": True, "learned_later": True},
            MissedCause.REFUSED,
            Awaits.LEAD,
        ),
        ({"late": True}, MissedCause.LATE, Awaits.ACKNOWLEDGEMENT),
        ({"sent_at": DUE + HOUR}, MissedCause.LATE, Awaits.ACKNOWLEDGEMENT),
        ({"sent_at": DUE + HOUR, "asks": ()}, MissedCause.LATE, Awaits.NOTHING),
        (
            {"late": True, "learned_later": True},
            MissedCause.LEARNED_LATER,
            Awaits.ACKNOWLEDGEMENT,
        ),
        ({**EXCEPTION, "unplaced": "no_recipient"}, MissedCause.NO_RECIPIENT, Awaits.MASH),
        (
            {**EXCEPTION, "unplaced": "person_not_identified", "late": True},
            MissedCause.PERSON_NOT_IDENTIFIED,
            Awaits.MASH,
        ),
        (
            {**EXCEPTION, "unplaced": "not_ours", "refused_at": HAPPENED},
            MissedCause.NOT_OURS,
            Awaits.MASH,
        ),
        (
            {**ENDED_WELL, "ended_at": DUE + HOUR, "recorded_at": DUE + HOUR},
            MissedCause.LATE,
            Awaits.NOTHING,
        ),
        (
            {**ENDED_WELL, "ended_at": NOW, "recorded_at": NOW, "late": True},
            MissedCause.LATE,
            Awaits.NOTHING,
        ),
        (
            {**ENDED_WELL, "ended_at": NOW, "late": True, "learned_later": True},
            MissedCause.LEARNED_LATER,
            Awaits.NOTHING,
        ),
        (
            {
                "asks": ("acknowledge", "act"),
                "state": "done",
                "acknowledged_at": HAPPENED,
                "act_by": ACT_BY,
                "done_at": ACT_BY + HOUR,
                "ended_at": ACT_BY + HOUR,
            },
            MissedCause.LATE,
            Awaits.NOTHING,
        ),
        (
            {"state": "closed", "ended_at": DUE + HOUR},
            MissedCause.NOT_ACKNOWLEDGED,
            Awaits.NOTHING,
        ),
        (
            {**EXCEPTION, "unplaced": "no_recipient", "state": "closed", "ended_at": DUE + HOUR},
            MissedCause.NO_RECIPIENT,
            Awaits.NOTHING,
        ),
    ],
)
async def test_what_was_missed_has_one_cause(
    ledger: Duties, known: dict[str, Any], cause: MissedCause, awaits: Awaits
) -> None:
    duty_id = await ledger.put(**known)

    (missed,) = await ledger.missed()

    assert (missed.cause, missed.awaits) == (cause, awaits)
    assert missed.duty_ids == (duty_id,)
    assert missed.age > timedelta()
    assert missed.due == known.get("act_by", DUE)
    assert (missed.owner is None) == (missed.ended_at is not None)
    assert await count_missed(ledger.pool, MissedFilter(), at=NOW) == {cause: 1}


@pytest.mark.parametrize(
    "known",
    [
        {"respond_by": NOW + HOUR},
        {"respond_by": NOW + HOUR, "is_sent": False, "state": "owed"},
        {"asks": ()},
        {**ENDED_WELL, "ended_at": DUE, "recorded_at": DUE},
        {"asks": (), "state": "received", "received_at": NOW, "ended_at": NOW},
        {
            "asks": ("acknowledge", "act"),
            "acknowledged_at": HAPPENED,
            "act_by": NOW + HOUR,
            "state": "acknowledged",
        },
        {
            "asks": ("acknowledge", "act"),
            "state": "done",
            "acknowledged_at": HAPPENED,
            "act_by": ACT_BY,
            "done_at": ACT_BY,
            "ended_at": ACT_BY,
        },
        {"state": "withdrawn", "ended_at": NOW},
        {"state": "closed", "ended_at": DUE - HOUR},
        {"state": "closed", "ended_at": DUE - HOUR, "refused_at": HAPPENED},
        {
            **EXCEPTION,
            "unplaced": "no_recipient",
            "state": "done",
            "acknowledged_at": HAPPENED,
            "done_at": DUE,
            "ended_at": DUE,
        },
        {"kind": "escalate", "about": None, "occurrence": None},
    ],
)
async def test_what_is_in_time_or_not_theirs_is_not_missed(
    ledger: Duties, known: dict[str, Any]
) -> None:
    await ledger.put(**known)

    assert await ledger.missed() == ()
    assert await count_missed(ledger.pool, MissedFilter(), at=NOW) == {}


async def test_an_exception_is_a_miss_of_the_service_that_it_stands_for(ledger: Duties) -> None:
    await ledger.put(**EXCEPTION, unplaced="no_recipient", because="no team serves the county")

    (missed,) = await ledger.missed(at=HAPPENED + HOUR)

    assert missed.service == "school-nursing"
    assert (missed.recipient, missed.owner) == ("MASH:exceptions", "MASH:exceptions")
    assert missed.because == "no team serves the county"
    assert (missed.since, missed.age) == (HAPPENED, HOUR)


async def test_one_event_person_and_service_is_one_row_with_the_first_cause(
    ledger: Duties,
) -> None:
    chased = await ledger.put(occurrence=1, recipient="RJF:midwifery")
    unsent = await ledger.put(occurrence=1, recipient="RJF:on-call", is_sent=False, state="owed")
    await ledger.put(occurrence=1, person="p2")
    await ledger.put(occurrence=1, service=Service.GP)
    await ledger.put(occurrence=2)

    rows = await ledger.missed()

    assert len(rows) == 4
    assert [row.duty_ids for row in rows if len(row.duty_ids) > 1] == [(unsent, chased)]
    assert await count_missed(ledger.pool, MissedFilter(), at=NOW) == {
        MissedCause.NOT_SENT: 1,
        MissedCause.NOT_ACKNOWLEDGED: 3,
    }


async def test_a_dead_letter_is_one_row_while_mash_has_it(ledger: Duties) -> None:
    letter = uuid4()
    about = {"dead_letter_id": letter, "occurrence": None, "about": None, "person_key": "-"}
    for recipient in ("MASH:exceptions", "MASH:out-of-hours"):
        await ledger.put(
            **about, kind="exception", service=Service.MASH, recipient=recipient, asks=("act",)
        )

    (missed,) = await ledger.missed(at=HAPPENED + HOUR)

    assert missed.cause is MissedCause.DEAD_LETTER
    assert (missed.person, missed.dead_letter_id) == (None, letter)
    assert len(missed.duty_ids) == 2


async def test_the_last_whom_an_escalation_told_owns_it(ledger: Duties) -> None:
    duty_id = await ledger.put()
    for step, recipient in enumerate(("RJF:safeguarding", "MASH:exceptions")):
        async with ledger.pool.acquire() as connection:
            await connection.execute(
                "INSERT INTO escalation (duty_id, revision, since, step, unmet, told, recipient,"
                " due_at, escalated_at, late, notice_id) VALUES ($1, 1, $2, $3,"
                " 'not_acknowledged', 'lead', $4, $2, $5, FALSE, $6)",
                *(duty_id, DUE, step, recipient, DUE + step * HOUR, uuid4()),
            )

    (missed,) = await ledger.missed()

    assert (missed.recipient, missed.owner) == ("RJF:midwifery", "MASH:exceptions")


async def test_what_was_not_sent_is_not_owned_by_whom_it_did_not_reach(ledger: Duties) -> None:
    await ledger.put(is_sent=False, state="owed")

    assert [missed.owner for missed in await ledger.missed()] == ["MASH"]


async def test_a_filter_never_hides_what_it_cannot_judge(ledger: Duties) -> None:
    await ledger.put(district="E07000193")
    await ledger.put(district="E07000197", service=Service.GP)
    await ledger.put(district=None, is_sent=False, state="owed")

    assert len(await ledger.causes(district="E07000193")) == 2
    assert len(await ledger.causes(district="E07000197")) == 2
    assert len(await ledger.causes(service=Service.GP)) == 1
    assert await ledger.causes(cause=MissedCause.NOT_SENT) == [MissedCause.NOT_SENT]
    assert await ledger.causes(service=Service.GP, cause=MissedCause.NOT_SENT) == []
    for which in (MissedFilter(service=Service.GP), MissedFilter(district="E07000197")):
        listed = await list_missed(ledger.pool, which, at=NOW)
        assert await count_missed(ledger.pool, which, at=NOW) == Counter(r.cause for r in listed)


async def test_a_period_asks_when_it_happened_and_not_when_it_was_due(ledger: Duties) -> None:
    before = await ledger.put(occurred_at=HAPPENED - HOUR)
    inside = await ledger.put(occurred_at=HAPPENED, respond_by=NOW - HOUR)
    await ledger.put(occurred_at=HAPPENED + HOUR)

    rows = await ledger.missed(since=HAPPENED, until=HAPPENED + HOUR)

    assert [row.duty_ids for row in rows] == [(inside,)]
    assert before in (await ledger.missed())[0].duty_ids


async def test_pages_follow_each_other_without_a_gap_or_a_repeat(ledger: Duties) -> None:
    made = [await ledger.put(occurred_at=HAPPENED + HOUR * (n % 3)) for n in range(7)]
    made += [await ledger.put(**ENDED_WELL, ended_at=NOW, recorded_at=NOW) for _ in range(4)]

    which = MissedFilter(limit=3)
    rows = [missed async for missed in all_missed(ledger.pool, which, at=NOW)]

    assert {row.duty_ids[0] for row in rows} == set(made)
    assert len(rows) == len(made)
    assert [row.occurred_at for row in rows] == sorted(row.occurred_at for row in rows)


@pytest.mark.parametrize("text", ["", "yesterday/1", f"2026-02-10T12:00:00/{UUID(int=1)}"])
def test_a_cursor_that_is_none_is_said_to_be_none(text: str) -> None:
    with pytest.raises(CursorUnusable, match="no cursor"):
        read_cursor(text)
