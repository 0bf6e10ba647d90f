"""The examples over real Kafka and PostgreSQL, read as a receiving system would read them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.running_system import RunningSystem
from tests.examples import Example, load_examples, load_own_examples
from tests.expectations import Seen, standing, unmet

LEARNED = ("police-pregnancy-known-only-to-register", "police-pregnant-booked-elsewhere")
"""Those that rest on what a register told."""
PASSING = (
    "police-pregnant-family",
    *LEARNED,
    "police-home-educated",
    "police-independent-school",
    "police-out-of-area",
    "ed-under-five",
    "miu-pregnant-any-reason",
    "ed-left-before-treatment",
    "ed-contraception-under-16",
    "ed-self-harm-home-camhs",
    "ed-hidden-child",
    "ed-frequent-across-sites",
    "marac-family",
    "warned-bad-nhs-number",
    "refused-disclosure-scheme",
)


@pytest.mark.parametrize("name", [*PASSING, *load_own_examples()])
async def test_an_example_ends_as_it_must(shared_system: RunningSystem, name: str) -> None:
    system, example = shared_system, load_examples()[name]
    for event in (*example.known, *example.events):
        before = await system.messages_read()
        system.clock.set(datetime.fromisoformat(event["time"]))
        await system.settled(before + await system.publish([event]))

    assert unmet(example.expect, await _seen(system, example)) == [], example.title


async def test_what_is_learned_after_the_events_ends_with_the_same_duties(
    system: RunningSystem,
) -> None:
    examples = [load_examples()[name] for name in LEARNED]
    system.start("router")
    system.start("relay")
    events = [event for example in examples for event in example.events]
    system.clock.set(max(datetime.fromisoformat(event["time"]) for event in events))
    await system.settled(published := await system.publish(events))
    earlier = {one["duty_id"] for one in (await _seen(system, *examples)).told}

    known = [event for example in examples for event in example.known]
    await system.settled(published + await system.publish(known))

    for example in examples:
        seen = await _seen(system, example)
        assert unmet(example.expect, replace(seen, told=standing(seen.told))) == [], example.title
        assert {one["late"] for one in seen.told if one["duty_id"] not in earlier} == {True}


async def test_an_overdue_departure_needs_no_event(shared_system: RunningSystem) -> None:
    system = shared_system
    [event, *_] = load_examples()["ed-under-five"].events
    arrived = datetime.fromisoformat(event["data"]["arrived_at"]).astimezone(UTC)
    data = {**event["data"], "attendance_id": "stays", "status": "arrived"}
    del data["departed_at"]
    staying = {**event, "id": str(uuid4()), "data": data}
    system.clock.set(arrived + timedelta(minutes=1))
    before = await system.messages_read()
    await system.settled(before + await system.publish([staying]))
    at_once = len(await _told_of(system, staying))

    system.clock.set(arrived + timedelta(hours=4))
    await system.settled(before + 1)

    assert len(await _told_of(system, staying)) > at_once


async def _told_of(system: RunningSystem, event: Mapping[str, Any]) -> list[dict[str, Any]]:
    told = [json.loads(m.value) for m in await system.queue_messages() if m.value]
    return [one for one in told if one["event"]["id"] == event["id"]]


async def _seen(system: RunningSystem, *examples: Example) -> Seen:
    ids = {event["id"] for each in examples for event in (*each.known, *each.events)}
    told = [json.loads(m.value) for m in await system.queue_messages() if m.value]
    replies = await system.read_all(f"{system.prefix}.replies.")
    dead = await system.read_all(f"{system.prefix}.dead-letters")
    answers = [a for a in (json.loads(m.value) for m in replies if m.value) if a["id"] in ids]
    decisions = await system.rows(
        "SELECT nobody FROM decision WHERE event_id = ANY($1) ORDER BY decision_no", list(ids)
    )
    return Seen(
        told=[one for one in told if one["event"]["id"] in ids],
        nobody=[one for row in decisions for one in json.loads(row["nobody"])],
        warned=[warning["field"] for answer in answers for warning in answer["warnings"]],
        refused=next((a["field"] for a in answers if a["status"] == "refused"), None),
        texts=[system.logs(), *(m.value.decode() for m in (*replies, *dead) if m.value)],
    )
