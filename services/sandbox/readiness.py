"""Waiting for a server, and finding out why it did not come."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from services.sandbox.held import HeldServer
from services.sandbox.problem import SandboxProblem

_BETWEEN_LOOKS = 0.05
_PATIENCE = 60.0
_COMPLAINT = re.compile(r"\b(FATAL|PANIC|ERROR|error:|Exception|Caused by)\b")


def wait_until_ready(server: HeldServer, serves: Callable[[], Awaitable[bool]]) -> None:
    """Blocks until `serves` says so; at most a minute.

    Starts an event loop of its own, so it must not be called on a running one: use a thread there.
    Raises `SandboxProblem` with the server's last complaint if it ends or stays silent.
    """
    if not asyncio.run(_is_ready_in_time(server, serves)):
        raise SandboxProblem(
            f"{server.command.name} did not start: {last_complaint(server.log)} (see {server.log})"
        )


async def is_listening(address: str) -> bool:
    """Whether something accepts TCP connections at `host:port`."""
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


def last_complaint(log: Path) -> str:
    """The last line of a log that complains, else its last line."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    spoken = [line for line in lines if line]
    complaints = [line for line in spoken if _COMPLAINT.search(line)]
    return (complaints or spoken or ["it said nothing"])[-1][:300]


async def _is_ready_in_time(server: HeldServer, serves: Callable[[], Awaitable[bool]]) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while server.is_running and time.monotonic() < deadline:
        if await serves():
            return True
        await asyncio.sleep(_BETWEEN_LOOKS)
    return False
