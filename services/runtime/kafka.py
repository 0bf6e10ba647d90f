"""Kafka for every process: how we connect, the transactional producer, and making topics."""

import asyncio
import contextlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    KafkaError,
    TopicAlreadyExistsError,
    for_code,
)

from services.runtime.errors import PermanentError, SettingsProblem, TransientError
from services.runtime.settings import KafkaSettings, Settings

MAX_MESSAGE_BYTES = 2 * 1024 * 1024 + 64 * 1024
"""An event may have 1 MiB; larger ones must get in to become dead letters."""

_REQUEST_TIMEOUT_MS = 10_000
_TRANSACTION_TIMEOUT_MS = 60_000
_BATCH_BYTES = 512 * 1024
_LEADERS_PATIENCE = 15.0
_BETWEEN_LOOKS = 0.05


class KafkaAway(TransientError):
    """Kafka cannot be reached, or does not answer in time: what was sent may have arrived."""


class TopicMissing(TransientError):
    """A topic, or a partition of it, is not there yet; the message says how to make it."""


class TopicRefused(PermanentError):
    """Kafka will not make a topic; the message says which and why."""


@dataclass(frozen=True, slots=True)
class EnsuredTopics:
    """What `ensure_topics` found and did."""

    made: tuple[str, ...]
    already_there: tuple[str, ...]
    sized_otherwise: Mapping[str, int]
    """Topics that have another number of partitions than asked for: they are left as they are."""


def connection_arguments(kafka: KafkaSettings) -> dict[str, Any]:
    """What every aiokafka client of ours is made with: servers, name, encryption and account.

    Raises `SettingsProblem` if no cluster is named, an account lacks its name or password, or the
    authority's certificate cannot be read. Reads that certificate from disk, else does not block.
    """
    if kafka.bootstrap_servers is None:
        raise SettingsProblem("settings: FIELDFARE_KAFKA__BOOTSTRAP_SERVERS: names no cluster")
    arguments: dict[str, Any] = {
        "bootstrap_servers": kafka.bootstrap_servers,
        "client_id": kafka.client_id,
        "security_protocol": kafka.security_protocol,
        "request_timeout_ms": _REQUEST_TIMEOUT_MS,
    }
    if kafka.security_protocol.endswith("SSL"):
        arguments["ssl_context"] = _ssl_context(kafka)
    if kafka.security_protocol.startswith("SASL"):
        arguments.update(_account(kafka))
    return arguments


def transactional_producer(kafka: KafkaSettings, transactional_id: str) -> AIOKafkaProducer:
    """A producer, not yet started, that Kafka fences when another starts under the same id.

    aiokafka repeats an idempotent send for ever: an await that runs into our own time limit says
    nothing about whether the message was written. Close it with `close_producer`.
    """
    return AIOKafkaProducer(
        **connection_arguments(kafka),
        transactional_id=transactional_id,
        transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS,
        max_batch_size=_BATCH_BYTES,
    )


def committed_consumer(kafka: KafkaSettings) -> AIOKafkaConsumer:
    """A consumer, not yet started, of no group, that sees only what was committed."""
    return AIOKafkaConsumer(
        **connection_arguments(kafka),
        group_id=None,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=10,
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )


async def close_producer(producer: AIOKafkaProducer) -> None:
    """Closes a producer in whatever state it is; never raises.

    It blocks for as long as Kafka is away, if messages are on their way: `stop` waits for them. If
    it is cancelled then, connections are closed at once and what is on its way is given up.
    """
    try:
        await producer.stop()
    except Exception:  # noqa: BLE001, S110 - the edge of a library: it is given up in any case
        pass
    finally:
        with contextlib.suppress(Exception):
            await producer.client.close()


async def ensure_topics(settings: Settings, partitions: Mapping[str, int]) -> EnsuredTopics:
    """Makes those topics that are not there yet, and waits until each has its leaders.

    Each topic is named with its number of partitions; the settings name the replication. Doing it
    again changes nothing: a topic that exists keeps its partitions and its configuration. Raises
    `TopicRefused` if Kafka says no, and `KafkaAway` if it does not answer.
    """
    admin = AIOKafkaAdminClient(**connection_arguments(settings.kafka))
    try:
        await admin.start()
        existing = set(await admin.list_topics())
        missing = sorted(set(partitions) - existing)
        if missing:
            wanted = {name: partitions[name] for name in missing}
            await _create(admin, wanted, settings.topics.replication)
        sizes = await _sizes_when_led(admin, sorted(partitions))
    except (KafkaError, OSError, TimeoutError) as error:
        raise KafkaAway("Kafka does not answer") from error
    finally:
        await admin.close()
    return EnsuredTopics(
        made=tuple(missing),
        already_there=tuple(sorted(set(partitions) & existing)),
        sized_otherwise={name: size for name, size in sizes.items() if size != partitions[name]},
    )


async def _create(
    admin: AIOKafkaAdminClient, partitions: Mapping[str, int], replication: int
) -> None:
    configuration = {"max.message.bytes": str(MAX_MESSAGE_BYTES)}
    if replication > 2:  # a majority has every message before it counts as written
        configuration["min.insync.replicas"] = str(replication - 1)
    answer = await admin.create_topics(
        [
            NewTopic(name, size, replication, topic_configs=configuration)
            for name, size in partitions.items()
        ]
    )
    for name, code, *reason in answer.topic_errors:
        if code not in {0, TopicAlreadyExistsError.errno}:  # another may have been quicker
            said = reason[0] if reason and reason[0] else for_code(code).__name__
            raise TopicRefused(f"Kafka will not make the topic {name}: {said}")


async def _sizes_when_led(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    async with asyncio.timeout(_LEADERS_PATIENCE):
        while True:
            sizes = _sizes_of_led(await admin.describe_topics(names))
            if len(sizes) == len(names):
                return sizes
            await asyncio.sleep(_BETWEEN_LOOKS)


def _sizes_of_led(topics: list[dict[str, Any]]) -> dict[str, int]:
    return {
        topic["topic"]: len(topic["partitions"])
        for topic in topics
        if topic["error_code"] == 0
        and all(partition["leader"] >= 0 for partition in topic["partitions"])
    }


def _ssl_context(kafka: KafkaSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=kafka.ssl_cafile)
    except OSError as error:
        raise SettingsProblem(
            "settings: FIELDFARE_KAFKA__SSL_CAFILE: cannot be read as certificates"
        ) from error


def _account(kafka: KafkaSettings) -> dict[str, str]:
    if kafka.sasl_username is None or kafka.sasl_password is None:
        raise SettingsProblem(
            "settings: FIELDFARE_KAFKA__SASL_USERNAME and FIELDFARE_KAFKA__SASL_PASSWORD: "
            f"{kafka.security_protocol} needs both"
        )
    return {
        "sasl_mechanism": kafka.sasl_mechanism,
        "sasl_plain_username": kafka.sasl_username,
        "sasl_plain_password": kafka.sasl_password.get_secret_value(),
    }
