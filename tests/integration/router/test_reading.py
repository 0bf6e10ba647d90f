"""The router on the real Kafka: FastStream and aiokafka as they really behave."""

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from structlog.testing import capture_logs

from services.runtime.kafka import ensure_topics
from tests.integration.router.kafka_kit import Stage, until
from tests.integration.router.kit import family, message


def some(count: int, first: int = 0) -> list[bytes]:
    return [message(family(f"STF/{i}"), event_id=f"e{i:03d}") for i in range(first, first + count)]


def ids(count: int) -> list[str]:
    return [f"e{i:03d}" for i in range(count)]


async def test_a_router_waits_for_its_first_topic(stage: Stage) -> None:
    async with stage.router() as router:
        await asyncio.sleep(1)
        assert not router.done()
        await stage.make_topic()
        await stage.publish(some(3))

        assert await stage.until_events(3) == ids(3)


async def test_what_was_published_before_the_first_start_is_read(stage: Stage) -> None:
    await stage.make_topic(partitions=3)
    await stage.publish(some(30))

    async with stage.router():
        assert await stage.until_events(30) == ids(30)


async def test_headers_that_are_not_text_cost_no_message(stage: Stage) -> None:
    await stage.make_topic()
    await stage.publish(some(2), headers=[("trace", b"\xff\xfe")])
    await stage.publish([b"\xff{"])
    await stage.publish(some(1, first=2))

    async with stage.router():
        assert await stage.until_events(3) == ids(3)
        assert (await stage.ledger.counts())["dead_letter"] == 1


@pytest.mark.parametrize("kafkas_word", [0, 20])
async def test_the_ledgers_offset_outranks_kafkas(stage: Stage, kafkas_word: int) -> None:
    await stage.make_topic()
    await stage.publish(some(10))
    async with stage.router():
        await stage.until_events(10)
    await stage.publish(some(10, first=10))
    await stage.tell_kafka(kafkas_word)

    async with stage.router():
        assert await stage.until_events(20) == ids(20)
        await until(lambda: _reached(stage, 20))
    assert len(await stage.ledger.replies()) == 20


async def test_kafka_is_told_how_far_the_ledger_is(stage: Stage) -> None:
    await stage.make_topic()
    await stage.publish(some(5))
    async with stage.router():
        await stage.until_events(5)
        await until(lambda: _told(stage, 5))


async def test_what_was_deleted_before_it_was_read_is_reported_as_a_gap(stage: Stage) -> None:
    await stage.make_topic()
    await stage.publish(some(2))
    async with stage.router():
        await stage.until_events(2)
    await stage.publish(some(4, first=2))
    await stage.forget_before(5)

    with capture_logs() as lines:
        async with stage.router():
            assert await stage.until_events(3) == ["e000", "e001", "e005"]
            await until(lambda: _reached(stage, 6))
    [gap] = [line for line in lines if line["event"] == "source_gap"]
    assert (gap["from_offset"], gap["to_offset"]) == (2, 5)
    (noted,) = await stage.ledger.rows("SELECT * FROM source_log_gap")
    assert (noted["from_offset"], noted["to_offset"]) == (2, 5)
    assert noted["publisher"] == "staffordshire-police"


async def test_a_topic_that_is_made_later_is_read_too(stage: Stage) -> None:
    await stage.make_topic()
    await stage.publish(some(1))
    another = stage.topic.replace("staffordshire-police", "another-police")
    value = message(event_id="x").replace(b"staffordshire-police", b"another-police")

    async with stage.router():
        await stage.until_events(1)
        await ensure_topics(stage.settings, {another: 1})
        await stage.publish([value], topic=another)

        assert await stage.until_events(2) == ["e000", "x"]


async def test_markers_of_a_publishers_transactions_are_no_gap(stage: Stage) -> None:
    await stage.make_topic()
    with capture_logs() as lines:
        async with stage.router():
            for i in range(3):
                await stage.publish_in_transaction(some(1, first=i), keep=True)
                await stage.publish_in_transaction(some(1, first=9), keep=False)
            assert await stage.until_events(3) == ids(3)
        async with stage.router():
            await stage.publish(some(1, first=3))
            assert await stage.until_events(4) == ids(4)
    assert not [line for line in lines if line["event"] == "source_gap"]


async def test_a_router_that_stops_is_relieved_by_another(stage: Stage) -> None:
    await stage.make_topic(partitions=2)
    async with stage.router():
        async with stage.router():
            for i in range(2):
                await stage.publish(some(20, first=20 * i), partition=i)
            await stage.until_events(10)
        for i in range(2):
            await stage.publish(some(20, first=40 + 20 * i), partition=i)
        assert await stage.until_events(80) == ids(80)

    counts = await stage.ledger.counts()
    assert counts["decision"] == counts["event"] == 80
    assert {reply["status"] for reply in await stage.ledger.replies()} == {"accepted"}


async def _reached(stage: Stage, offset: int) -> bool:
    return await stage.ledger.next_offset() == offset


async def _told(stage: Stage, offset: int) -> bool:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=stage.settings.kafka.bootstrap_servers,
        group_id=stage.group,
        enable_auto_commit=False,
    )
    where = TopicPartition(stage.topic, 0)
    consumer.assign([where])
    await consumer.start()
    try:
        committed: int | None = await consumer.committed(where)
        return committed == offset
    finally:
        await consumer.stop()
