"""Builds a router process from settings and runs it until it is told to stop."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from routing_rules.rulebook import Rulebook
from schemas.reading import read_event
from schemas.receipt import read_receipt
from services.ledger.live_rulebook import LiveRulebook, NoRulebookLive
from services.ledger.migrate import check_schema
from services.router.app import Intakes, build_broker, start_broker
from services.router.handler import Router
from services.router.intake import Intake
from services.router.messages import Post
from services.router.receiver import Receiver
from services.router.routing import Routing
from services.runtime.backoff import Backoff, Stopping, until_done
from services.runtime.clock import Clock
from services.runtime.errors import SettingsProblem, TransientError
from services.runtime.kafka import KafkaAway
from services.runtime.lifecycle import stopped_by_signals
from services.runtime.logging import get_logger
from services.runtime.postgres import Pool, open_pool, transaction
from services.runtime.settings import Settings
from services.runtime.topics import Topics

_Answer = TypeVar("_Answer")
_GRACE_SECONDS = 10.0

_log = get_logger(__name__)


async def run_router(settings: Settings, clock: Clock) -> None:
    """Routes events and takes receipts until SIGTERM or SIGINT, or until it is cancelled.

    Any number may run at once. Killed at any moment, it leaves nothing behind that another router,
    or the same one started again, does not put right. Waits for Kafka and PostgreSQL while they are
    away, and for somebody to sign while no rulebook is live; takes another that goes live between
    two batches. Raises `SettingsProblem` and `MigrationRefused` before it reads anything, and
    `TooManyBadRows`, `RulebookUnfit` or `DatabaseProblem` when it must stop.
    """
    if settings.postgres.dsn is None:
        raise SettingsProblem("settings: FIELDFARE_POSTGRES__DSN: names no database")
    stopping = asyncio.Event()
    async with open_pool(
        settings.postgres.dsn.get_secret_value(),
        size=settings.postgres.pool_size,
        application_name="fieldfare-router",
    ) as pool:
        post = Post(Topics(settings.topics.prefix), settings.topics.queue_partitions)
        live = LiveRulebook("router")
        with stopped_by_signals(stopping.set), contextlib.suppress(Stopping):
            rulebook = await _until(lambda: _prepare(pool, live, clock), TransientError, stopping)
            routing = Routing(rulebook, post)
            router = Router(pool, routing, read_event, clock, stopping=stopping, live=live)
            receiver = Receiver(pool, routing, read_receipt, clock, stopping=stopping, live=live)
            await _route(settings, router, Intakes(Intake(router), Intake(receiver)))


async def _prepare(pool: Pool, live: LiveRulebook, clock: Clock) -> Rulebook:
    await check_schema(pool)
    async with transaction(pool) as connection:
        in_force = await live.read(connection, at=clock.now())
    _log.info("router_started", rulebook=in_force.rulebook.label)
    return in_force.rulebook


async def _route(settings: Settings, router: Router, intakes: Intakes) -> None:
    """Takes batches until asked to stop or until one cannot be taken, and leaves the groups."""
    stopping = router.stopping
    broker = await _until(lambda: _start(settings, intakes), KafkaAway, stopping)
    looking = asyncio.create_task(router.keep_reconsidering())
    stopped = (stopping, *(intake.stopped for intake in intakes.both))
    ends = [asyncio.create_task(each.wait()) for each in stopped]
    try:
        await asyncio.wait([*ends, looking], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
        stopping.set()
        await broker.stop()
        for intake in intakes.both:
            await intake.close()
        await _ended(looking)
    _log.info("router_stopped")
    for intake in intakes.both:
        if intake.failure is not None:
            raise intake.failure
    if not looking.cancelled():
        looking.result()


async def _ended(task: asyncio.Task[None]) -> None:
    """Waits for what a task is committing; then it is rolled back, to be done again."""
    _, late = await asyncio.wait([task], timeout=_GRACE_SECONDS)
    for each in late:
        each.cancel()
        await asyncio.wait([each])


async def _start(settings: Settings, intakes: Intakes) -> KafkaBroker:
    broker = build_broker(settings, intakes)
    try:
        await start_broker(broker, settings, intakes)
    except BaseException as error:
        await broker.stop()  # else its connections stay open: aiokafka does not close them itself
        if isinstance(error, KafkaError):
            raise KafkaAway("Kafka cannot be reached") from error
        raise
    return broker


async def _until(
    work: Callable[[], Awaitable[_Answer]], away: type[TransientError], stopping: asyncio.Event
) -> _Answer:
    def note(error: TransientError | None) -> None:
        if error is None:
            _log.warning("back", what=away.__name__)
        elif isinstance(error, NoRulebookLive):
            _log.critical("nothing_is_routed_until_a_rulebook_is_live", because=str(error))
        else:
            _log.error("away", what=type(error).__name__, exc_info=error)

    return await until_done(work, away=away, backoff=Backoff(), stopping=stopping, outage=note)
