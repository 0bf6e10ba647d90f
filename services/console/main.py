"""Builds a console process from settings and runs it until it is told to stop."""

import asyncio
import contextlib
import socket
from collections.abc import Generator
from datetime import timedelta
from functools import partial

import uvicorn
from fastapi import FastAPI

from services.console.app import build_app
from services.console.assets import read_assets
from services.console.cookies import cookies_for
from services.console.demonstration import Demonstration, refuse_beside_a_real_issuer
from services.console.identity import IdentityProvider, real_issuer
from services.console.kept import Kept
from services.console.live import Live
from services.console.parts import Console
from services.console.rate import Rate
from services.console.rendering import make_templates
from services.console.rule_office import RuleOffice
from services.ledger.console_sessions import Sessions
from services.ledger.live_rulebook import LiveRulebook
from services.ledger.migrate import check_schema
from services.router.messages import Post
from services.runtime.backoff import Backoff, Stopping, until_done
from services.runtime.clock import Clock
from services.runtime.errors import SettingsProblem, TransientError
from services.runtime.lifecycle import stopped_by_signals
from services.runtime.logging import get_logger
from services.runtime.postgres import DatabaseAway, Pool, open_pool
from services.runtime.settings import ConsoleSettings, Settings
from services.runtime.topics import Topics

_log = get_logger(__name__)
_SIGN_INS = 20
_SEARCHES = 10
_SEARCHES_OF_ADDRESS = 60
_A_MINUTE = timedelta(minutes=1)
_PERIODS = 3
_A_MOMENT = timedelta(seconds=2)
_GRACE = 3


async def run_console(settings: Settings, clock: Clock) -> None:
    """Serves the console until SIGTERM or SIGINT, or until it is cancelled.

    Any number may run at once. Waits for PostgreSQL while it is away. Raises
    `SettingsProblem`, `AssetsMissing` and `MigrationRefused` before it serves anything.
    """
    if settings.postgres.dsn is None:
        raise SettingsProblem("settings: FIELDFARE_POSTGRES__DSN: names no database")
    stopping = asyncio.Event()
    async with open_pool(
        settings.postgres.dsn.get_secret_value(),
        size=settings.postgres.pool_size,
        application_name="fieldfare-console",
        one_core=True,
    ) as pool:
        console, demonstration = make_console(settings, pool, clock)
        app = build_app(console, demonstration)
        with stopped_by_signals(stopping.set), contextlib.suppress(Stopping):
            await until_done(
                partial(check_schema, pool),
                away=DatabaseAway,
                backoff=Backoff(),
                stopping=stopping,
                outage=_note_outage,
            )
            _log.info("console_started", port=settings.console.port)
            try:
                await _serve(app, settings.console, console.live, stopping)
            finally:
                await console.rules.stop()
    _log.info("console_stopped")


def make_console(
    settings: Settings, pool: Pool, clock: Clock
) -> tuple[Console, Demonstration | None]:
    """What pages are made with. Opens nothing; raises as `run_console`."""
    own = settings.console
    refuse_beside_a_real_issuer(own)
    cookies = cookies_for(own)
    demonstration = Demonstration(own) if own.demonstration else None
    issuer = demonstration.issuer if demonstration is not None else real_issuer(own)
    assets = read_assets()
    post = Post(Topics(settings.topics.prefix), settings.topics.queue_partitions)
    console = Console(
        settings=own,
        pool=pool,
        clock=clock,
        post=post,
        rulebooks=LiveRulebook("console"),
        sessions=Sessions(pool, timedelta(minutes=own.idle_minutes)),
        provider=IdentityProvider(own, issuer),
        cookies=cookies,
        templates=make_templates(assets),
        assets=assets,
        sign_in_rate=Rate(_SIGN_INS, _A_MINUTE),
        person_rate=Rate(_SEARCHES, _A_MINUTE),
        person_address_rate=Rate(_SEARCHES_OF_ADDRESS, _A_MINUTE),
        live=Live(pool),
        rules=RuleOffice(settings, pool),
        pathways=Kept(_A_MINUTE, _PERIODS),
        figures=Kept(_A_MOMENT, most=1),
    )
    return console, demonstration


async def _serve(
    app: FastAPI, settings: ConsoleSettings, live: Live, stopping: asyncio.Event
) -> None:
    """Until it is asked to stop; open pages then have three seconds to be answered."""
    sockets = [_listening(settings)]
    server = _Server(how_served(app, settings))
    serving = asyncio.create_task(server.serve(sockets))
    asked = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({serving, asked}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        asked.cancel()
        await live.stop()
        await serving


def how_served(app: FastAPI, settings: ConsoleSettings) -> uvicorn.Config:
    """How the server serves. From whom a request came, only the proxies that are named may say.

    By that tries are counted: if it were the proxy, anybody could lock everybody out.
    """
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.proxies,
        timeout_graceful_shutdown=_GRACE,
    )


def _listening(settings: ConsoleSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise SettingsProblem(
            f"settings: FIELDFARE_CONSOLE__PORT: {settings.port} cannot be listened on"
        ) from error


class _Server(uvicorn.Server):
    """A server that leaves signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Takes no signal."""
        yield


def _note_outage(error: TransientError | None) -> None:
    if error is None:
        _log.warning("postgres_back")
    else:
        _log.error("postgres_away", exc_info=error)
