"""Builds a watch process from settings and runs it until it is told to stop."""

import asyncio
import contextlib
from datetime import datetime, timedelta
from functools import partial

from routing_rules.rulebook import Rulebook
from services.ledger.migrate import check_schema
from services.ledger.queues import Queues
from services.ledger.rulebooks import keep_rulebook
from services.runtime.backoff import Backoff, Stopping
from services.runtime.clock import Clock
from services.runtime.errors import SettingsProblem
from services.runtime.kafka import connection_arguments
from services.runtime.lifecycle import stopped_by_signals
from services.runtime.logging import get_logger
from services.runtime.postgres import Pool, open_pool, transaction
from services.runtime.rulebook_files import open_rulebook
from services.runtime.settings import Settings
from services.runtime.topics import Topics
from services.watch.alarms import Alarms
from services.watch.by_the_clock import EVERY as OFTEN
from services.watch.by_the_clock import ByTheClock
from services.watch.chasing import Chasing
from services.watch.checking import EVERY, Checking
from services.watch.failpoints import Failpoints, NoFailpoints
from services.watch.jobs import Job, Pace, patiently, run_jobs
from services.watch.probing import Prober, probing
from services.watch.sources import SourceWatch

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
    work that fails is tried again and holds up no other. Raises
    `RulebookUnusable`, `SettingsProblem` and `MigrationRefused` before it does anything.
    """
    if settings.postgres.dsn is None:
        raise SettingsProblem("settings: FIELDFARE_POSTGRES__DSN: names no database")
    rulebook = open_rulebook(settings.rulebook.path)
    stopping = asyncio.Event()
    async with open_pool(
        settings.postgres.dsn.get_secret_value(),
        size=settings.postgres.pool_size,
        application_name="fieldfare-watch",
    ) as pool:
        queues = Queues(Topics(settings.topics.prefix), settings.topics.queue_partitions)
        points = failpoints or NoFailpoints()
        alarms = Alarms(pool, rulebook, queues)
        chasing = Chasing(pool, rulebook, queues, settings.console.address, points)
        prober = _prober(settings, pool, rulebook, clock, stopping)
        sources = SourceWatch(pool, rulebook, queues, with_probes=prober is not None)
        checking = Checking(pool, alarms)
        by_the_clock = ByTheClock(pool, rulebook, queues, settings.console.address)
        jobs = [
            Job("chase", timedelta(), lambda at: _chase(chasing, alarms, at)),
            Job("sources", timedelta(), lambda at: _look(sources, at)),
            Job("check", EVERY, lambda at: _check(checking, at)),
            Job("by the clock", OFTEN, lambda at: _send(by_the_clock, at)),
        ]
        patience = backoff or Backoff()
        with stopped_by_signals(stopping.set), contextlib.suppress(Stopping):
            prepare = partial(_prepare, pool, rulebook, clock)
            await patiently(prepare, "prepare", stopping=stopping, backoff=patience)
            poll_seconds = settings.watch.poll_ms / 1000
            async with contextlib.nullcontext() if prober is None else probing(prober):
                pace = Pace(clock, stopping, poll_seconds, patience, alarms.tell_failed_job)
                await run_jobs(jobs, pace)
    _log.info("watch_stopped")


async def _prepare(pool: Pool, rulebook: Rulebook, clock: Clock) -> bool:
    """Once: nothing is watched under a ledger of another release, or an unknown rulebook."""
    await check_schema(pool)
    async with transaction(pool) as connection:
        await keep_rulebook(connection, rulebook, at=clock.now())
    _log.info("watch_started", rulebook=rulebook.label)
    return False


def _prober(
    settings: Settings, pool: Pool, rulebook: Rulebook, clock: Clock, stopping: asyncio.Event
) -> Prober | None:
    """Sends probes, if a cluster is named; its settings are checked before anything starts."""
    if settings.kafka.bootstrap_servers is None:
        return None
    connection_arguments(settings.kafka)
    topics, poll_seconds = Topics(settings.topics.prefix), settings.watch.poll_ms / 1000
    return Prober(pool, rulebook, topics, settings.kafka, clock, poll_seconds, stopping)


async def _look(sources: SourceWatch, at: datetime) -> bool:
    await sources.look(at)
    return False


async def _check(checking: Checking, at: datetime) -> bool:
    await checking.check(at)
    return False


async def _send(by_the_clock: ByTheClock, at: datetime) -> bool:
    await by_the_clock.send(at)
    return False


async def _chase(chasing: Chasing, alarms: Alarms, at: datetime) -> bool:
    chased = await chasing.chase(at)
    if chased.put_off:
        await alarms.tell_failed_job("chase", at)
    if chased.looked_at:
        _log.info(
            "watch_chased",
            looked_at=chased.looked_at,
            steps=chased.steps,
            notices=chased.notices,
            withdrawn=chased.withdrawn,
            put_off=chased.put_off,
        )
    return chased.looked_at == chasing.most_at_once
