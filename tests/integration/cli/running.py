"""Runs `fieldfare` as a person does: as a process, in a folder of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

FIELDFARE = (sys.executable, "-P", "-m", "services.cli.main")
_PATIENCE = 120.0


def fieldfare(
    *arguments: str, folder: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    return subprocess.run(
        [*FIELDFARE, *arguments],
        cwd=folder,
        env=environment(env or {}),
        capture_output=True,
        text=True,
        check=False,
    )


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Our own environment, without settings of Fieldfare but for these."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("FIELDFARE_")}
    return ours | dict(more)


@contextmanager
def up_in(folder: Path, *options: str) -> Iterator["RunningUp"]:
    """A `fieldfare up`; killed at the end if it still runs."""
    with (folder / "screen.txt").open("wb") as screen:
        process = subprocess.Popen(
            [*FIELDFARE, "up", *options],
            cwd=folder,
            env=environment({}),
            stdin=subprocess.DEVNULL,
            stdout=screen,
            stderr=subprocess.STDOUT,
        )
    try:
        yield RunningUp(folder, process)
    finally:
        process.kill()
        process.wait()


class RunningUp:
    """What a person sees of a `fieldfare up` and can do to it."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.process = process

    @property
    def screen(self) -> str:
        return (self.folder / "screen.txt").read_text("utf-8")

    @property
    def bootstrap_servers(self) -> str:
        addresses = json.loads((self.folder / "var" / "addresses.json").read_text("utf-8"))
        return str(addresses["bootstrap_servers"])

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while text not in self.screen:
            assert self.process.poll() is None, self.screen
            assert time.monotonic() < deadline, self.screen
            time.sleep(0.2)


def processes_of(folder: Path) -> list[str]:
    """Every process that works in the folder or names it among its arguments, but for ourselves."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and int(process.name) != os.getpid():
            try:
                cwd = str((process / "cwd").readlink())
                arguments = (process / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:  # it has ended meanwhile
                continue
            if cwd.startswith(str(folder)) or str(folder) in arguments:
                found.append(arguments.replace("\0", " "))
    return found


def wait_until_nothing_runs(folder: Path, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while left := processes_of(folder):
        assert time.monotonic() < deadline, left
        time.sleep(0.2)
