"""From an event to its answer: a team reads its queue and says what became of it, over Kafka."""

import asyncio
import json
from typing import Any

from tests.e2e.running_system import REPOSITORY, RunningSystem
from tests.e2e.test_documented_commands import commands, run
from tests.e2e.test_once_and_in_order import assert_gap_free, family, told


def a_receipt(notice: dict[str, Any], status: str, **said: str) -> tuple[str, bytes]:
    """The organisation that answers, and what it sends."""
    data = {
        "notification_id": notice["notification_id"],
        "status": status,
        "at": "2026-03-06T12:30:00+00:00",
        "by": "A. Midwife",
    }
    envelope = {
        "specversion": "1.0",
        "id": f"{notice['notification_id']}-{status}",
        "source": f"urn:example:{notice['organisation']}",
        "type": "fieldfare.receipt.v1",
        "time": "2026-03-06T12:30:00+00:00",
        "datacontenttype": "application/json",
        "data": data | said,
    }
    return notice["organisation"], json.dumps(envelope).encode()


async def answer(system: RunningSystem, *receipts: tuple[str, bytes]) -> int:
    return await system.publish_raw(
        [(system.topics.receipts(organisation), value) for organisation, value in receipts]
    )


def one_for(notices: list[dict[str, Any]], service: str, **known: Any) -> dict[str, Any]:
    found = [n for n in notices if n["service"] == service and known.items() <= n.items()]
    return found[-1]


async def duty_of(system: RunningSystem, notice: dict[str, Any]) -> dict[str, Any]:
    [duty] = await system.rows("SELECT * FROM duty WHERE duty_id = $1::uuid", notice["duty_id"])
    return duty


async def test_a_team_reads_its_queue_and_its_answers_end_the_duty(system: RunningSystem) -> None:
    system.start("router")
    system.start("relay")
    published = await system.publish([family()])
    await system.settled(published)
    notice = one_for(await told(system), "midwifery")

    steps = [a_receipt(notice, step) for step in ("received", "acknowledged", "recorded", "done")]
    published += await answer(system, *steps, *steps)
    await system.settled(published)

    duty = await duty_of(system, notice)
    assert (duty["state"], duty["ended_at"] is None) == ("done", False)
    kept = await system.rows("SELECT verdict FROM receipt")
    assert [row["verdict"] for row in kept] == ["applied"] * 4
    assert "A. Midwife" not in system.logs()


async def test_not_ours_goes_to_whom_they_name_and_then_to_mash(system: RunningSystem) -> None:
    system.start("router")
    system.start("relay")
    published = await system.publish([family()])
    await system.settled(published)
    first = one_for(await told(system), "midwifery")
    other = "RJE" if first["organisation"] != "RJE" else "RJF"

    suggestion = {"suggested_recipient": f"{other}:midwifery"}
    published += await answer(system, a_receipt(first, "not_ours", **suggestion))
    await system.settled(published)
    second = one_for(await told(system), "midwifery", organisation=other)
    published += await answer(system, a_receipt(second, "not_ours"))
    await system.settled(published)

    notices = await told(system)
    exception = one_for(notices, "mash", instead_of="midwifery")
    assert exception["because"] == f"returned as not ours by {other}:midwifery"
    assert exception["about"]["ref"] == first["about"]["ref"]
    assert (await duty_of(system, first))["state"] == "withdrawn"
    assert (await duty_of(system, second))["state"] == "withdrawn"
    assert [n["kind"] for n in notices if n["recipient"] == first["recipient"]] == ["notify"]
    assert_gap_free(notices)

    shown = system.command(
        "ledger", "receipt", exception["notification_id"], "acknowledged", "--by", "C. Coordinator"
    )
    assert shown == "applied\n"
    assert (await duty_of(system, exception))["state"] == "acknowledged"


async def test_a_foreign_client_answers_as_the_document_shows(system: RunningSystem) -> None:
    readme, document = REPOSITORY / "README.md", REPOSITORY / "docs" / "receiving-teams.md"
    [publish, _] = [each for each in commands(readme) if each.startswith("kcat")]
    [respond] = [each for each in commands(document) if each.startswith("kcat -P")]
    system.start("router")
    system.start("relay")
    await asyncio.to_thread(run, system, publish)
    await system.settled(1)

    await asyncio.to_thread(run, system, respond)
    await system.settled(2)

    [duty] = await system.rows("SELECT state FROM duty WHERE recipient = 'RJF:midwifery'")
    assert duty["state"] == "acknowledged"
