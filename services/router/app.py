"""FastStream's part: the subscriptions to events and receipts, in batches of raw bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Intakes:
    """Where batches go: those of events, and those of receipts."""

    events: Intake
    receipts: Intake

    @property
    def both(self) -> tuple[Intake, Intake]:
        """The one and the other."""
        return self.events, self.receipts


def build_broker(settings: Settings, intakes: Intakes) -> KafkaBroker:
    """A broker, not yet started, that hands every batch to its intake.

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
    topics = Topics(settings.topics.prefix)
    groups = _groups(settings)
    _subscribe(broker, settings, topics.event_pattern, groups[0], intakes.events)
    _subscribe(broker, settings, topics.receipt_pattern, groups[1], intakes.receipts)
    return broker


def _groups(settings: Settings) -> tuple[str, str]:
    """The groups for events and for receipts: a rebalance of one does not pause the other."""
    return settings.router.group_id, f"{settings.router.group_id}-receipts"


def _subscribe(
    broker: KafkaBroker, settings: Settings, pattern: str, group: str, intake: Intake
) -> None:
    subscriber = broker.subscriber(
        pattern=pattern,
        batch=True,
        max_records=settings.router.batch_size,
        batch_timeout_ms=settings.router.batch_wait_ms,
        group_id=group,
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


async def start_broker(broker: KafkaBroker, settings: Settings, intakes: Intakes) -> None:
    """Connects and joins the groups. Raises aiokafka's errors if Kafka is away.

    FastStream keeps `metadata_max_age_ms` from its consumers, so it is added where it makes them.
    """
    await broker.connect()
    config = broker.config.broker_config
    make = config.builder
    by_group = dict(zip(_groups(settings), intakes.both, strict=True))

    def build(**options: Any) -> Any:
        consumer = make(metadata_max_age_ms=_NEW_TOPICS_MS, **options)
        by_group[options["group_id"]].read_from(consumer)
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
