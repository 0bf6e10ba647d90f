"""What the router sends by way of the outbox: notifications, replies and dead-letter notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from pydantic_core import to_json

from schemas.events import Event, FieldWarning
from schemas.source_messages import PROBE_TYPE, CountedDay
from schemas.values import ReplyStatus
from services.ledger.outbox import OutboxRow
from services.ledger.queues import Queues, headers_template, with_id
from services.ledger.sources import probe_message_id
from services.router.arrivals import Unreadable
from services.router.record import Record

REPLY = "fieldfare.reply.v1"
DEAD_LETTER = "fieldfare.dead-letter.v1"
_REPLIES = UUID("0b3c7a52-6a0f-5f0c-9a8e-5d0a7c1f4e21")
_ONLY_PARTITION = 0


@dataclass(frozen=True, slots=True)
class Post(Queues):
    """Addresses messages: which topic, partition and recipient each goes to."""

    def accepted(self, record: Record, event: Event | CountedDay, *, at: datetime) -> OutboxRow:
        """Tells the publisher that its event was routed, with what could not be used of it."""
        warnings = [_fault(each) for each in event.warnings]
        told = _Told(event.source, event.id, ReplyStatus.ACCEPTED, at, warnings)
        return self._reply(record, told)

    def repeated(self, record: Record, event: Event | CountedDay, *, at: datetime) -> OutboxRow:
        """Tells the publisher that its event was known already."""
        return self._reply(record, _Told(event.source, event.id, ReplyStatus.REPEATED, at))

    def refused(self, unreadable: Unreadable, *, at: datetime) -> OutboxRow | None:
        """Tells the publisher why its event was refused, if the event could be named."""
        refused = unreadable.refused
        if refused.source is None or refused.id is None:
            return None
        told = _Told(
            refused.source,
            refused.id,
            ReplyStatus.REFUSED,
            at,
            field=refused.field,
            reason=refused.reason,
        )
        return self._reply(unreadable.record, told)

    def dead_letter(self, dead_letter_id: UUID, *, reason: str, at: datetime) -> OutboxRow:
        """Says on the topic of dead letters that there is one, and why; never its bytes."""
        message_id = uuid5(dead_letter_id, "note")
        return OutboxRow(
            message_id=message_id,
            topic=self.topics.dead_letters,
            partition=_ONLY_PARTITION,
            recipient="dead-letters",
            message_key=str(dead_letter_id),
            headers=with_id(headers_template(DEAD_LETTER, at), message_id),
            body=to_json({"dead_letter_id": dead_letter_id, "reason": reason, "at": at}),
        )

    def probe(self, probe_id: UUID, publisher: str, *, at: datetime) -> OutboxRow:
        """Sends a probe on, to a topic that only Fieldfare reads: it is about nobody."""
        message_id = probe_message_id(probe_id)
        return OutboxRow(
            message_id=message_id,
            topic=self.topics.probes,
            partition=_ONLY_PARTITION,
            recipient="probes",
            message_key=publisher,
            headers=with_id(headers_template(PROBE_TYPE, at), message_id),
            body=to_json({"probe_id": probe_id, "publisher": publisher, "at": at}),
        )

    def publisher_of(self, record: Record) -> str:
        """Whose topic a record stood on."""
        return self.topics.publisher_of(record.topic)

    def _reply(self, record: Record, told: "_Told") -> OutboxRow:
        publisher = self.topics.publisher_of(record.topic)
        message_id = uuid5(
            _REPLIES,
            f"{record.topic}|{record.partition}|{record.offset}|{told.at.isoformat()}"
            f"|{told.status}|{told.id}",
        )
        return OutboxRow(
            message_id=message_id,
            topic=self.topics.replies(publisher),
            partition=_ONLY_PARTITION,
            recipient=f"replies:{publisher}",
            message_key=told.id,
            headers=with_id(headers_template(REPLY, told.at), message_id),
            body=to_json(told),
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """The body of a reply, in the contract's fields and order."""

    source: str
    id: str
    status: ReplyStatus
    at: datetime
    warnings: Sequence[Mapping[str, str]] = ()
    field: str | None = None
    reason: str | None = None


def _fault(warning: FieldWarning) -> dict[str, str]:
    return {"field": warning.field, "reason": warning.reason}
