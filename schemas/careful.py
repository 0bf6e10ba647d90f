"""Reads an event that is not well-formed: as much of it as can be understood, or why not."""

from collections.abc import Mapping
from datetime import UTC

from schemas.cloudevent import Attributes
from schemas.envelope import (
    Envelope,
    Fault,
    opened,
    raw_data,
    read_attributes,
    refused,
    unreadable,
)
from schemas.events import DATA_MODELS, Event, FieldWarning, Refused, family_of
from schemas.forbidden import Suspicion, is_forbidden_type, suspicion_of
from schemas.mending import Mending, Unmendable
from schemas.occurrence import missing_references
from schemas.paths import field_path
from schemas.reasons import Reason
from schemas.values import EventType

_TYPES: Mapping[str, EventType] = {event_type.value: event_type for event_type in EventType}


def read_carefully(
    body: bytes, stamped: Mapping[str, str], *, publisher: str, family: str
) -> Event | Refused:
    """Read what can be understood of a message; never raises, whatever the bytes are."""
    envelope = opened(body, stamped)
    suspicion = _suspicion_of(envelope)
    if suspicion is Suspicion.CERTAIN:
        return refused(envelope, Fault("type", Reason.FORBIDDEN_TYPE), keep_bytes=False)
    event = _read(envelope, publisher, family)
    if isinstance(event, Fault):
        return refused(envelope, event, keep_bytes=suspicion is Suspicion.NONE)
    return event


def _suspicion_of(envelope: Envelope) -> Suspicion:
    """Whether this is, or could be, a disclosure-scheme event."""
    types = envelope.types()
    if any(map(is_forbidden_type, types)):
        return Suspicion.CERTAIN
    if types and envelope.document is not None:
        return Suspicion.NONE
    suspicion = suspicion_of(envelope.body)
    return Suspicion.NONE if types and suspicion is Suspicion.POSSIBLE else suspicion


def _read(envelope: Envelope, publisher: str, family: str) -> Event | Fault:
    fault = unreadable(envelope)
    if fault is not None:
        return fault
    noted: list[tuple[str, Reason]] = []
    attributes = read_attributes(envelope, noted)
    if isinstance(attributes, Fault):
        return attributes
    event_type = addressed_type(attributes, publisher, family)
    if isinstance(event_type, Fault):
        return event_type
    raw, changes = raw_data(envelope)
    if not isinstance(raw, dict):
        return Fault("data", Reason.MISSING if raw is None else Reason.UNREADABLE)
    mending = Mending(raw)
    for path, reason in changes:
        mending.tell(path, reason)
    time = attributes.time.astimezone(UTC)
    data = mending.mend(DATA_MODELS[event_type], time)
    if isinstance(data, Unmendable):
        return Fault(field_path(data.path), data.reason)
    for name, reason in missing_references(event_type, data):
        mending.tell(tuple(name.split(".")), reason)
    return Event(
        source=attributes.source,
        id=attributes.id,
        type=event_type,
        time=time,
        sequence=attributes.sequence,
        data=data,
        sha256=envelope.sha256(),
        warnings=(*(FieldWarning(*note) for note in noted), *mending.warnings()),
    )


def addressed_type(attributes: Attributes, publisher: str, family: str) -> EventType | Fault:
    """The type of an event that is on the right topic, or what is wrong with its address."""
    if attributes.source.rsplit(":", 1)[-1] != publisher:
        return Fault("source", Reason.WRONG_PUBLISHER)
    event_type = _TYPES.get(attributes.type)
    if event_type is None:
        return Fault("type", Reason.UNKNOWN_TYPE)
    if family_of(event_type) != family:
        return Fault("type", Reason.WRONG_FAMILY)
    return event_type
