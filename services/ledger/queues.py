"""Notices on their recipients' queues, whoever owes them: the router, or the watch."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from pydantic_core import to_json

from routing_rules.case import DutyChange
from schemas.cloudevent import binary_headers
from schemas.values import Service, Urgency
from services.ledger.jsonb import json_text
from services.ledger.outbox import OutboxRow
from services.runtime.topics import Topics, partition_of

SOURCE = "urn:fieldfare:ledger"
NOTIFICATION = "fieldfare.notification.v1"
_FILTERS = ("service", "recipient", "urgency")
"""Extensions by which a consumer can choose without reading the body; the relay adds `sequence`."""
_ID = "00000000-place-for-the-message-id"


@dataclass(frozen=True, slots=True)
class Queues:
    """Addresses notices: which topic and partition each goes to."""

    topics: Topics
    queue_partitions: int

    def notification(self, change: DutyChange, *, at: datetime) -> OutboxRow:
        """The notice of one duty's change, on its recipient's queue."""
        held = change.held
        recipient = held.recipient
        template = headers_template(NOTIFICATION, at, (held.service, recipient, held.urgency))
        return OutboxRow(
            message_id=held.notification_id,
            topic=_queue(self.topics, held.service, held.organisation),
            partition=partition_of(recipient, self.queue_partitions),
            recipient=recipient,
            message_key=recipient,
            headers=with_id(template, held.notification_id),
            body=to_json(change.notification),
            duty_id=held.duty_id,
        )


@lru_cache(maxsize=4096)
def headers_template(
    message_type: str, at: datetime, filters: tuple[Service, str, Urgency] | None = None
) -> str:
    """The headers of all messages of one kind at one time, with a place for the message's id."""
    extra = dict(zip(_FILTERS, filters, strict=True)) if filters else None
    sent = binary_headers(type=message_type, source=SOURCE, id=_ID, time=at, extra=extra)
    return json_text({name: value.decode() for name, value in sent})


def with_id(template: str, message_id: UUID) -> str:
    """The headers of one message."""
    return template.replace(_ID, str(message_id), 1)


@lru_cache(maxsize=4096)
def _queue(topics: Topics, service: Service, organisation: str) -> str:
    return topics.queue(service, organisation)
