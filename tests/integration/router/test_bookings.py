"""A booking through the real router: registered and told in one transaction, and once."""

from datetime import timedelta
from typing import Any

from schemas.values import EventType
from services.ledger.conservation import check_conservation
from services.runtime.clock import FixedClock
from tests.documented import DOCUMENTED
from tests.integration.router.kit import NOON, Ledger, a_router, records_of

BOOKING = DOCUMENTED[EventType.MATERNITY_BOOKING]
TOLD = {("mother", "R1E:health-visiting:E07000193"), ("mother", "Y90004:gp")}
_HOUR = timedelta(hours=1)


def corrected(event_id: str, **told: Any) -> dict[str, Any]:
    """The booking once more, later and under another id."""
    time = "2026-01-20T10:00:00+00:00"
    return {**BOOKING, "id": event_id, "time": time, "data": {**BOOKING["data"], **told}}


def registration(**known: Any) -> dict[str, Any]:
    person = {"ref": "p", "role": "patient", "nhs_number": "9990000093"}
    data = {"person": {**person, "nhs_number_status": "verified", **known}}
    return {
        **BOOKING,
        "id": "registered",
        "source": "urn:fieldfare:source:registration",
        "type": "fieldfare.registration.person.v1",
        "data": {**data, "recorded_at": "2026-01-02T09:00:00+00:00"},
    }


async def told(ledger: Ledger) -> set[tuple[str, str]]:
    return {(ref, recipient) for ref, recipient, _ in await ledger.standing()}


async def test_it_is_decided_told_and_in_the_register(ledger: Ledger) -> None:
    await a_router(ledger.pool).handle(records_of(BOOKING))

    counts = await ledger.counts()
    assert (counts["event"], counts["decision"], counts["occurrence"]) == (1, 1, 1)
    assert await told(ledger) == TOLD
    rows = await ledger.rows("SELECT kind FROM register_row")
    assert [row["kind"] for row in rows] == ["booking"]
    balances = {each.name: each for each in await check_conservation(ledger.pool, at=NOON)}
    assert balances["events"].parts == {"decided": 1, "registered": 0, "refused": 0}
    assert balances["events"].is_whole


async def test_again_and_corrected_it_is_owed_once(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    moved = corrected("moved", provider="RJF", status="updated")
    await router.handle(records_of(BOOKING, BOOKING, moved))
    await router.handle(records_of(BOOKING, moved, begin=3))

    duties = await ledger.rows("SELECT revision FROM duty")
    assert [row["revision"] for row in duties] == [2, 2]
    latest = [notice for notice in await ledger.notices() if notice["kind"] == "update"]
    assert [notice["content"]["provider"] for notice in latest] == ["RJF", "RJF"]
    assert len(await ledger.rows("SELECT 1 FROM register_row")) == 2


async def test_what_is_learned_later_is_told_late(ledger: Ledger) -> None:
    nowhere = dict(BOOKING["data"]["mother"])
    del nowhere["gp_practice"]
    await a_router(ledger.pool).handle(records_of(corrected("nowhere", mother=nowhere)))
    later = a_router(ledger.pool, clock=FixedClock(NOON + _HOUR))
    await later.handle(records_of(registration(gp_practice="Y90016")))

    while await later.reconsider():
        pass

    assert ("mother", "Y90016:gp", True) in await ledger.standing()
    assert await ledger.waiting() == []


async def test_what_mash_owes_the_register_outlives_later_decisions(ledger: Ledger) -> None:
    mother = {**BOOKING["data"]["mother"], "nhs_number": None, "nhs_number_status": "absent"}
    router = a_router(ledger.pool)
    await router.handle(records_of(corrected("nobody", mother=mother)))

    await router.handle(records_of(corrected("again", mother=mother, provider="RJF"), begin=1))

    problems = await ledger.rows(
        "SELECT state FROM duty WHERE service = 'mash' AND person_key LIKE 'register-problem:%'"
    )
    assert [row["state"] for row in problems] == ["owed", "owed"]  # one for each event


async def test_bookings_of_an_older_release_need_no_decision(ledger: Ledger) -> None:
    await a_router(ledger.pool).handle(records_of(BOOKING))
    await ledger.rows("DELETE FROM decision")
    await ledger.rows("DELETE FROM occurrence")
    wrong = [e.name for e in await check_conservation(ledger.pool, at=NOON) if not e.is_whole]
    await ledger.rows("UPDATE routed_since SET event_no = (SELECT max(event_no) FROM event)")

    right = [e.name for e in await check_conservation(ledger.pool, at=NOON) if not e.is_whole]

    assert "events" in wrong
    assert "events" not in right
