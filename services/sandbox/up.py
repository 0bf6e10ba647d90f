"""`fieldfare up`: everything on one machine, by one command, stopped by one Ctrl-C."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console

from routing_rules.rulebook import Rulebook
from services.ledger.migrate import migrate
from services.runtime.clock import Clock
from services.runtime.kafka import ensure_topics
from services.runtime.postgres import DatabaseAway, Pool, open_pool
from services.runtime.rulebook_files import open_rulebook
from services.runtime.rulebook_topics import topics_of
from services.runtime.settings import Settings
from services.sandbox.addresses import Addresses, forget_addresses, keep_addresses, with_addresses
from services.sandbox.folder import lock_folder
from services.sandbox.problem import SandboxProblem
from services.sandbox.stack import Sandbox
from services.sandbox.up_children import Children, export_to_children
from services.sandbox.up_console import console_variables, with_console_port
from services.sandbox.up_picture import picture_of
from services.sandbox.up_rulebook import make_live
from services.sandbox.up_screen import Screen

_LOGS = "logs"
_LOOK_EVERY = 1.0
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Up:
    """Everything on one machine. `run` blocks until it is told to stop."""

    settings: Settings
    clock: Clock
    console: Console
    with_county: bool = True

    def run(self) -> None:
        """Starts servers and processes, shows what they do, and stops them all on a signal.

        It must run in the main thread. Nothing is left when this process ends, `kill -9` included;
        the data are kept. Raises `SandboxProblem` and other `PermanentError`s if it cannot start
        or a server ends by itself; everything is stopped then as well.
        """
        folder = self.settings.sandbox.folder
        with _interrupted_by_signals(), contextlib.suppress(KeyboardInterrupt):
            rulebook = open_rulebook(self.settings.rulebook.path)
            self._say("Starting Kafka and PostgreSQL; the first time this takes a while ...")
            with Sandbox(self.settings) as sandbox:
                self._run_with(sandbox, rulebook)
        self._say(f"Everything has stopped. The data are kept in {folder}/. Goodbye.")

    def _run_with(self, sandbox: Sandbox, rulebook: Rulebook) -> None:
        folder = self.settings.sandbox.folder
        addresses = Addresses(sandbox.bootstrap_servers, sandbox.dsn)
        settings = with_console_port(with_addresses(self.settings, addresses))
        lock = lock_folder(folder / _LOGS)
        children = Children(self._commands(), logs=folder / _LOGS, lock_fd=lock)
        try:
            keep_addresses(folder, addresses)
            export_to_children(
                {
                    "FIELDFARE_KAFKA__BOOTSTRAP_SERVERS": addresses.bootstrap_servers,
                    "FIELDFARE_POSTGRES__DSN": addresses.dsn,
                    **console_variables(settings.console),
                }
            )
            asyncio.run(self._prepare_and_watch(settings, rulebook, sandbox, children))
        finally:
            _ignore_signals()
            self._say("Stopping ...")
            children.stop()
            forget_addresses(folder)
            os.close(lock)

    async def _prepare_and_watch(
        self, settings: Settings, rulebook: Rulebook, sandbox: Sandbox, children: Children
    ) -> None:
        """Until a signal comes. Raises what `run` raises."""
        this = asyncio.current_task()
        assert this is not None  # noqa: S101 - asyncio.run made it
        for number in _STOPS:
            asyncio.get_running_loop().add_signal_handler(number, this.cancel)
        dsn = settings.postgres.dsn
        assert dsn is not None  # noqa: S101 - the sandbox's, if nobody named one
        with contextlib.suppress(asyncio.CancelledError):
            async with open_pool(
                dsn.get_secret_value(), size=2, application_name="fieldfare-up"
            ) as pool:
                await self._prepare(settings, rulebook, pool)
                address = settings.console.address
                self._say(f"The console is at {address}")
                await self._watch(pool, rulebook, sandbox, children, address=address)

    async def _prepare(self, settings: Settings, rulebook: Rulebook, pool: Pool) -> None:
        now = self.clock.now()
        for name in await migrate(pool, at=now):
            self._say(f"The ledger has been migrated: {name}")
        topics = await ensure_topics(settings, topics_of(rulebook, settings.topics, now.date()))
        self._say(f"Topics: {len(topics.made)} made, {len(topics.already_there)} were there")
        await make_live(pool, rulebook, self.clock, self._say)

    async def _watch(
        self,
        pool: Pool,
        rulebook: Rulebook,
        sandbox: Sandbox,
        children: Children,
        *,
        address: str,
    ) -> None:
        """Shows the picture and looks after the processes, until it is cancelled."""
        loop = asyncio.get_running_loop()
        heading = f"{rulebook.name}, Kafka on {sandbox.bootstrap_servers}"
        screen = Screen(self.console, f"{heading}, console: {address}")
        with screen.opened():
            while True:
                for line in children.look_after(loop.time()):
                    screen.note(line, self.clock.now())
                for name in sandbox.ended():
                    raise SandboxProblem(f"{name} has ended by itself; everything is stopped")
                try:
                    picture = await picture_of(pool)
                    screen.show(picture, self.clock.now(), loop.time())
                except DatabaseAway:
                    screen.note("PostgreSQL does not answer; still trying", self.clock.now())
                await asyncio.sleep(_LOOK_EVERY)

    def _commands(self) -> Mapping[str, tuple[str, ...]]:
        commands = {name: (name,) for name in ("router", "relay", "watch", "console")}
        return commands | {"simulate": ("simulate",)} if self.with_county else commands

    def _say(self, line: str) -> None:
        self.console.print(line, soft_wrap=True, highlight=False)


@contextmanager
def _interrupted_by_signals() -> Iterator[None]:
    """Inside, every signal that asks us to stop is a `KeyboardInterrupt`."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in _STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """From now on all is being stopped: a second Ctrl-C must not leave half of it behind."""
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)
