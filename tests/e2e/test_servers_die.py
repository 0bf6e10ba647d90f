"""Kafka or PostgreSQL dies under the running system: nothing is lost, nothing is told twice."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.sandbox.folder import lock_folder
from services.sandbox.kafka import SandboxKafka, launch_kafka
from services.sandbox.kafka_jars import fetch_jars
from services.sandbox.ports import any_free_port
from services.sandbox.postgres import SandboxPostgres, launch_postgres
from tests.e2e.running_system import RunningSystem, running_system
from tests.e2e.test_once_and_in_order import assert_told_once_each, family, told


@dataclass(slots=True)
class MortalServers:
    """A broker and a database server of a test's own, at addresses that they keep."""

    folder: Path
    lock_fd: int
    kafka_port: int = field(default_factory=any_free_port)
    postgres_port: int = field(default_factory=any_free_port)
    kafka: SandboxKafka = field(init=False)
    postgres: SandboxPostgres = field(init=False)

    def start_kafka(self) -> None:
        self.kafka = launch_kafka(
            self.folder / "kafka", fetch_jars(), port=self.kafka_port, lock_fd=self.lock_fd
        )
        self.kafka.wait_until_ready()

    def start_postgres(self) -> None:
        self.postgres = launch_postgres(
            self.folder / "postgres", port=self.postgres_port, lock_fd=self.lock_fd, fast=False
        )
        self.postgres.wait_until_ready()

    def kill_kafka(self) -> None:
        """kill -9, and all that it had not written to its files is gone."""
        own = (self.folder / "kafka").resolve()
        (broker,) = [each for each in _processes("java") if _runs_in(each, own)]
        os.kill(broker, signal.SIGKILL)
        self.kafka.server.stop()

    def kill_postgres(self) -> None:
        """kill -9 of the postmaster; every connection ends in the middle of what it did."""
        pid_file = self.folder / "postgres" / "cluster" / "data" / "postmaster.pid"
        os.kill(int(pid_file.read_text("ascii").split()[0]), signal.SIGKILL)
        self.postgres.server.stop()

    def stop(self) -> None:
        self.kafka.server.stop()
        self.postgres.server.stop()


def _processes(name: str) -> Iterator[int]:
    for each in Path("/proc").iterdir():
        if each.name.isdecimal():
            try:
                if (each / "comm").read_text().strip() == name:
                    yield int(each.name)
            except OSError:
                continue  # it has just ended


def _runs_in(process: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{process}/cwd").readlink() == folder
    except OSError:
        return False


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[MortalServers]:
    lock = lock_folder(tmp_path / "servers")
    servers = MortalServers(tmp_path / "servers", lock)
    servers.start_postgres()
    servers.start_kafka()
    try:
        yield servers
    finally:
        servers.stop()
        os.close(lock)


@pytest.fixture
async def system(mortal: MortalServers, tmp_path: Path) -> AsyncIterator[RunningSystem]:
    kafka, dsn = mortal.kafka.bootstrap_servers, mortal.postgres.dsn
    (tmp_path / "system").mkdir()
    async with running_system(kafka, dsn, "mortal", tmp_path / "system") as running:
        yield running


async def test_nothing_is_lost_or_told_twice_when_a_server_is_killed(
    mortal: MortalServers, system: RunningSystem
) -> None:
    system.start("router")
    system.start("relay")

    published = await system.publish([family(n) for n in range(40)])
    await asyncio.to_thread(mortal.kill_postgres)
    await asyncio.sleep(2)
    await asyncio.to_thread(mortal.start_postgres)
    published += await system.publish([family(n) for n in range(40, 80)])
    await asyncio.sleep(1)
    await asyncio.to_thread(mortal.kill_kafka)
    await asyncio.sleep(2)
    await asyncio.to_thread(mortal.start_kafka)
    published += await system.publish([family(n) for n in range(80, 120)])

    await system.settled(published)

    assert_told_once_each(await told(system), incidents=120)
    system.command("ledger", "check")  # it exits with 1 where the ledger does not add up
