"""Builds a watch process from settings and runs it until it is told to stop."""

import asyncio
import contextlib

from services.runtime.backoff import Backoff, Stopping, until_done
from services.runtime.clock import Clock
from services.runtime.errors import SettingsProblem, TransientError
from services.runtime.lifecycle import stopped_by_signals
from services.runtime.logging import get_logger
from services.runtime.postgres import open_pool
from services.runtime.settings import Settings
from services.watch.failpoints import Failpoints, NoFailpoints
from services.watch.jobs import Pace, run_jobs
from services.watch.probing import probing
from services.watch.watching import Watching, check_probes, note_waiting

_log = get_logger(__name__)


async def run_watch(
    settings: Settings,
    clock: Clock,
    *,
    backoff: Backoff | None = None,
    failpoints: Failpoints | None = None,
) -> None:
    """Watches the ledger's clocks until SIGTERM or SIGINT, or until it is cancelled.

    Any number may run at once. Killed at any moment, it leaves nothing behind that another watch,
    or the same one started again, does not put right; what it missed it does late, and says so.
    Waits for PostgreSQL while it is away; while Kafka is away only its probes wait. A part of its
    work that fails is tried again and holds up no other. Takes another rulebook that goes live
    between two passes. Raises `SettingsProblem` and `MigrationRefused` before it does anything.
    """
    if settings.postgres.dsn is None:
        raise SettingsProblem("settings: FIELDFARE_POSTGRES__DSN: names no database")
    check_probes(settings)
    stopping = asyncio.Event()
    async with open_pool(
        settings.postgres.dsn.get_secret_value(),
        size=settings.postgres.pool_size,
        application_name="fieldfare-watch",
    ) as pool:
        patience = backoff or Backoff()
        with stopped_by_signals(stopping.set), contextlib.suppress(Stopping):
            watching = Watching(settings, pool, clock, failpoints or NoFailpoints())
            await until_done(
                watching.prepare,
                away=TransientError,
                backoff=patience,
                stopping=stopping,
                outage=note_waiting,
            )
            prober = watching.probe_until(stopping)
            poll_seconds = settings.watch.poll_ms / 1000
            async with contextlib.nullcontext() if prober is None else probing(prober):
                pace = Pace(clock, stopping, poll_seconds, patience, watching.tell_failed_job)
                await run_jobs(watching.jobs(), pace)
    _log.info("watch_stopped")
