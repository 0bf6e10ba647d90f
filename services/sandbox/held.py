"""A server that ends with us, seen from our side: `holder` is the other side."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from services.sandbox import holder
from services.sandbox.account import Account

_MARGIN = 5.0
"""Seconds that the holder may need on top of its server's grace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCommand:
    """How a server is run and stopped."""

    name: str
    arguments: tuple[str, ...]
    cwd: Path
    log: Path
    stop_signal: signal.Signals
    grace: float
    """Seconds that it has to end by itself before it is killed."""
    account: Account | None = None
    """Who it runs as; nobody else than we if absent."""
    keep_fds: tuple[int, ...] = ()
    """File descriptors that the server inherits."""


@dataclass(slots=True)
class HeldServer:
    """A running server. It is stopped by `stop`, and also when this process ends in any way."""

    command: ServerCommand
    _process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def is_running(self) -> bool:
        """Whether the server has not ended yet."""
        return self._process.poll() is None

    @property
    def log(self) -> Path:
        """The file that holds what the server has printed since it was started."""
        return self.command.log

    def ask_to_stop(self) -> None:
        """Asks the server to end and does not wait; asking twice changes nothing."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def stop(self) -> None:
        """Stops the server and waits until it has ended: at most its grace and a few seconds."""
        self.ask_to_stop()
        try:
            self._process.wait(self.command.grace + _MARGIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def start_held(command: ServerCommand, *, lock_fd: int) -> HeldServer:
    """Starts a server that ends with this process.

    Its holder keeps `lock_fd` open, so a lock on it lasts until the server has ended.
    """
    if command.log.exists():
        command.log.replace(command.log.with_suffix(".previous.log"))
    with command.log.open("wb") as log:
        process = subprocess.Popen(
            _holder_arguments(command),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=(lock_fd, *command.keep_fds),
            start_new_session=True,  # so Ctrl-C reaches us alone, and we stop in order
        )
    return HeldServer(command, process)


def _holder_arguments(command: ServerCommand) -> list[str]:
    account = command.account
    identity = () if account is None else (f"--uid={account.uid}", f"--gid={account.gid}")
    return [
        *(sys.executable, "-I", str(Path(holder.__file__).resolve())),
        f"--parent={os.getpid()}",
        f"--stop-signal={command.stop_signal.name}",
        f"--grace={command.grace}",
        f"--cwd={command.cwd.resolve()}",
        *identity,
        *(f"--keep-fd={descriptor}" for descriptor in command.keep_fds),
        "--",
        *command.arguments,
    ]
