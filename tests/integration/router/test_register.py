"""What a router knows of people: registered before, learned later, learned by two at once."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.router.arrivals import arrival
from services.router.batch import write_batch
from services.router.stopwatch import Stopwatch
from services.runtime.clock import FixedClock
from services.runtime.postgres import transaction
from services.runtime.topics import Topics
from tests.examples import Example, load_examples
from tests.integration.router.kit import Ledger, a_router, records_of
from tests.unit.schemas.letters import TODDLER, booking, changed, family_link, registration

NIGHT = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)
EXAMPLES = ("police-pregnancy-known-only-to-register", "police-pregnant-booked-elsewhere")
_TABLES = ("register_row", "register_label", "occurrence_person", "reconsideration")


def attendance(number: int) -> dict[str, Any]:
    """One of a child's attendances, an hour after the one before."""
    [first, *_] = load_examples()["ed-under-five"].events
    arrived = datetime(2026, 3, 6, 8, tzinfo=UTC) + timedelta(hours=number)
    data = {
        **first["data"],
        "attendance_id": f"A-{number}",
        "status": "departed",
        "arrived_at": arrived.isoformat(),
        "departed_at": (arrived + timedelta(minutes=30)).isoformat(),
    }
    return {**first, "id": f"attendance-{number}", "data": data}


def expected(example: Example) -> set[tuple[str, str]]:
    return {(duty["about"], duty["recipient"]) for duty in example.expect["duties"]}


async def people_told(ledger: Ledger) -> set[tuple[str, str]]:
    return {(about, recipient) for about, recipient, _ in await ledger.standing("police")}


async def register_counts(ledger: Ledger) -> list[int]:
    return [
        (await ledger.rows(f"SELECT count(*) FROM {table}"))[0][0]  # noqa: S608
        for table in _TABLES
    ]


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("together", [True, False])
async def test_what_was_registered_before_is_known(
    ledger: Ledger, name: str, *, together: bool
) -> None:
    example = load_examples()[name]
    router = a_router(ledger.pool, clock=FixedClock(NIGHT))
    known, events = records_of(*example.known), records_of(*example.events)

    for batch in ([*known, *events],) if together else (known, events):
        await router.handle(batch)

    assert expected(example) <= await people_told(ledger)
    assert not any(late for *_, late in await ledger.standing("police"))
    assert await ledger.waiting() == []


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("together", [True, False])
async def test_what_is_registered_later_ends_with_the_same_duties_marked_late(
    ledger: Ledger, name: str, *, together: bool
) -> None:
    example = load_examples()[name]
    router = a_router(ledger.pool, clock=FixedClock(NIGHT))
    known, events = records_of(*example.known), records_of(*example.events)
    for batch in ([*events, *known],) if together else (events, known):
        await router.handle(batch)
    before = await people_told(ledger)
    assert not expected(example) <= before

    assert await router.reconsider() == 1
    assert await router.reconsider() == 0

    standing = await ledger.standing("police")
    assert expected(example) <= await people_told(ledger)
    assert {late for about, to, late in standing if (about, to) not in before} == {True}
    [first, again] = await ledger.rows(
        "SELECT source, event_id, because FROM decision JOIN occurrence USING (occurrence_id)"
        " WHERE starts_with(occurrence_key, 'police') ORDER BY decision_no"
    )
    assert (first["because"], again["because"]) == (None, "learned_later")
    assert again["event_id"] == first["event_id"] == example.events[0]["id"]
    told = [n for n in await ledger.notices() if n["late"]]
    assert expected(example) - before <= {(n["about"]["ref"], n["recipient"]) for n in told}


@pytest.mark.parametrize("name", EXAMPLES)
async def test_before_or_after_the_same_people_are_told(ledger: Ledger, name: str) -> None:
    example = load_examples()[name]
    router = a_router(ledger.pool, clock=FixedClock(NIGHT))
    renamed = json.loads(json.dumps(example.events[0]))
    renamed["id"], renamed["data"]["police_reference"] = "another", "STF/2026/999999"

    await router.handle(records_of(*example.events))
    await router.handle(records_of(*example.known))
    await router.handle(records_of(renamed, begin=1))
    await router.reconsider()

    rows = await ledger.rows(
        "SELECT occurrence_id, about, recipient, kind, urgency"
        " FROM duty JOIN occurrence USING (occurrence_id)"
        " WHERE state <> 'withdrawn' AND starts_with(occurrence_key, 'police')"
    )
    by_occurrence: dict[object, set[tuple[object, ...]]] = {}
    for occurrence_id, *told in rows:
        by_occurrence.setdefault(occurrence_id, set()).add(tuple(told))
    [one, other] = by_occurrence.values()
    assert one == other


async def test_four_attendances_of_one_child_at_two_routers_are_counted_one_by_one(
    ledger: Ledger,
) -> None:
    clock = FixedClock(NIGHT)
    routers = [a_router(ledger.pool, clock=clock) for _ in range(2)]
    batches = [
        records_of(attendance(0), attendance(3), partition=0),
        records_of(attendance(1), attendance(2), partition=1),
    ]

    await asyncio.gather(*(r.handle(b) for r, b in zip(routers, batches, strict=True)))
    for router in routers:
        await router.reconsider()

    rows = await ledger.rows(
        "SELECT DISTINCT ON (occurrence_id) facts FROM decision"
        " ORDER BY occurrence_id, decision_no DESC"
    )
    people = [json.loads(row["facts"])["people"] for row in rows]
    counts = [each[0]["features"]["attendances in 183 days"] for each in people]
    assert sorted(counts) == [1, 2, 3, 4]


