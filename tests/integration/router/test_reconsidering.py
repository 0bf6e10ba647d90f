"""What is to be decided again: when it is due, whatever happens to the router meanwhile."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from routing_rules.case import Case, Outcome
from routing_rules.learning import Learned, route_again
from routing_rules.register import Register
from routing_rules.rulebook import Rulebook
from schemas.values import EventType
from services.router.handler import Router
from services.router.reconsidering import FEW, MOST, decide_again, slice_after
from services.router.routing import RouteAgain
from services.router.stopwatch import Stopwatch
from services.runtime.clock import FixedClock
from services.runtime.postgres import transaction
from tests.builders import a_person, police
from tests.documented import PATHWAYS
from tests.examples import load_examples
from tests.integration.router.kit import (
    NOON,
    Ledger,
    a_router,
    family,
    message,
    records,
    records_of,
)
from tests.unit.schemas.letters import VICTIM, booking

ARRIVED = datetime(2026, 3, 6, 11, tzinfo=UTC)
OVERDUE = ARRIVED + timedelta(hours=4)


def arrived(status: str = "arrived") -> dict[str, object]:
    """A young child's attendance of which no departure is told."""
    [first, *_] = load_examples()["ed-under-five"].events
    data = {**first["data"], "status": status, "arrived_at": ARRIVED.isoformat()}
    data.pop("departed_at", None)
    return {**first, "id": f"attendance-{status}", "data": data}


async def learned_later(router: Router, occurrences: int = 1) -> None:
    """Incidents of one woman, and then her booking."""
    values = [message(family(f"STF/{i}"), event_id=f"e{i}") for i in range(occurrences)]
    await router.handle(records(*values))
    await router.handle(records_of(booking()))


async def all_again(router: Router) -> None:
    """Decides until nothing is due."""
    while await router.reconsider():
        pass


async def decisions(ledger: Ledger) -> list[str | None]:
    """Why each decision was made, but for those of bookings, which say for whom it is learned."""
    rows = await ledger.rows(
        "SELECT because FROM decision JOIN occurrence USING (occurrence_id)"
        " WHERE NOT starts_with(occurrence_key, 'maternity') ORDER BY decision_no"
    )
    return [row["because"] for row in rows]


async def due(ledger: Ledger) -> list[UUID]:
    rows = await ledger.rows("SELECT occurrence_id FROM reconsideration ORDER BY 1")
    return [row["occurrence_id"] for row in rows]


async def test_nothing_due_is_nothing_done(ledger: Ledger) -> None:
    with capture_logs() as lines:
        assert await a_router(ledger.pool).reconsider() == 0

    assert lines == []


async def test_a_departure_that_is_overdue_tells_those_who_waited_for_it(ledger: Ledger) -> None:
    clock = FixedClock(ARRIVED + timedelta(minutes=5))
    router = a_router(ledger.pool, clock=clock)
    await router.handle(records_of(arrived()))
    assert await ledger.waiting() == [("departure_overdue", OVERDUE)]
    before = await ledger.standing()

    clock.set(OVERDUE - timedelta(seconds=1))
    assert await router.reconsider() == 0
    clock.set(OVERDUE)
    assert await router.reconsider() == 1

    after = await ledger.standing()
    assert len(after) > len(before)
    assert {late for *_, late in after} == {False}
    assert await decisions(ledger) == [None, "departure_overdue"]
    assert await ledger.waiting() == []


async def test_after_a_departure_nothing_is_waited_for(ledger: Ledger) -> None:
    router = a_router(ledger.pool, clock=FixedClock(ARRIVED + timedelta(minutes=5)))

    await router.handle(records_of(arrived()))
    await router.handle(records_of(arrived("departed"), begin=1))

    assert await ledger.waiting() == []


async def test_a_child_who_does_not_arrive_is_looked_for_until_it_does(ledger: Ledger) -> None:
    """The site that sent the child on hears first; an arrival that comes in later ends it."""
    sent = PATHWAYS[EventType.ONWARD_REFERRAL]
    until = datetime.fromisoformat(sent["data"]["expected_by"])
    clock = FixedClock(datetime.fromisoformat(sent["time"]) + timedelta(seconds=5))
    router = a_router(ledger.pool, clock=clock)
    await router.handle(records_of(sent))
    assert await ledger.waiting() == [("arrival_overdue", until)]

    clock.set(until)
    assert await router.reconsider() == 1
    told = {recipient for _, recipient, _ in await ledger.standing()}
    after_that = await ledger.waiting()
    [first, *_] = load_examples()["ed-under-five"].events
    there = {"site": sent["data"]["to_site"], "arrived_at": sent["time"], "status": "departed"}
    arrival = {**first, "data": {**first["data"], **there, "patient": sent["data"]["patient"]}}
    await router.handle(records_of(arrival))
    await all_again(router)

    assert told == {"RJF:emergency:RJF-TAMWORTH-MIU"}
    assert after_that == [("arrival_overdue", until + timedelta(hours=4))]
    left = {recipient for _, recipient, _ in await ledger.standing()}
    assert "RJF:emergency:RJF-TAMWORTH-MIU" not in left
    assert await ledger.waiting() == []


