"""The examples over real Kafka and PostgreSQL, read as a receiving system would read them."""

import json
from datetime import datetime

import pytest

from tests.e2e.running_system import RunningSystem
from tests.examples import Example, load_examples
from tests.expectations import Seen, unmet

PASSING = (
    "police-pregnant-family",
    "police-home-educated",
    "police-independent-school",
    "police-out-of-area",
    "ed-under-five",
    "miu-pregnant-any-reason",
    "ed-left-before-treatment",
    "ed-contraception-under-16",
    "ed-self-harm-home-camhs",
    "marac-family",
    "warned-bad-nhs-number",
    "refused-disclosure-scheme",
)


@pytest.mark.parametrize("name", PASSING)
async def test_an_example_ends_as_it_must(shared_system: RunningSystem, name: str) -> None:
    system, example = shared_system, load_examples()[name]
    for event in (*example.known, *example.events):
        before = await system.messages_read()
        system.clock.set(datetime.fromisoformat(event["time"]))
        await system.settled(before + await system.publish([event]))

    assert unmet(example.expect, await _seen(system, example)) == [], example.title


async def _seen(system: RunningSystem, example: Example) -> Seen:
    ids = {event["id"] for event in (*example.known, *example.events)}
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
