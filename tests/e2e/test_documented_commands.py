"""Every command that a document shows is executed as it stands, but for ports and prefixes."""

import asyncio
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.running_system import REPOSITORY, RunningSystem

DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)


def commands(path: Path) -> list[str]:
    """The lines that begin with `$ ` in the console snippets of a document."""
    return [
        line.removeprefix("$ ")
        for text in CONSOLE.findall(path.read_text("utf-8"))
        for line in text.splitlines()
        if line.startswith("$ ")
    ]


def run(system: RunningSystem, command: str) -> str:
    """Types a command in the repository, with the tools of its environment on the path."""
    words = shlex.split(
        command.replace("localhost:9092", system.kafka).replace(
            "-t fieldfare.", f"-t {system.prefix}."
        )
    )
    tools = str(Path(sys.executable).parent)
    environment = {**system.environment, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        words, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize(
    "path",
    [path for path in DOCUMENTS if commands(path)],
    ids=lambda path: path.relative_to(REPOSITORY).as_posix(),
)
async def test_documented_commands_work(system: RunningSystem, path: Path) -> None:
    system.start("router")
    system.start("relay")

    for command in commands(path):
        await asyncio.to_thread(run, system, command)


async def test_a_foreign_client_publishes_an_event_and_reads_the_notification(
    system: RunningSystem,
) -> None:
    publish, consume = [c for c in commands(REPOSITORY / "README.md") if c.startswith("kcat")]
    system.start("router")
    system.start("relay")

    await asyncio.to_thread(run, system, publish)
    await system.settled(1)
    printed = await asyncio.to_thread(run, system, consume)

    [notification] = [json.loads(line) for line in printed.splitlines()]
    assert notification["recipient"] == "RJF:midwifery"
    assert notification["urgency"] == "immediate"
    assert notification["recipient_sequence"] == 1
