"""The receipt: what a recipient says back about a notification."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from pydantic import ConfigDict, ValidationError, model_validator
from pydantic_core import to_json

from schemas.base import Message, Text
from schemas.cloudevent import Headers, SaidAt, stamped_attributes
from schemas.envelope import Envelope, Fault, opened, raw_data, read_attributes, refused, unreadable
from schemas.events import Refused
from schemas.paths import field_path
from schemas.person import Code
from schemas.reasons import Reason
from schemas.values import ReceiptStatus

RECEIPT_TYPE = "fieldfare.receipt.v1"
_REASONS = {"missing": Reason.MISSING, "extra_forbidden": Reason.UNEXPECTED_FIELD}


class Receipt(Message):
    """One step of a recipient's answer. Only `received` may be said by a system, without a name.

    Acknowledged means that the named practitioner has read it and accepts what is asked.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"status": {"const": ReceiptStatus.RECEIVED.value}}},
            "else": {"required": ["by"], "properties": {"by": {"type": "string"}}},
        }
    )

    notification_id: UUID
    status: ReceiptStatus
    at: SaidAt
    by: Text | None = None
    outcome: Text | None = None
    note: Text | None = None
    suggested_recipient: Code | None = None

    @model_validator(mode="after")
    def _is_somebodys(self) -> Self:
        is_named = self.by is not None and any(sign.isalpha() for sign in self.by)
        if not is_named and (self.by is not None or self.status is not ReceiptStatus.RECEIVED):
            raise ValueError("by")
        return self


@dataclass(frozen=True, slots=True)
class Said:
    """A receipt as it was sent: what names the message for ever, and the hash of its bytes."""

    source: str
    id: str
    sha256: bytes
    receipt: Receipt


def read_receipt(value: bytes | None, headers: Headers) -> Said | Refused:
    """The receipt in a Kafka message, in either CloudEvents mode, or why it is none.

    Strict, unlike the reading of events: a receipt ends a duty's clock, so one that is not
    wholly understood does not count, and the duty is chased. Never raises; no reason holds
    anything of the message. Whose duty it answers is for the caller to check.
    """
    envelope = opened(value or b"", stamped_attributes(headers))
    said = _read(envelope)
    if isinstance(said, Fault):
        return refused(envelope, said, keep_bytes=True)
    return said


def _read(envelope: Envelope) -> Said | Fault:
    fault = unreadable(envelope)
    if fault is not None:
        return fault
    attributes = read_attributes(envelope, [])
    if isinstance(attributes, Fault):
        return attributes
    if attributes.type != RECEIPT_TYPE:
        return Fault("type", Reason.UNKNOWN_TYPE)
    raw, _ = raw_data(envelope)
    try:
        receipt = Receipt.model_validate_json(to_json(raw))
        return Said(attributes.source, attributes.id, envelope.sha256(), receipt)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "value_error":
        return Fault("data.by", Reason.MISSING)
    reason = _REASONS.get(first["type"], Reason.UNREADABLE)
    return Fault(field_path(first["loc"]), reason)
