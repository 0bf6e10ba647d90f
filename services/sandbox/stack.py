"""The whole sandbox: Kafka and PostgreSQL, each our own or one that a setting names."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from services.runtime.settings import Settings
from services.sandbox.folder import lock_folder
from services.sandbox.kafka import SandboxKafka, launch_kafka
from services.sandbox.kafka_jars import fetch_jars, jars_folder
from services.sandbox.ports import choose_port
from services.sandbox.postgres import SandboxPostgres, launch_postgres
from services.sandbox.prerequisites import missing_prerequisites
from services.sandbox.problem import SandboxProblem

_KAFKA_PORT = 9092
_POSTGRES_PORT = 5432


class Sandbox:
    """Starts what the settings do not name, and stops it on leaving.

    `with Sandbox(settings) as sandbox:` blocks for some seconds, until both accept clients; where
    an event loop runs, enter it in a thread. What it started also stops when this process ends in
    any way, `kill -9` included; data stays in the sandbox's folder. Raises `SandboxProblem`.
    """

    def __init__(self, settings: Settings, *, fast: bool = False) -> None:
        """Starts nothing yet.

        `fast` is for tests: PostgreSQL is not safe in a power cut, and the usual ports are left
        alone, so that several sandboxes can start at once.
        """
        self._settings = settings
        self._fast = fast
        self._lock: int | None = None
        self._kafka: SandboxKafka | None = None
        self._postgres: SandboxPostgres | None = None

    @property
    def bootstrap_servers(self) -> str:
        """Kafka's addresses: as set, or else our own broker's, once started."""
        if self._kafka is not None:
            return self._kafka.bootstrap_servers
        return self._settings.kafka.bootstrap_servers or ""

    @property
    def dsn(self) -> str:
        """PostgreSQL's address, likewise. It holds a password: never print it."""
        if self._postgres is not None:
            return self._postgres.dsn
        named = self._settings.postgres.dsn
        return "" if named is None else named.get_secret_value()

    def __enter__(self) -> Self:
        """Starts both, and answers when both accept clients."""
        try:
            self._launch()
            for server in (self._postgres, self._kafka):
                if server is not None:
                    server.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stops what was started."""
        self.stop()

    def ended(self) -> tuple[str, ...]:
        """The names of servers of ours that have ended although nobody asked them to."""
        return tuple(
            own.server.command.name
            for own in (self._kafka, self._postgres)
            if own is not None and not own.server.is_running
        )

    def stop(self) -> None:
        """Stops both at once and waits until they have ended; harmless when nothing runs."""
        own = [started.server for started in (self._kafka, self._postgres) if started is not None]
        for server in own:
            server.ask_to_stop()
        for server in own:
            server.stop()
        self._kafka = self._postgres = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _launch(self) -> None:
        wants_kafka, wants_postgres = not self.bootstrap_servers, not self.dsn
        if wants_kafka:
            _check_prerequisites()
        if not (wants_kafka or wants_postgres):
            return
        folder = self._settings.sandbox.folder
        self._lock = lock_folder(folder)
        if wants_kafka:
            self._kafka = self._launch_kafka(folder, self._lock)
        if wants_postgres:
            self._postgres = self._launch_postgres(folder, self._lock)

    def _launch_kafka(self, folder: Path, lock: int) -> SandboxKafka:
        port = choose_port(
            demanded=self._settings.sandbox.kafka_port,
            preferred=None if self._fast else _KAFKA_PORT,
            setting="FIELDFARE_SANDBOX__KAFKA_PORT",
        )
        return launch_kafka(folder / "kafka", fetch_jars(), port=port, lock_fd=lock)

    def _launch_postgres(self, folder: Path, lock: int) -> SandboxPostgres:
        port = choose_port(
            demanded=self._settings.sandbox.postgres_port,
            preferred=None if self._fast else _POSTGRES_PORT,
            setting="FIELDFARE_SANDBOX__POSTGRES_PORT",
        )
        return launch_postgres(folder / "postgres", port=port, lock_fd=lock, fast=self._fast)


def _check_prerequisites() -> None:
    missing = missing_prerequisites(with_maven=not jars_folder().is_dir())
    if missing:
        raise SandboxProblem("; ".join(missing))