async def test_a_router_that_dies_before_it_reconsiders_leaves_it_to_the_next(
    ledger: Ledger,
) -> None:
    await learned_later(a_router(ledger.pool))
    assert await ledger.waiting() == [("learned_later", NOON + timedelta(seconds=5))]

    assert await a_router(ledger.pool).reconsider() == 1

    assert await ledger.waiting() == []
    assert await decisions(ledger) == [None, "learned_later"]


async def test_a_router_that_dies_while_it_reconsiders_leaves_it_to_the_next(
    ledger: Ledger,
) -> None:
    router = a_router(ledger.pool)
    await learned_later(router)
    asked = await due(ledger)
    at = router.clock.now()

    async def die() -> None:
        async with transaction(ledger.pool) as connection:
            watch = Stopwatch()
            assert await decide_again(connection, asked, router.routing, at=at, watch=watch) == 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await die()

    assert await due(ledger) == asked
    assert await decisions(ledger) == [None]
    assert await a_router(ledger.pool).reconsider() == 1


async def test_two_routers_decide_each_occurrence_again_once(ledger: Ledger) -> None:
    await learned_later(a_router(ledger.pool), occurrences=30)

    await asyncio.gather(*(all_again(a_router(ledger.pool)) for _ in range(2)))

    assert await decisions(ledger) == [None] * 30 + ["learned_later"] * 30


