"""Our Kafka connections against the real broker."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer

from services.runtime.kafka import (
    MAX_MESSAGE_BYTES,
    EnsuredTopics,
    KafkaAway,
    TopicRefused,
    close_producer,
    connection_arguments,
    ensure_topics,
    transactional_producer,
)
from services.runtime.settings import KafkaSettings, Settings, TopicSettings

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(kafka_servers: str) -> Settings:
    return Settings(kafka=KafkaSettings(bootstrap_servers=kafka_servers))


async def test_topics_are_made_once(settings: Settings, fresh_prefix: str) -> None:
    one, two = f"{fresh_prefix}.one", f"{fresh_prefix}.two"

    first = await ensure_topics(settings, {one: 1})
    second = await ensure_topics(settings, {one: 3, two: 2})

    assert first == EnsuredTopics(made=(one,), already_there=(), sized_otherwise={})
    assert second == EnsuredTopics(made=(two,), already_there=(one,), sized_otherwise={one: 1})


async def test_two_may_make_the_same_topics_at_once(settings: Settings, fresh_prefix: str) -> None:
    wanted = {f"{fresh_prefix}.{number}": 1 for number in range(5)}

    await asyncio.gather(*(ensure_topics(settings, wanted) for _ in range(4)))

    assert (await ensure_topics(settings, wanted)).already_there == tuple(sorted(wanted))


async def test_a_topic_that_kafka_will_not_make_is_named(
    settings: Settings, fresh_prefix: str
) -> None:
    too_many = settings.model_copy(update={"topics": TopicSettings(replication=3)})

    with pytest.raises(TopicRefused, match=f"will not make the topic {fresh_prefix}"):
        await ensure_topics(too_many, {fresh_prefix: 1})


async def test_a_cluster_that_is_not_there_is_away() -> None:
    nowhere = Settings(kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1"))

    with pytest.raises(KafkaAway):
        await ensure_topics(nowhere, {"anything": 1})


async def test_topics_take_the_largest_message_that_may_become_a_dead_letter(
    settings: Settings, fresh_prefix: str
) -> None:
    await ensure_topics(settings, {fresh_prefix: 1})
    producer = AIOKafkaProducer(
        **connection_arguments(settings.kafka), max_request_size=MAX_MESSAGE_BYTES
    )
    await producer.start()
    try:
        await producer.send_and_wait(fresh_prefix, b"x" * (MAX_MESSAGE_BYTES - 1024))
    finally:
        await producer.stop()


async def test_a_producer_can_be_closed_in_any_state(settings: Settings, fresh_prefix: str) -> None:
    await ensure_topics(settings, {fresh_prefix: 1})
    never_started = transactional_producer(settings.kafka, fresh_prefix)
    in_transaction = transactional_producer(settings.kafka, fresh_prefix)
    await in_transaction.start()
    await in_transaction.begin_transaction()
    await in_transaction.send(fresh_prefix, b"x", partition=0)

    for producer in (never_started, in_transaction, in_transaction):
        async with asyncio.timeout(5):
            await close_producer(producer)
