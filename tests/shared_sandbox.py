"""One real Kafka and PostgreSQL for all the processes of a test run, started when first needed.

A keeper process runs the sandbox. Its standard input is a named pipe that every test process which
uses the sandbox keeps open; when the last of them has ended, in whatever way, the keeper stops the
servers and deletes their data. Run as a program, this module is the keeper.
"""

import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.runtime.settings import SandboxSettings, read_settings
from services.sandbox.problem import SandboxProblem
from services.sandbox.stack import Sandbox


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the shared servers are."""

    bootstrap_servers: str
    dsn: str


@contextmanager
def join_shared_sandbox(folder: Path) -> Iterator[Servers]:
    """The servers that all processes which name the same folder share; starts them if need be."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        keeper, pipe = _join_or_start(folder)
    try:
        yield Servers(**json.loads((folder / "servers.json").read_text("utf-8")))
    finally:
        os.close(pipe)
        if keeper is not None:
            keeper.wait()  # to leave last, however long the others' last tests take


def _join_or_start(folder: Path) -> tuple[subprocess.Popen[str] | None, int]:
    pipe = folder / "pipe"
    if not pipe.exists():
        os.mkfifo(pipe)
    try:
        return None, os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:  # nobody reads it, so there is no keeper
        return _start(folder, pipe)


def _start(folder: Path, pipe: Path) -> tuple[subprocess.Popen[str], int]:
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    writing = os.open(pipe, os.O_WRONLY)
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.shared_sandbox", folder / "data"],
        cwd=Path(__file__).parents[1],
        stdin=reading,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    os.close(reading)
    assert keeper.stdout is not None
    with keeper.stdout as said:
        answer = said.readline()
    if not answer.startswith("{"):
        os.close(writing)
        keeper.wait()
        raise SandboxProblem(answer.strip() or "the keeper of the sandbox ended without a word")
    (folder / "servers.json").write_text(answer, "utf-8")
    return keeper, writing


def _keep(folder: Path) -> None:
    settings = read_settings().model_copy(update={"sandbox": SandboxSettings(folder=folder)})
    try:
        with Sandbox(settings, fast=True) as sandbox:
            addresses = {"bootstrap_servers": sandbox.bootstrap_servers, "dsn": sandbox.dsn}
            sys.stdout.write(json.dumps(addresses) + "\n")
            sys.stdout.close()
            select.select([sys.stdin], [], [])
    except SandboxProblem as problem:
        sys.stdout.write(f"{problem}\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
