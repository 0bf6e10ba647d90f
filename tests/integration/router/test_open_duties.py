"""Which duties are open, and by when somebody must look at them."""

from datetime import UTC, datetime, timedelta

from tests.builders import a_person, at_home, conference
from tests.integration.router.kit import (
    NOON,
    Ledger,
    a_router,
    family,
    message,
    records,
    records_of,
)

WORSE = message(family(risk="high"), event_id="e2", at=NOON + timedelta(minutes=1))
CANCELLED = message(family(status="cancelled"), event_id="e3", at=NOON + timedelta(minutes=2))
_ANSWERED = """
UPDATE duty
SET
    state = 'received', sent_at = owed_at, received_at = owed_at, acknowledged_at = owed_at,
    recorded_at = owed_at, done_at = owed_at, refused_at = owed_at
"""
_STEPS = "coalesce(sent_at, received_at, acknowledged_at, recorded_at, done_at, refused_at)"


async def test_an_owed_duty_is_open_and_looked_at_when_it_is_due(ledger: Ledger) -> None:
    await a_router(ledger.pool).handle(records(message()))

    duties = await ledger.rows("SELECT *, jsonb_array_length(asks) > 0 AS asking FROM duty")
    assert all(duty["ended_at"] is None for duty in duties)
    assert all(
        duty["look_at"] == (duty["respond_by"] if duty["asking"] else None) for duty in duties
    )
    assert {duty["district"] for duty in duties} == {"E07000193"}
    assert {duty["act_by"] for duty in duties} == {None}


async def test_every_notice_of_a_duty_leads_to_it(ledger: Ledger) -> None:
    await a_router(ledger.pool).handle(records(message(), WORSE, CANCELLED))

    duties = await ledger.rows("SELECT duty_id, revision, notification_id FROM duty")
    notices = await ledger.rows("SELECT * FROM notification")
    by_duty = {(n["duty_id"], n["revision"]): n["notification_id"] for n in notices}
    assert len(notices) == len(by_duty) == sum(duty["revision"] for duty in duties)
    assert all(by_duty[d["duty_id"], d["revision"]] == d["notification_id"] for d in duties)


async def test_an_update_asks_again(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await router.handle(records(message()))
    await ledger.rows(_ANSWERED)
    await ledger.rows("UPDATE duty SET look_at = NULL")

    await router.handle(records(WORSE, begin=1))

    updated = await ledger.rows(f"SELECT *, {_STEPS} AS step FROM duty WHERE revision = 2")  # noqa: S608
    assert updated
    assert {(duty["state"], duty["step"]) for duty in updated} == {("owed", None)}
    assert all(duty["look_at"] == duty["respond_by"] for duty in updated)


async def test_what_is_withdrawn_has_ended_and_keeps_what_was_answered(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await router.handle(records(message()))
    await ledger.rows(_ANSWERED)

    await router.handle(records(CANCELLED, begin=1))

    ended = await ledger.rows(f"SELECT *, {_STEPS} AS step FROM duty")  # noqa: S608
    assert {(duty["state"], duty["look_at"]) for duty in ended} == {("withdrawn", None)}
    assert all(duty["ended_at"] is not None and duty["step"] is not None for duty in ended)


async def test_what_is_owed_and_withdrawn_in_one_batch_has_ended(ledger: Ledger) -> None:
    await a_router(ledger.pool).handle(records(message(), WORSE, CANCELLED))

    ended = await ledger.rows("SELECT DISTINCT state, look_at, ended_at IS NULL AS open FROM duty")
    assert [tuple(row) for row in ended] == [("withdrawn", None, False)]


async def test_what_ended_at_its_first_time_stays_ended_when_it_changes(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await router.handle(records(message()))
    await ledger.rows("UPDATE duty SET state = 'acknowledged', ended_at = owed_at")

    await router.handle(records(WORSE, begin=1))

    first = await ledger.rows("SELECT * FROM duty WHERE episode = 1")
    again = await ledger.rows("SELECT * FROM duty WHERE episode = 2")
    assert {(duty["revision"], duty["state"]) for duty in first} == {(1, "acknowledged")}
    assert all(duty["ended_at"] == duty["owed_at"] for duty in first)
    assert again
    assert all(duty["ended_at"] is None for duty in again)


async def test_an_action_is_looked_at_on_its_own_date(ledger: Ledger) -> None:
    actions = [
        {"id": "a1", "service": "midwifery", "organisation": "RJF", "status": "open"}
        | {"due_on": "2026-03-07"},
        {"id": "a2", "service": "midwifery", "organisation": "RJF", "status": "open"}
        | {"due_on": "2026-04-01"},
    ]
    victim = a_person("victim", number=1, date_of_birth="1996-04-11", sex="female", **at_home())
    event = {
        "specversion": "1.0",
        "id": "m1",
        "source": "urn:fieldfare:source:staffordshire-marac",
        "type": "fieldfare.marac.outcome.v1",
        "time": NOON.isoformat(),
        "data": conference(victim, actions=actions),
    }

    await a_router(ledger.pool).handle(records_of(event))

    [duty] = await ledger.rows("SELECT * FROM duty WHERE service = 'midwifery'")
    assert duty["act_by"] == datetime(2026, 3, 8, tzinfo=UTC)
    assert duty["look_at"] == min(duty["act_by"], duty["respond_by"])
