"""Whatever dies, repeats or changes: no duty lost or owed twice, each sequence 1..n."""

import asyncio
import copy
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from tests.e2e.running_system import RunningSystem
from tests.examples import load_examples

Json = Mapping[str, Any]


def family(number: int = 0) -> dict[str, Any]:
    """The example of a pregnant victim with a toddler and a pupil, as another incident."""
    event = copy.deepcopy(dict(load_examples()["police-pregnant-family"].events[0]))
    event["id"] = f"{number:08d}-0000-4000-8000-000000000000"
    event["data"]["police_reference"] = f"STF/2026/1{number:05d}"
    return event


def changed(event: Json, number: int, **data: Any) -> dict[str, Any]:
    """A later event of the same occurrence."""
    later = copy.deepcopy(dict(event))
    later["id"] = f"{number:08d}-1111-4000-8000-000000000000"
    later["time"] = f"2026-03-06T22:{10 + number}:00+00:00"
    later["data"].update(status="updated", **data)
    return later


async def told(system: RunningSystem) -> list[dict[str, Any]]:
    return [json.loads(m.value) for m in await system.queue_messages() if m.value]


def assert_gap_free(notifications: list[dict[str, Any]]) -> None:
    numbers = defaultdict(list)
    for one in notifications:
        numbers[one["recipient"]].append(one["recipient_sequence"])
    for recipient, sequence in numbers.items():
        assert sequence == list(range(1, len(sequence) + 1)), recipient


def assert_told_once_each(notifications: list[dict[str, Any]], incidents: int) -> None:
    assert_gap_free(notifications)
    ids = [one["notification_id"] for one in notifications]
    assert len(ids) == len(set(ids))
    alone = [(o["event"]["id"], o["about"]["ref"], o["recipient"]) for o in notifications]
    assert len(alone) == len(set(alone))
    assert {e for e, _, _ in alone} == {family(n)["id"] for n in range(incidents)}
    a_family = {(ref, recipient) for e, ref, recipient in alone if e == family(0)["id"]}
    assert len(a_family) >= 7
    assert len(alone) == incidents * len(a_family)


async def test_the_same_event_three_times_is_told_once(system: RunningSystem) -> None:
    system.start("router")
    system.start("relay")

    published = await system.publish([family(), family(), family()])
    await system.settled(published)

    assert_told_once_each(await told(system), incidents=1)
    replies = [json.loads(m.value) for m in await system.read_all(f"{system.prefix}.replies.")]
    assert [reply["status"] for reply in replies] == ["accepted", "repeated", "repeated"]


async def test_an_update_tells_only_what_it_adds_or_changes(system: RunningSystem) -> None:
    first = family()
    first["data"]["risk"] = "medium"
    child = copy.deepcopy(first["data"]["people"][1])
    child.update(ref="baby", nhs_number="9990000727", date_of_birth="2025-11-20")
    system.start("router")
    system.start("relay")
    await system.settled(await system.publish([first]))
    before = await told(system)

    with_child = changed(first, 1, people=[child])
    await system.settled(1 + await system.publish([with_child]))
    after_child = (await told(system))[len(before) :]
    await system.settled(2 + await system.publish([changed(with_child, 2, risk="high")]))
    everything = await told(system)

    added = [one for one in everything if one["kind"] == "notify" and one not in before]
    assert {(o["about"]["ref"], o["service"]) for o in added} == {
        ("baby", "health-visiting"),
        ("baby", "gp"),
    }
    assert len(after_child) == 2
    updates = [one for one in everything if one["kind"] == "update"]
    midwife = next(one for one in updates if one["service"] == "midwifery")
    original = next(one for one in before if one["service"] == "midwifery")
    assert midwife["supersedes"] == original["notification_id"]
    assert midwife["urgency"] == "immediate"
    assert midwife["respond_by"] <= original["respond_by"]
    assert_gap_free(everything)


async def test_a_cancellation_withdraws_everything_told(system: RunningSystem) -> None:
    system.start("router")
    system.start("relay")
    await system.settled(await system.publish([family()]))

    cancelled = changed(family(), 1)
    cancelled["data"]["status"] = "cancelled"
    await system.settled(1 + await system.publish([cancelled]))

    notifications = await told(system)
    owed = {o["duty_id"] for o in notifications if o["kind"] == "notify"}
    withdrawn = {o["duty_id"] for o in notifications if o["kind"] == "withdraw"}
    assert owed == withdrawn
    assert owed
    states = await system.rows("SELECT DISTINCT state FROM duty")
    assert [row["state"] for row in states] == ["withdrawn"]
    assert_gap_free(notifications)


async def test_nothing_is_lost_or_told_twice_when_processes_are_killed(
    system: RunningSystem,
) -> None:
    incidents = 400
    router, relay = system.start("router"), system.start("relay")
    published = 0
    for start in range(0, incidents, 50):
        published += await system.publish([family(n) for n in range(start, start + 50)])
        await asyncio.sleep(0.5)
        match start:
            case 100:
                system.kill(router)
                router = system.start("router")
            case 200:
                system.kill(relay)
                relay = system.start("relay")
            case 300:
                system.start("router")
            case _:
                pass

    await system.settled(published)

    assert_told_once_each(await told(system), incidents=incidents)


async def test_a_bad_message_holds_nothing_up(system: RunningSystem) -> None:
    topic = system.topic_of(family())
    system.start("router")
    system.start("relay")

    await system.publish_raw([(topic, b"not an event at all"), (topic, b"")])
    await system.settled(2 + await system.publish([family()]))

    notifications = await told(system)
    dead = [one for one in notifications if one["about"] is None]
    assert {one["service"] for one in dead if one["recipient"] == "MASH:mash"} == {"mash"}
    assert len({one["content"]["dead_letter_id"] for one in dead}) == 2
    assert_told_once_each([one for one in notifications if one["about"]], incidents=1)
