import json
from collections import defaultdict
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.integration.cli.running import fieldfare

pytestmark = pytest.mark.integration


@pytest.fixture
def cluster(kafka_servers: str, fresh_prefix: str) -> dict[str, str]:
    return {
        "FIELDFARE_KAFKA__BOOTSTRAP_SERVERS": kafka_servers,
        "FIELDFARE_TOPICS__PREFIX": fresh_prefix,
        "FIELDFARE_TOPICS__PARTITIONS": "2",
    }


async def all_sequences(bootstrap_servers: str, prefix: str) -> dict[str, list[int]]:
    """Every sequence number in the topics of events, by source; what cannot be read has none."""
    found = defaultdict(list)
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap_servers) as consumer:
        topics = [t for t in await consumer.topics() if t.startswith(f"{prefix}.events.")]
        partitions = [TopicPartition(topic, number) for topic in topics for number in range(2)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning()
        for partition, end in (await consumer.end_offsets(partitions)).items():
            while await consumer.position(partition) < end:
                record = await consumer.getone(partition)
                try:
                    event = json.loads(record.value)
                except ValueError:
                    continue
                found[event["source"]].append(int(event["sequence"]))
    return found


def test_topics_are_made_once(cluster: dict[str, str], tmp_path: Path) -> None:
    prefix = cluster["FIELDFARE_TOPICS__PREFIX"]

    first = fieldfare("topics", "create", folder=tmp_path, env=cluster)
    second = fieldfare("topics", "create", folder=tmp_path, env=cluster)

    assert (first.returncode, second.returncode) == (0, 0)
    assert f"made       {prefix}.queue.midwifery.RJF\n" in first.stdout
    assert f"made       {prefix}.receipts.RJF\n" in first.stdout
    assert f"made       {prefix}.queue.gp.practices\n" in first.stdout
    assert first.stdout.endswith(" topics made, 0 were there\n")
    assert second.stdout.splitlines()[-1].startswith("0 topics made, ")


async def test_simulating_goes_on_counting_where_it_stopped(
    cluster: dict[str, str], tmp_path: Path
) -> None:
    fieldfare("topics", "create", folder=tmp_path, env=cluster)
    simulate = ("simulate", "--rate", "2000", "--events", "300")

    answers = [fieldfare(*simulate, folder=tmp_path, env=cluster) for _ in range(2)]

    assert [answer.returncode for answer in answers] == [0, 0]
    assert answers[0].stdout.startswith("300 events published: ")
    sequences = await all_sequences(
        cluster["FIELDFARE_KAFKA__BOOTSTRAP_SERVERS"], cluster["FIELDFARE_TOPICS__PREFIX"]
    )
    for numbers in sequences.values():
        unread = max(numbers) - len(set(numbers))
        assert unread < len(numbers) / 20
    assert sum(map(len, sequences.values())) > 580


def test_simulating_without_topics_says_what_to_do(cluster: dict[str, str], tmp_path: Path) -> None:
    answer = fieldfare("simulate", "--events", "1", folder=tmp_path, env=cluster)

    assert answer.returncode == 2
    assert answer.stderr.endswith(" is not there: fieldfare topics create\n")
    assert answer.stderr.count("\n") == 1


def test_a_new_ledger_is_migrated_by_its_command(fresh_dsn: str, tmp_path: Path) -> None:
    env = {"FIELDFARE_POSTGRES__DSN": fresh_dsn}

    first = fieldfare("ledger", "migrate", folder=tmp_path, env=env)
    second = fieldfare("ledger", "migrate", folder=tmp_path, env=env)
    duties = fieldfare("ledger", "duties", "--overdue", folder=tmp_path, env=env)

    assert first.stdout.startswith("applied 0001_ledger.sql\n")
    assert second.stdout == "the ledger is of this release\n"
    assert duties.stdout.splitlines()[-1].strip() == "0 duties"


def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    env = {"FIELDFARE_POSTGRES__DSN": "postgresql://nobody:secret@127.0.0.1:1/nothing"}

    answer = fieldfare("ledger", "duties", folder=tmp_path, env=env)

    assert answer.returncode == 2
    assert answer.stderr == "fieldfare: PostgreSQL: ConnectionRefusedError\n"
