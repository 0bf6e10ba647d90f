"""Builds a relay process from settings and runs it until it is told to stop."""

import asyncio
import logging
import secrets
from datetime import timedelta

from services.ledger.lanes import Lane, LaneLedger
from services.relay.failpoints import Failpoints, NoFailpoints
from services.relay.lane_log import KafkaLaneLog
from services.relay.relay import Relay, RelayLimits
from services.relay.wakeups import listen_for_rows
from services.runtime.clock import Clock
from services.runtime.errors import SettingsProblem
from services.runtime.kafka import connection_arguments
from services.runtime.lifecycle import stopped_by_signals
from services.runtime.logging import get_logger
from services.runtime.postgres import open_pool
from services.runtime.settings import Settings

_log = get_logger(__name__)


async def run_relay(
    settings: Settings,
    clock: Clock,
    *,
    limits: RelayLimits | None = None,
    failpoints: Failpoints | None = None,
) -> None:
    """Publishes the outbox until SIGTERM or SIGINT, or until it is cancelled.

    Any number may run at once. Killed at any moment, it leaves nothing behind that another relay,
    or the same one started again, does not put right. Waits for Kafka and PostgreSQL while they are
    away. Raises `SettingsProblem` if they are not named.
    """
    if settings.postgres.dsn is None:
        raise SettingsProblem("settings: FIELDFARE_POSTGRES__DSN: names no database")
    connection_arguments(settings.kafka)  # a setting that is wrong is told before anything starts
    # the client repeats a line ten times a second and lane while Kafka is away; we say it once
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    dsn = settings.postgres.dsn.get_secret_value()
    owner = secrets.token_hex(16)
    points = failpoints or NoFailpoints()

    def open_log(lane: Lane) -> KafkaLaneLog:
        return KafkaLaneLog(
            lane, kafka=settings.kafka, prefix=settings.topics.prefix, failpoints=points
        )

    async with open_pool(
        dsn, size=settings.postgres.pool_size, application_name="fieldfare-relay"
    ) as pool:
        relay = Relay(
            ledger=LaneLedger(pool, owner, timedelta(seconds=settings.relay.lease_seconds)),
            open_log=open_log,
            clock=clock,
            settings=settings.relay,
            limits=limits or RelayLimits(),
            failpoints=points,
        )
        _log.info("relay_started", owner=owner)
        with stopped_by_signals(relay.stop):
            await _run_woken(relay, dsn, retry_seconds=settings.relay.lease_seconds / 3)


async def _run_woken(relay: Relay, dsn: str, *, retry_seconds: float) -> None:
    listening = asyncio.create_task(listen_for_rows(dsn, relay.wake, retry_seconds=retry_seconds))
    try:
        await relay.run()
    finally:
        listening.cancel()
        await asyncio.wait([listening])
