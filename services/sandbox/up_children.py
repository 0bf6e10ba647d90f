"""The processes that `fieldfare up` starts: they end with it, and are started again if they end."""

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.sandbox.held import HeldServer, ServerCommand, start_held

_GRACE = 8.0
"""Seconds that a process has to finish its batch."""
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_SETTLED = 60.0
"""Seconds after which a process that has run is no longer failing."""
_PROGRAM = (sys.executable, "-P", "-m", "services.cli.main")
"""This very Fieldfare: -P, lest a folder of the same name where we run be taken for it."""


@dataclass(slots=True)
class _Child:
    command: ServerCommand
    server: HeldServer | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause: float = _FIRST_PAUSE


class Children:
    """Keeps processes running, each a command of `fieldfare`.

    They end with this process, `kill -9` included. `lock_fd` stays open until they have ended.
    Times are those of one clock that never goes back, in seconds.
    """

    def __init__(self, commands: Mapping[str, Sequence[str]], *, logs: Path, lock_fd: int) -> None:
        """Starts nothing yet. `commands` are arguments by the name of the process."""
        self._children = [
            _Child(_command(name, arguments, logs)) for name, arguments in commands.items()
        ]
        self._lock_fd = lock_fd

    @property
    def running(self) -> tuple[str, ...]:
        """The names of those that run."""
        return tuple(
            child.command.name
            for child in self._children
            if child.server is not None and child.server.is_running
        )

    def look_after(self, now: float) -> Iterator[str]:
        """Starts what does not run and is due, and answers a line for whatever went wrong."""
        for child in self._children:
            if child.server is not None and not child.server.is_running:
                child.server.stop()  # it has ended: only what belongs to it is put away
                child.server = None
                yield self._note_end(child, now)
            if child.server is None and child.start_again_at <= now:
                child.server = start_held(child.command, lock_fd=self._lock_fd)
                child.started_at = now

    def stop(self) -> None:
        """Stops all at once and waits until they have ended; harmless when nothing runs."""
        servers = [child.server for child in self._children if child.server is not None]
        for server in servers:
            server.ask_to_stop()
        for server in servers:
            server.stop()

    def _note_end(self, child: _Child, now: float) -> str:
        if now - child.started_at > _SETTLED:
            child.pause = _FIRST_PAUSE
        pause, child.pause = child.pause, min(child.pause * 2, _LONGEST_PAUSE)
        child.start_again_at = now + pause
        return (
            f"{child.command.name} has ended; starting it again in {pause:.0f} s "
            f"(see {child.command.log})"
        )


def _command(name: str, arguments: Sequence[str], logs: Path) -> ServerCommand:
    return ServerCommand(
        name=name,
        arguments=(*_PROGRAM, *arguments),
        cwd=Path.cwd(),
        log=logs / f"{name}.log",
        stop_signal=signal.SIGTERM,
        grace=_GRACE,
    )


def export_to_children(variables: Mapping[str, str]) -> None:
    """Sets environment variables for processes started from now on.

    An address with a password must not stand among a process's arguments, where everybody can
    read it.
    """
    os.environ.update(variables)
