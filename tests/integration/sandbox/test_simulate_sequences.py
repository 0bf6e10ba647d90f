"""The county goes on counting where its topics end, on the real Kafka."""

import json

import pytest
from aiokafka import AIOKafkaProducer

from services.runtime.kafka import TopicMissing, connection_arguments, ensure_topics
from services.runtime.settings import KafkaSettings, Settings
from services.sandbox.simulate_sequences import last_sequences

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(kafka_servers: str) -> Settings:
    return Settings(kafka=KafkaSettings(bootstrap_servers=kafka_servers))


async def test_each_publisher_goes_on_where_its_topic_ends(
    settings: Settings, fresh_prefix: str
) -> None:
    topics = {each: f"{fresh_prefix}.{each}" for each in ("police", "marac", "silent")}
    await ensure_topics(settings, dict.fromkeys(topics.values(), 3))
    async with AIOKafkaProducer(**connection_arguments(settings.kafka)) as producer:
        for number in range(1, 8):
            body = json.dumps({"sequence": f"{number:06}"}).encode()
            await producer.send_and_wait(topics["police"], body, partition=number % 3)
        await producer.send_and_wait(topics["police"], b"not an event", partition=0)
        await producer.send_and_wait(topics["marac"], b'{"sequence": "000041"}', partition=2)

    found = await last_sequences(settings.kafka, topics)

    assert found == {"police": 7, "marac": 41, "silent": 0}


async def test_a_topic_that_is_not_there_is_named(settings: Settings, fresh_prefix: str) -> None:
    with pytest.raises(TopicMissing, match=f"{fresh_prefix}.police is not there"):
        await last_sequences(settings.kafka, {"police": f"{fresh_prefix}.police"})
