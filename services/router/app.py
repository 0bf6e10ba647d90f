"""FastStream's part: the subscription to all topics of events, in batches of raw bytes."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import ConsumerRecord
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaMessage
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from services.router.intake import Intake, Placement
from services.router.record import Record
from services.runtime.kafka import MAX_MESSAGE_BYTES, connection_arguments
from services.runtime.settings import Settings
from services.runtime.topics import Topics

_NEW_TOPICS_MS = 5_000
"""How soon a new topic of events is noticed."""
_GRACE_SECONDS = 30.0
"""How long the batch under way may take when we stop; then it is rolled back, to be read again."""

_ACCOUNTS = {
    "PLAIN": SASLPlaintext,
    "SCRAM-SHA-256": SASLScram256,
    "SCRAM-SHA-512": SASLScram512,
}

RawBatch = tuple["ConsumerRecord[Any, Any]", ...]


def build_broker(settings: Settings, intake: Intake) -> KafkaBroker:
    """A broker, not yet started, that hands every batch of events to the intake.

    FastStream does not decode anything, acknowledge anything or log anything: it would decode
    headers as UTF-8 and lose the whole batch over one that is not, acknowledge before the handler
    has run, and print what an exception says.
    """
    arguments = connection_arguments(settings.kafka)
    broker = KafkaBroker(
        arguments["bootstrap_servers"],
        client_id=arguments["client_id"],
        request_timeout_ms=arguments["request_timeout_ms"],
        security=_security(arguments),
        consumer_only=True,
        graceful_timeout=_GRACE_SECONDS,
        apply_types=False,
        logger=None,
    )
    subscriber = broker.subscriber(
        pattern=Topics(settings.topics.prefix).event_pattern,
        batch=True,
        max_records=settings.router.batch_size,
        batch_timeout_ms=settings.router.batch_wait_ms,
        group_id=settings.router.group_id,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
        ack_policy=AckPolicy.MANUAL,
        listener=Placement(intake),
        parser=_undecoded,
        decoder=_records,
        no_reply=True,
    )
    subscriber(intake.take)
    return broker


async def start_broker(broker: KafkaBroker, intake: Intake) -> None:
    """Connects and joins the group. Raises aiokafka's errors if Kafka is away.

    FastStream keeps `metadata_max_age_ms` from its consumers, so it is added where it makes them.
    """
    await broker.connect()
    config = broker.config.broker_config
    make = config.builder

    def build(**options: Any) -> Any:
        consumer = make(metadata_max_age_ms=_NEW_TOPICS_MS, **options)
        intake.read_from(consumer)
        return consumer

    config.builder = build
    await broker.start()


def _security(arguments: Mapping[str, Any]) -> BaseSecurity:
    """The same encryption and account as our other clients have, in FastStream's words."""
    protocol = arguments["security_protocol"]
    context = arguments.get("ssl_context")
    encrypted = protocol.endswith("SSL")
    if not protocol.startswith("SASL"):
        return BaseSecurity(ssl_context=context, use_ssl=encrypted)
    kind = _ACCOUNTS[arguments["sasl_mechanism"]]
    return kind(
        username=arguments["sasl_plain_username"],
        password=arguments["sasl_plain_password"],
        ssl_context=context,
        use_ssl=encrypted,
    )


async def _undecoded(batch: RawBatch) -> KafkaMessage:
    return KafkaMessage(body=b"", raw_message=batch, consumer=FAKE_CONSUMER)


async def _records(message: KafkaMessage) -> Sequence[Record]:
    raw = message.raw_message
    return [
        Record(each.topic, each.partition, each.offset, each.headers, each.value, each.timestamp)
        for each in (raw if isinstance(raw, tuple) else (raw,))
    ]