async def test_an_attendance_is_not_decided_again_for_its_own_sake(ledger: Ledger) -> None:
    router = a_router(ledger.pool, clock=FixedClock(NIGHT))

    await router.handle(records_of(attendance(0), attendance(1)))
    await router.handle(records_of(attendance(2), begin=2))

    assert await ledger.waiting() == []
    assert (await ledger.counts())["decision"] == 3


async def test_a_registration_that_comes_twice_changes_nothing(ledger: Ledger) -> None:
    router = a_router(ledger.pool, clock=FixedClock(NIGHT))
    told = [registration(), family_link(id="event-2"), booking()]

    await router.handle(records_of(*told, *told))
    once = await register_counts(ledger)
    await router.handle(records_of(*told, begin=4))

    # found by four numbers; the pregnancy by whose it is, and by its name alone
    assert once == await register_counts(ledger) == [3, 4 + 2, 2, 0]
    assert [r["status"] for r in await ledger.replies()].count("repeated") == 6
    assert (await ledger.counts())["decision"] == 1  # a booking is told as well


async def test_dead_before_the_commit_nothing_is_learned_and_all_is_learned_again(
    ledger: Ledger,
) -> None:
    example = load_examples()[EXAMPLES[0]]
    batch = records_of(*example.events, *example.known)
    router = a_router(ledger.pool, clock=FixedClock(NIGHT))
    arrivals = [arrival(each, Topics("fieldfare"), router.read) for each in batch]

    async def die() -> None:
        async with transaction(ledger.pool) as connection:
            await write_batch(connection, arrivals, router.routing, at=NIGHT, watch=Stopwatch())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await die()
    assert await register_counts(ledger) == [0, 0, 0, 0]

    await router.handle(batch)
    once = await register_counts(ledger)
    await router.handle(batch)
    assert once == await register_counts(ledger)
    assert await ledger.waiting() == [("learned_later", NIGHT)]


async def test_what_cannot_stand_of_a_registration_is_a_routine_exception_of_mash(
    ledger: Ledger,
) -> None:
    router = a_router(ledger.pool, clock=FixedClock(NIGHT))
    nobody = changed(registration(), "data.person.nhs_number", None)
    oneself = family_link({"from": TODDLER, "to": TODDLER}, id="event-2")

    await router.handle(records_of(nobody, oneself))

    duties = await ledger.rows("SELECT * FROM duty")
    notices = await ledger.notices()
    assert len(duties) == len(notices) == 2
    assert {row["occurrence_id"] for row in duties} == {
        row["occurrence_id"] for row in await ledger.rows("SELECT occurrence_id FROM event")
    }
    assert [(n["recipient"], n["kind"], n["urgency"], n["about"]) for n in notices] == [
        ("MASH:mash", "exception", "routine", None)
    ] * 2
    assert [n["asks"] for n in notices] == [["acknowledge", "act"]] * 2
    assert [n["content"].get("nhs_number") for n in notices] == [None, TODDLER]
    assert [n["content"]["field"] for n in notices] == ["person.nhs_number", "to"]
    assert TODDLER not in "".join(n["content"]["reason"] for n in notices)
    assert [r["status"] for r in await ledger.replies()] == ["accepted", "accepted"]


async def test_what_is_learned_of_a_child_concerns_its_mother_s_occurrences(
    ledger: Ledger,
) -> None:
    example = load_examples()["police-pregnant-family"]
    event = json.loads(json.dumps(example.events[0]))
    [victim] = [p for p in event["data"]["people"] if p["role"] == "victim"]
    event["data"]["people"] = [p for p in event["data"]["people"] if "child" not in p["role"]]
    link = family_link({"from": victim["nhs_number"], "to": TODDLER}, id="link")
    child = registration()
    child["data"]["person"] |= {"date_of_birth": "2024-02-02", "gp_practice": "Y90004"}
    router = a_router(ledger.pool, clock=FixedClock(NIGHT))
    await router.handle(records_of(event, link))
    await router.reconsider()

    await router.handle(records_of(child, begin=1))
    assert await router.reconsider() == 1

    services = {(n["about"] or {}).get("nhs_number"): n for n in await ledger.notices()}
    assert TODDLER in services


async def test_what_two_routers_learn_and_decide_at_once_is_not_lost(ledger: Ledger) -> None:
    """A child is registered while its mother's incident is being decided, not yet committed."""
    clock = FixedClock(NIGHT)
    [event] = load_examples()["police-pregnant-family"].events
    [victim] = [p for p in event["data"]["people"] if p["role"] == "victim"]
    deciding, learning = a_router(ledger.pool, clock=clock), a_router(ledger.pool, clock=clock)
    link = family_link({"from": victim["nhs_number"], "to": TODDLER}, id="link")
    await learning.handle(records_of(link))
    arrivals = [arrival(r, Topics("fieldfare"), deciding.read) for r in records_of(event)]

    async with transaction(ledger.pool) as connection:
        await write_batch(connection, arrivals, deciding.routing, at=NIGHT, watch=Stopwatch())
        learned = asyncio.create_task(learning.handle(records_of(registration(), begin=1)))
        await asyncio.sleep(0.3)
        assert not learned.done()
    await learned

    assert await ledger.waiting() == [("learned_later", NIGHT)]
