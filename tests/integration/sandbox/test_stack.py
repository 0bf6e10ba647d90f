"""The sandbox over real servers: what it keeps, when it stops, and what it says when it cannot."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from services.runtime.settings import KafkaSettings, PostgresSettings, SandboxSettings, Settings
from services.sandbox.folder import lock_folder
from services.sandbox.problem import SandboxProblem
from services.sandbox.stack import Sandbox

pytestmark = pytest.mark.integration

_SOMEBODY = """
import json, signal, sys, time
from pathlib import Path
from services.runtime.settings import KafkaSettings, SandboxSettings, Settings
from services.sandbox.stack import Sandbox
# a shell ignores it for what it runs in the background, and children inherit that
signal.signal(signal.SIGINT, signal.default_int_handler)
settings = Settings(
    kafka=KafkaSettings(bootstrap_servers=sys.argv[2] or None),
    sandbox=SandboxSettings(folder=Path(sys.argv[1])),
)
try:
    with Sandbox(settings, fast=True) as sandbox:
        print(json.dumps([sandbox.dsn, sandbox.bootstrap_servers]), flush=True)
        time.sleep(300)
except KeyboardInterrupt:
    sys.exit(130)
"""
"""A program that holds a sandbox until it is killed."""

_ELSEWHERE = "127.0.0.1:1"
"""A cluster that somebody else runs; the sandbox never connects to it."""


def _settings(folder: Path, *, kafka: str | None = _ELSEWHERE) -> Settings:
    return Settings(
        kafka=KafkaSettings(bootstrap_servers=kafka),
        postgres=PostgresSettings(),
        sandbox=SandboxSettings(folder=folder),
    )


@contextmanager
def _somebody(folder: Path, *, kafka: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", _SOMEBODY, folder, kafka], stdout=subprocess.PIPE, text=True
    ) as somebody:
        try:
            yield somebody
        finally:
            somebody.kill()


async def _ask(dsn: str, statement: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def _ports(somebody: subprocess.Popen[str]) -> list[int]:
    assert somebody.stdout is not None
    dsn, bootstrap_servers = json.loads(somebody.stdout.readline())
    addresses = [dsn.rpartition("/")[0], bootstrap_servers]
    return [int(address.rpartition(":")[2]) for address in addresses]


def _accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _comes_true(question: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _runs_inside(folder: Path) -> list[str]:
    """Every process that works in the folder or was given its path."""
    return [
        str(process)
        for process in Path("/proc").glob("[0-9]*")
        if _mentions(process / "cmdline", folder) or _works_in(process / "cwd", folder)
    ]


def _mentions(cmdline: Path, folder: Path) -> bool:
    try:
        return str(folder).encode() in cmdline.read_bytes()
    except OSError:  # it has ended since
        return False


def _works_in(cwd: Path, folder: Path) -> bool:
    try:
        return cwd.readlink().is_relative_to(folder)
    except OSError:
        return False


def test_what_was_stored_is_there_at_the_next_start(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "a folder, with: marks")
    with Sandbox(settings, fast=True) as sandbox:
        asyncio.run(_ask(sandbox.dsn, "CREATE TABLE kept AS SELECT 7 AS seven"))

    with Sandbox(settings, fast=True) as sandbox:
        assert asyncio.run(_ask(sandbox.dsn, "SELECT seven FROM kept")) == 7


def test_kill_9_stops_both_servers(tmp_path: Path) -> None:
    with _somebody(tmp_path / "var", kafka="") as somebody:
        ports = _ports(somebody)
        assert all(_accepts(port) for port in ports)

        somebody.kill()

        assert _comes_true(lambda: not any(_accepts(port) for port in ports))
    assert _comes_true(lambda: not _runs_inside(tmp_path))


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_however_we_end_the_server_ends(tmp_path: Path, ending: signal.Signals) -> None:
    with _somebody(tmp_path / "var", kafka=_ELSEWHERE) as somebody:
        port = _ports(somebody)[0]

        somebody.send_signal(ending)

        assert _comes_true(lambda: not _accepts(port))
    assert _comes_true(lambda: not _runs_inside(tmp_path))


def test_the_next_start_waits_for_servers_whose_owner_was_killed(tmp_path: Path) -> None:
    with _somebody(tmp_path / "var", kafka=_ELSEWHERE) as somebody:
        _ports(somebody)
        somebody.kill()

    with Sandbox(_settings(tmp_path / "var"), fast=True) as sandbox:
        assert sandbox.ended() == ()


def test_a_start_that_was_killed_half_way_can_be_repeated(tmp_path: Path) -> None:
    with _somebody(tmp_path / "var", kafka=_ELSEWHERE) as somebody:
        assert _comes_true((tmp_path / "var/postgres/cluster/unfinished/base").exists)
        somebody.kill()

    with Sandbox(_settings(tmp_path / "var"), fast=True) as sandbox:
        assert sandbox.ended() == ()


def test_a_server_that_ends_by_itself_is_named(tmp_path: Path) -> None:
    with Sandbox(_settings(tmp_path / "var"), fast=True) as sandbox:
        postmaster = (tmp_path / "var/postgres/cluster/data/postmaster.pid").read_text("ascii")
        subprocess.run(["kill", "-QUIT", postmaster.split()[0]], check=True)

        assert _comes_true(lambda: sandbox.ended() == ("PostgreSQL",))


def test_a_folder_serves_one_sandbox_at_a_time(tmp_path: Path) -> None:
    with (
        Sandbox(_settings(tmp_path / "var"), fast=True),
        pytest.raises(SandboxProblem, match=r"is in use by another `fieldfare up` \(process \d+\)"),
    ):
        lock_folder(tmp_path / "var")


def test_another_major_version_is_refused_in_one_line(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "var")
    with Sandbox(settings, fast=True):
        pass
    (tmp_path / "var/postgres/cluster/data/PG_VERSION").write_text("16\n", "ascii")

    with pytest.raises(SandboxProblem, match="holds data of PostgreSQL 16, and this is") as raised:
        Sandbox(settings, fast=True).__enter__()

    assert "\n" not in str(raised.value)


def test_a_damaged_cluster_is_reported_with_its_last_complaint(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "var")
    with Sandbox(settings, fast=True):
        pass
    (tmp_path / "var/postgres/cluster/data/global/pg_control").write_bytes(b"")

    with pytest.raises(SandboxProblem, match=r"^PostgreSQL did not start: .+ \(see .+\)$"):
        Sandbox(settings, fast=True).__enter__()

    assert _comes_true(lambda: not _runs_inside(tmp_path))


def test_damaged_kafka_data_is_reported_and_nothing_is_left_running(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "var", kafka=None)
    (tmp_path / "var/kafka/data").mkdir(parents=True)
    (tmp_path / "var/kafka/data/meta.properties").write_text("version=one\n", "ascii")
    (tmp_path / "var/kafka/formatted").touch()

    with pytest.raises(SandboxProblem, match=r"^Kafka did not start: .+ \(see .+\)$"):
        Sandbox(settings, fast=True).__enter__()

    assert _comes_true(lambda: not _runs_inside(tmp_path))
