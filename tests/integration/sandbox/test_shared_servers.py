"""The servers that every other integration test builds on."""

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import ProducerFenced

pytestmark = pytest.mark.integration


async def _make_topic(kafka_servers: str, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_servers)
    await admin.start()
    await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    await admin.close()


async def _read_committed(kafka_servers: str, topic: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka_servers,
        group_id=f"{topic}-readers",
        isolation_level="read_committed",
        auto_offset_reset="earliest",
    )
    async with consumer:
        return [(await consumer.getone()).value for _ in range(count)]


async def test_kafka_shows_only_what_was_committed(kafka_servers: str, fresh_prefix: str) -> None:
    topic = f"{fresh_prefix}.queue"
    await _make_topic(kafka_servers, topic)
    producer = AIOKafkaProducer(bootstrap_servers=kafka_servers, transactional_id=topic)

    async with producer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"aborted")
        await producer.abort_transaction()
        async with producer.transaction():
            await producer.send_and_wait(topic, b"committed")

    assert await _read_committed(kafka_servers, topic, 1) == [b"committed"]


async def test_kafka_fences_the_producer_that_was_replaced(
    kafka_servers: str, fresh_prefix: str
) -> None:
    topic = f"{fresh_prefix}.queue"
    await _make_topic(kafka_servers, topic)
    first = AIOKafkaProducer(bootstrap_servers=kafka_servers, transactional_id=topic)
    second = AIOKafkaProducer(bootstrap_servers=kafka_servers, transactional_id=topic)

    async with first, second:  # the second one takes the id over as it starts
        await second.begin_transaction()
        await second.send_and_wait(topic, b"by the second")
        await second.commit_transaction()
        with pytest.raises(ProducerFenced):
            async with first.transaction():
                await first.send_and_wait(topic, b"by the first")

    assert await _read_committed(kafka_servers, topic, 1) == [b"by the second"]


async def test_kafka_takes_a_message_that_is_too_large_for_an_event(
    kafka_servers: str, fresh_prefix: str
) -> None:
    topic = f"{fresh_prefix}.events"
    await _make_topic(kafka_servers, topic)
    two_mebibytes = 2 * 1024 * 1024
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka_servers, max_request_size=two_mebibytes + 4096
    )

    async with producer:
        written = await producer.send_and_wait(topic, b"x" * two_mebibytes)

    assert written.offset == 0


async def test_each_test_has_an_empty_database(fresh_dsn: str) -> None:
    connection = await asyncpg.connect(fresh_dsn)
    try:
        tables = await connection.fetchval(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        )
        encoding = await connection.fetchval("SHOW server_encoding")
        locks = await connection.fetchval("SHOW max_locks_per_transaction")
    finally:
        await connection.close()

    assert (tables, encoding, locks) == (0, "UTF8", "256")


async def test_text_sorts_by_code_point_everywhere(fresh_dsn: str) -> None:
    connection = await asyncpg.connect(fresh_dsn)
    try:
        ordered = await connection.fetchval(
            "SELECT string_agg(word, '' ORDER BY word) FROM unnest(ARRAY['é','a','Z','b']) word"
        )
    finally:
        await connection.close()

    assert ordered == "Zabé"