async def test_deciding_again_twice_tells_nobody_twice(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await learned_later(router)
    await router.reconsider()
    once = await ledger.counts()

    await router.handle(records_of(booking(id="event-2"), begin=1))
    await router.reconsider()

    again = await ledger.counts()
    assert again["decision"] == once["decision"] + 2  # the booking itself, and what it changed
    assert (again["duty"], again["duty_change"]) == (once["duty"], once["duty_change"])


async def test_nobody_is_decided_about_again_for_what_is_too_long_ago(ledger: Ledger) -> None:
    clock = FixedClock(NOON + timedelta(seconds=5))
    router = a_router(ledger.pool, clock=clock)
    await router.handle(records(message()))
    clock.advance(timedelta(days=91))

    await router.handle(records_of(booking()))

    assert await ledger.waiting() == []


def _fails_on(bad: UUID) -> RouteAgain:
    def failing(
        case: Case, register: Register, rulebook: Rulebook, at: datetime, *, is_late: bool
    ) -> tuple[Case, Outcome, Learned]:
        if case.occurrence_id == bad:
            raise ZeroDivisionError(VICTIM)
        return route_again(case, register, rulebook, at, is_late=is_late)

    return failing


async def test_one_that_fails_is_put_off_and_keeps_nobody_waiting(ledger: Ledger) -> None:
    clock = FixedClock(NOON + timedelta(seconds=5))
    await learned_later(a_router(ledger.pool, clock=clock), occurrences=5)
    bad = (await due(ledger))[2]
    router = a_router(ledger.pool, again_by=_fails_on(bad), clock=clock)

    with capture_logs() as lines:
        assert await router.reconsider() == 5
        assert await router.reconsider() == 0

    [failed] = [line for line in lines if line["event"] == "reconsideration_failed"]
    assert failed["occurrence_id"] == str(bad)
    assert VICTIM not in json.dumps(lines, default=repr)
    assert (await decisions(ledger)).count("learned_later") == 4
    assert await ledger.waiting() == [("learned_later", clock.now() + timedelta(hours=1))]

    clock.advance(timedelta(hours=1))
    assert await a_router(ledger.pool, clock=clock).reconsider() == 1
    assert await due(ledger) == []


async def test_a_stored_event_that_does_not_fit_keeps_nobody_waiting(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await learned_later(router, occurrences=3)
    await ledger.rows("""UPDATE event SET data = '{"people": 1}' WHERE id = 'e1'""")

    assert await router.reconsider() == 3

    assert (await decisions(ledger)).count("learned_later") == 2
    assert len(await due(ledger)) == 1


async def test_a_batch_and_a_reconsideration_of_one_router_take_turns(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await learned_later(router, occurrences=5)
    more = [message(family(f"STF/new/{i}"), event_id=f"n{i}") for i in range(20)]

    await asyncio.gather(
        *(router.handle(records(value, begin=5 + i)) for i, value in enumerate(more)),
        *(router.reconsider() for _ in range(5)),
    )

    assert await due(ledger) == []
    assert sorted(map(str, await decisions(ledger))) == ["None"] * 25 + ["learned_later"] * 5


def test_a_slice_is_small_but_after_a_large_batch_larger_within_bounds() -> None:
    assert [slice_after(records) for records in (0, 1, 50, 60, 500, 5000)] == [
        *(FEW, FEW, FEW, 12),
        *(MOST, MOST),
    ]


async def test_what_is_due_is_decided_slice_by_slice(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await learned_later(router, occurrences=25)

    assert [await router.reconsider() for _ in range(4)] == [FEW, FEW, 5, 0]


async def test_what_a_backlog_leaves_due_does_not_pile_up_behind_it(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await learned_later(router, occurrences=25)
    await router.handle(records(*incidents(60), begin=25))

    assert [await router.reconsider() for _ in range(4)] == [12, FEW, 3, 0]


def incidents(count: int) -> list[bytes]:
    """Of other people than those of `learned_later`."""
    data = [police(a_person("victim"), police_reference=f"STF/new/{i}") for i in range(count)]
    return [message(each, event_id=f"n{i}") for i, each in enumerate(data)]


async def test_a_batch_that_comes_in_waits_for_one_small_slice_at_most(ledger: Ledger) -> None:
    begun = asyncio.Event()

    def noted(
        case: Case, register: Register, rulebook: Rulebook, at: datetime, *, is_late: bool
    ) -> tuple[Case, Outcome, Learned]:
        begun.set()
        return route_again(case, register, rulebook, at, is_late=is_late)

    router = a_router(ledger.pool, again_by=noted)
    await learned_later(router, occurrences=30)

    with capture_logs() as lines:
        looking = asyncio.create_task(router.keep_reconsidering())
        await begun.wait()
        await router.handle(records(*incidents(1), begin=30))
        await stopped_when_nothing_is_due(router, looking, ledger)

    done = [(line["event"], line.get("occurrences")) for line in lines]
    assert done[:2] == [("reconsidered", FEW), ("routed", None)]
    assert done[2:] == [("reconsidered", FEW)] * 2


async def test_what_is_due_is_decided_though_batches_never_stop_coming(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await learned_later(router, occurrences=30)

    with capture_logs() as lines:
        looking = asyncio.create_task(router.keep_reconsidering())
        for i, value in enumerate(incidents(12)):
            await router.handle(records(value, begin=30 + i))
        await stopped_when_nothing_is_due(router, looking, ledger)

    done = [line["event"] for line in lines]
    last = max(place for place, event in enumerate(done) if event == "reconsidered")
    assert done[: last + 1].count("routed") <= 3
    assert (await decisions(ledger)).count("learned_later") == 30


async def stopped_when_nothing_is_due(
    router: Router, looking: asyncio.Task[None], ledger: Ledger
) -> None:
    async with asyncio.timeout(30):
        while await due(ledger):
            await asyncio.sleep(0.01)
        router.stopping.set()
        await looking


async def test_a_case_is_read_back_in_the_order_in_which_its_events_came(ledger: Ledger) -> None:
    """Else what was rightly told when it was would seem to be what no event led to."""
    left, treated = (
        arrived("departed") | {"id": event_id, "time": f"2026-03-06T12:0{minute}:00+00:00"}
        for minute, event_id in enumerate(("z-came-first", "a-came-after"))
    )
    for event, disposal in ((left, "left_before_treatment"), (treated, "treated")):
        event["data"] = {**event["data"], "disposal": disposal, "perceived_risk": "low"}  # type: ignore[dict-item]
    router = a_router(ledger.pool)
    await router.handle(records_of(left, treated))
    told = {(ref, recipient) for ref, recipient, _ in await ledger.standing()}
    assert any(recipient.endswith(":safeguarding") for _, recipient in told)

    child = left["data"]["patient"]["nhs_number"]  # type: ignore[index]
    await router.handle(records_of(registered(child)))
    await all_again(router)

    assert told <= {(ref, recipient) for ref, recipient, _ in await ledger.standing()}


def registered(nhs_number: str) -> dict[str, object]:
    """What a register tells of somebody later: only the name."""
    person = {"ref": "p", "role": "patient", "nhs_number": nhs_number}
    data = {
        "person": {**person, "nhs_number_status": "verified", "sex": "female"},
        "recorded_at": "2026-01-01T09:00:00+00:00",
    }
    return {
        "specversion": "1.0",
        "id": "registered",
        "source": "urn:fieldfare:source:registration",
        "type": "fieldfare.registration.person.v1",
        "time": "2026-03-06T12:30:00+00:00",
        "data": data,
    }
