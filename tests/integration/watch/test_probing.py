"""Probes are sent once Kafka is there, again after a crash, and nothing waits for them."""

import asyncio
from datetime import UTC, datetime, timedelta

from services.ledger.source_probes import ask_probes
from services.runtime.clock import FixedClock
from services.runtime.kafka import ensure_topics
from services.runtime.postgres import transaction
from services.runtime.settings import KafkaSettings, Settings, TopicSettings
from services.runtime.topics import Topics
from services.watch.probing import Prober, probing
from tests.builders import staffordshire
from tests.integration.watch.rig import Rig

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
POLICE = "staffordshire-police"
NOWHERE = "127.0.0.1:9"


def _prober(rig: Rig, servers: str, prefix: str, at: datetime = NOON) -> Prober:
    kafka = KafkaSettings(bootstrap_servers=servers)
    clock, stopping = FixedClock(at), asyncio.Event()
    return Prober(rig.pool, staffordshire(), Topics(prefix), kafka, clock, 0.05, stopping)


async def _ask(rig: Rig, *publishers: str) -> None:
    async with transaction(rig.pool) as connection:
        await ask_probes(connection, publishers, at=NOON)


async def _sent(rig: Rig) -> int:
    rows = await rig.rows("SELECT 1 FROM source_probe WHERE sent_at IS NOT NULL")
    return len(rows)


async def _make_topic(servers: str, prefix: str) -> None:
    settings = Settings(
        kafka=KafkaSettings(bootstrap_servers=servers), topics=TopicSettings(prefix=prefix)
    )
    await ensure_topics(settings, {Topics(prefix).events("police", POLICE): 1})


async def test_what_was_asked_for_is_sent_and_noted_once(
    rig: Rig, kafka_servers: str, fresh_prefix: str
) -> None:
    await _make_topic(kafka_servers, fresh_prefix)
    await _ask(rig, POLICE)
    prober = _prober(rig, kafka_servers, fresh_prefix)

    async with probing(prober), asyncio.timeout(30):
        while await _sent(rig) == 0:
            await asyncio.sleep(0.05)

    again = _prober(rig, kafka_servers, fresh_prefix)
    assert await again.send_due() == 0


async def test_a_probe_of_an_hour_ago_is_not_sent_any_more(
    rig: Rig, kafka_servers: str, fresh_prefix: str
) -> None:
    await _ask(rig, POLICE)
    prober = _prober(rig, kafka_servers, fresh_prefix, NOON + timedelta(hours=1))

    assert await prober.send_due() == 0


async def test_who_is_no_longer_listed_gets_no_probe(
    rig: Rig, kafka_servers: str, fresh_prefix: str
) -> None:
    await _ask(rig, "stranger")

    assert await _prober(rig, kafka_servers, fresh_prefix).send_due() == 0


async def test_while_kafka_is_away_it_goes_on_trying_and_stops_when_asked(
    rig: Rig, fresh_prefix: str
) -> None:
    await _ask(rig, POLICE)
    prober = _prober(rig, NOWHERE, fresh_prefix)

    async with asyncio.timeout(30), probing(prober):
        await asyncio.sleep(1)
        assert not prober.stopping.is_set()

    assert await _sent(rig) == 0
