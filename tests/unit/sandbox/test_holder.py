import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.sandbox.folder import lock_folder
from services.sandbox.held import ServerCommand, start_held

_STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""

_FORKING = """
import os, signal, sys, time
from pathlib import Path
from services.sandbox.folder import lock_folder
from services.sandbox.held import ServerCommand, start_held
folder = Path(sys.argv[1])
start_held(
    ServerCommand(
        name="server", arguments=("sh", "-c", "echo up; exec sleep 60"),
        cwd=folder, log=folder / "log",
        stop_signal=signal.SIGTERM, grace=5,
    ),
    lock_fd=lock_folder(folder / "var"),
)
while not (folder / "log").read_bytes():
    time.sleep(0.02)
if os.fork() == 0:
    time.sleep(5)
else:
    os.kill(os.getpid(), signal.SIGKILL)
"""
"""Starts a server, forks a process that lives five seconds, and is killed at once."""


def _command(tmp_path: Path, *arguments: str, grace: float = 5) -> ServerCommand:
    return ServerCommand(
        name="server",
        arguments=arguments,
        cwd=tmp_path,
        log=tmp_path / "server.log",
        stop_signal=signal.SIGTERM,
        grace=grace,
    )


@pytest.fixture
def lock(tmp_path: Path) -> int:
    return lock_folder(tmp_path / "var")


def _wait_for_output(log: Path) -> None:
    deadline = time.monotonic() + 10
    while not log.read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_server_runs_until_it_is_stopped(tmp_path: Path, lock: int) -> None:
    server = start_held(_command(tmp_path, "sleep", "60"), lock_fd=lock)
    assert server.is_running

    server.stop()

    assert not server.is_running


def test_stopping_twice_changes_nothing(tmp_path: Path, lock: int) -> None:
    server = start_held(_command(tmp_path, "sleep", "60"), lock_fd=lock)

    server.stop()
    server.stop()

    assert not server.is_running


def test_a_server_that_will_not_end_is_killed_after_its_grace(tmp_path: Path, lock: int) -> None:
    command = _command(tmp_path, sys.executable, "-c", _STUBBORN, grace=0.3)
    server = start_held(command, lock_fd=lock)
    _wait_for_output(server.log)

    server.stop()

    assert not server.is_running


def test_a_holder_that_is_told_to_end_stops_its_server_first(tmp_path: Path, lock: int) -> None:
    program = "import os; print(os.getpid(), os.getppid(), flush=True); import time; time.sleep(60)"
    server = start_held(_command(tmp_path, sys.executable, "-c", program), lock_fd=lock)
    _wait_for_output(server.log)
    child, holder = (int(pid) for pid in server.log.read_text("ascii").split())

    os.kill(holder, signal.SIGTERM)
    server.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_process_that_we_forked_does_not_keep_the_server_alive(tmp_path: Path) -> None:
    # the fork holds the pipe open as well, so the pipe alone would not tell
    subprocess.run([sys.executable, "-c", _FORKING, tmp_path], check=False)

    deadline = time.monotonic() + 3
    while _works_in(tmp_path):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _works_in(folder: Path) -> bool:
    return any(_cwd(process) == folder for process in Path("/proc").glob("[0-9]*"))


def _cwd(process: Path) -> Path | None:
    try:
        return (process / "cwd").readlink()
    except OSError:
        return None


def test_the_log_of_the_last_start_is_kept(tmp_path: Path, lock: int) -> None:
    for word in ("first", "second"):
        server = start_held(_command(tmp_path, "echo", word), lock_fd=lock)
        _wait_for_output(server.log)
        server.stop()

    assert (tmp_path / "server.log").read_text("ascii") == "second\n"
    assert (tmp_path / "server.previous.log").read_text("ascii") == "first\n"
