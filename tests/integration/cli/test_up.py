import asyncio
import json
import re
import signal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from tests.integration.cli.running import fieldfare, processes_of, up_in, wait_until_nothing_runs
from tests.unit.cli.command import police_event

pytestmark = pytest.mark.integration

WATCHING = "  events 0  duties 0"


async def notify_by_way_of(bootstrap_servers: str) -> dict[str, Any]:
    """Publishes an event as the police do, and reads what then comes as a midwifery team does."""
    async with asyncio.timeout(90):
        async with AIOKafkaProducer(bootstrap_servers=bootstrap_servers) as police:
            event = json.dumps(police_event()).encode()
            await police.send_and_wait("fieldfare.events.police.staffordshire-police", event)
        async with AIOKafkaConsumer(
            "fieldfare.queue.midwifery.RJF",
            bootstrap_servers=bootstrap_servers,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
        ) as midwives:
            record = await midwives.getone()
    notification: dict[str, Any] = json.loads(record.value)
    return notification


async def test_an_event_becomes_a_notification_and_ctrl_c_stops_everything(tmp_path: Path) -> None:
    with up_in(tmp_path, "--no-county") as up:
        await asyncio.to_thread(up.wait_for, WATCHING)

        notification = await notify_by_way_of(up.bootstrap_servers)
        up.wait_for("events 1 (police 1)")

        assert (notification["recipient"], notification["recipient_sequence"]) == (
            "RJF:midwifery",
            1,
        )
        assert_the_ledger_answers(tmp_path)
        await assert_the_console_answers(up.screen)
        assert_a_second_up_is_refused(tmp_path)

        up.process.send_signal(signal.SIGINT)
        assert up.process.wait(30) == 0
        assert up.screen.endswith("The data are kept in var/. Goodbye.\n")
    assert processes_of(tmp_path) == []


def assert_the_ledger_answers(folder: Path) -> None:
    event = fieldfare("ledger", "event", "e1", folder=folder)
    duties = fieldfare("ledger", "duties", "--recipient", "RJF:midwifery", "--json", folder=folder)
    queue = fieldfare("ledger", "queue", "RJF:midwifery", "--json", folder=folder)
    unknown = fieldfare("ledger", "event", "e2", folder=folder)

    assert event.stdout.startswith("police domestic abuse e1\n")
    assert "9990000018" not in event.stdout + duties.stdout + queue.stdout
    [duty] = json.loads(duties.stdout)
    [queued] = json.loads(queue.stdout)
    assert queued["duty_id"] == duty["duty_id"]
    assert (unknown.returncode, unknown.stderr) == (1, "no event e2 is in the ledger\n")


async def assert_the_console_answers(screen: str) -> None:
    """It is where the screen says, and lets invented people in."""
    [address] = re.findall(r"^The console is at (\S+)$", screen, re.MULTILINE)
    async with asyncio.timeout(90), httpx2.AsyncClient(base_url=address) as client:
        while True:
            try:
                page = await client.get("/sign-in")
            except httpx2.TransportError:
                await asyncio.sleep(0.2)
                continue
            break
    assert page.status_code == 200
    assert "Demonstration" in page.text


def assert_a_second_up_is_refused(folder: Path) -> None:
    second = fieldfare("up", folder=folder)

    assert second.returncode == 2
    assert second.stderr.startswith("fieldfare: var is in use by another `fieldfare up` (process ")
    assert second.stderr.count("\n") == 1


async def test_nothing_is_left_when_up_is_killed_and_it_goes_on_afterwards(tmp_path: Path) -> None:
    with up_in(tmp_path, "--no-county") as up:
        await asyncio.to_thread(up.wait_for, WATCHING)
        assert any("router" in process for process in processes_of(tmp_path))
        up.process.kill()
        up.process.wait()

        wait_until_nothing_runs(tmp_path, seconds=30)

    with up_in(tmp_path) as again:
        await asyncio.to_thread(again.wait_for, "Topics: 0 made, ")
        await asyncio.to_thread(again.wait_for, "duties 1")
        again.process.send_signal(signal.SIGTERM)
        assert again.process.wait(30) == 0
    assert processes_of(tmp_path) == []


def test_a_rulebook_that_does_not_load_stops_up_before_anything_starts(tmp_path: Path) -> None:
    answer = fieldfare("up", folder=tmp_path, env={"FIELDFARE_RULEBOOK__PATH": str(tmp_path)})

    assert answer.returncode == 2
    assert answer.stderr == f"fieldfare: rulebook {tmp_path}: the folder holds no rulebook\n"
    assert not (tmp_path / "var").exists()
