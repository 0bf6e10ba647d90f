"""A change of the rules, from a named nurse's folder to live and back, while events flow."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

from tests.e2e.running_system import RunningSystem
from tests.unit.cli.command import police_event

NURSE = ("--by", "Nina Example", "--role", "named nurse", "--why", "clearer words for midwives")
MIDWIFE = ("--by", "Mo Example", "--role", "named midwife", "--why", "read it beside the old one")
OLD_WORDS = "A pregnant victim of domestic abuse is known to her maternity service before the next"
NEW_WORDS = (
    "A pregnant victim of domestic abuse is told of to her maternity service before the next"
)


def event(number: int) -> dict[str, Any]:
    return police_event(police_reference=f"STF/2026/{number:06}") | {"id": f"e{number}"}


async def publish(system: RunningSystem, *numbers: int) -> None:
    await system.publish([event(number) for number in numbers])


async def decisions(system: RunningSystem) -> dict[str, str]:
    """The version under which each event was decided; fails if one was decided twice."""
    rows = await system.rows("SELECT event_id, rulebook_hash FROM decision")
    assert len({row["event_id"] for row in rows}) == len(rows)
    return {row["event_id"]: row["rulebook_hash"] for row in rows}


async def test_two_people_change_a_rule_while_events_flow_and_one_takes_it_back(
    system: RunningSystem, tmp_path: Path
) -> None:
    router = system.start("router")
    system.start("relay")
    await publish(system, 1, 2)
    await system.settled(2)
    [old] = set((await decisions(system)).values())

    folder = tmp_path / "change"
    new = await asyncio.to_thread(change_and_sign, system, folder)
    publishing = asyncio.create_task(publish(system, *range(3, 43)))
    countersigned = await asyncio.to_thread(system.command, "rules", "countersign", new, *MIDWIFE)
    await publishing
    await publish(system, 43)
    await system.settled(43)

    assert "live from now on" in countersigned
    assert router.poll() is None  # it was not started again
    under = await decisions(system)
    assert len(under) == 43
    assert set(under.values()) <= {old, new}
    assert (under["e1"], under["e43"]) == (old, new)

    await asyncio.to_thread(system.command, "rules", "roll-back", *NURSE)
    publishing = asyncio.create_task(publish(system, *range(44, 64)))
    system.kill(router)
    system.start("router")
    await publishing
    await system.settled(63)

    under = await decisions(system)
    assert {under[f"e{number}"] for number in range(44, 64)} == {old}
    await assert_everybody_was_told_once(system, under, old, new)
    await asyncio.to_thread(assert_it_is_all_on_record, system, old, new)


def change_and_sign(system: RunningSystem, folder: Path) -> str:
    """As the page for rule owners says: copy what is live, change it, propose it, sign it."""
    system.command("rules", "export", "live", str(folder))
    rules = folder / "rules" / "police.yaml"
    text = rules.read_text("utf-8")
    assert OLD_WORDS in text
    rules.write_text(text.replace(OLD_WORDS, NEW_WORDS), "utf-8")
    said = system.command("rules", "propose", str(folder), *NURSE)
    assert "it is proposed" in said
    system.command("rules", "sign", digits_of(said), *NURSE)
    system.command("rules", "countersign", digits_of(said), *NURSE, expect=2)
    record = json.loads(system.command("rules", "versions", "--json"))
    [new] = [
        each for each in record["versions"] if each["content_hash"].startswith(digits_of(said))
    ]
    return str(new["content_hash"])


def digits_of(said: str) -> str:
    """The first digits of the version that was proposed."""
    return said.splitlines()[-1].split(":")[0].split()[-1]


async def assert_everybody_was_told_once(
    system: RunningSystem, under: dict[str, str], old: str, new: str
) -> None:
    bodies = [json.loads(each.value) for each in await system.queue_messages()]
    to_midwives = [each for each in bodies if each["recipient"] == "RJF:midwifery"]
    assert Counter(each["event"]["id"] for each in to_midwives) == dict.fromkeys(under, 1)
    for each in to_midwives:
        decided_by = under[each["event"]["id"]]
        assert each["rulebook"] == f"staffordshire@sha256:{decided_by}"
        words = {old: OLD_WORDS, new: NEW_WORDS}[decided_by]
        assert any(reason["why"].startswith(words) for reason in each["reasons"])


def assert_it_is_all_on_record(system: RunningSystem, old: str, new: str) -> None:
    live = system.command("rules", "live")
    versions = system.command("rules", "versions")
    assert f"sha256:{old}" in live
    assert "rolled back to, by one person" in live
    assert f"{new[:12]}" in versions
    assert "signed" in versions
    assert "countersigned Fri 6 March 2026, 12:00 by Mo Example, named midwife" in versions
    system.command("rules", "diff", "live", f"sha256:{old}")
