"""Reads one message as an event: quickly if it is well-formed, else with care.

Most messages are. They are parsed straight into their models, and only if nothing at all is
remarkable about them is the result taken as it is; everything else is read again, slowly, by
`schemas.careful`, which alone decides what is refused and what is warned about.
"""

from collections.abc import Mapping
from datetime import UTC
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import Discriminator, TypeAdapter, ValidationError, create_model
from pydantic_core import to_json

from schemas.careful import addressed_type, read_carefully
from schemas.cloudevent import Attributes, Headers, digest_of, stamped_attributes
from schemas.envelope import Fault
from schemas.events import DATA_MODELS, Event, FieldWarning, ReadData, Refused
from schemas.occurrence import missing_references
from schemas.plausible import problems_in, texts_saying_unknown
from schemas.shape import names_given
from schemas.values import EventType

_MAX_QUICK = 65_536
"""A longer message is read with care at once: a flood of errors would be paid for twice."""
_DATA: Mapping[str, TypeAdapter[ReadData]] = {
    event_type.value: TypeAdapter(model) for event_type, model in DATA_MODELS.items()
}


def _envelope(event_type: EventType) -> type[Attributes]:
    """The model of a structured CloudEvent of one type."""
    only: Any = Literal[event_type.value]
    data: Any = DATA_MODELS[event_type]
    return create_model(event_type.name, __base__=Attributes, type=(only, ...), data=(data, ...))


ENVELOPES: Mapping[EventType, type[Attributes]] = {
    event_type: _envelope(event_type) for event_type in DATA_MODELS
}
"""What a whole structured message of each type looks like."""
_ANY_ENVELOPE: Any = Annotated[reduce(or_, ENVELOPES.values()), Discriminator("type")]
_STRUCTURED: TypeAdapter[Any] = TypeAdapter(_ANY_ENVELOPE)
"""One pass over a structured CloudEvent: its `type` says which model its data have."""


def read_event(
    value: bytes | None, headers: Headers, *, publisher: str, family: str
) -> Event | Refused:
    """The event in a Kafka message of a topic of this publisher and family, or why it is none.

    Both CloudEvents modes are read. Never raises; nothing of the message is in any reason.
    """
    body = value or b""
    stamped = stamped_attributes(headers) if headers else {}
    well_formed = _read_well_formed(body, stamped, publisher, family)
    return well_formed or read_carefully(body, stamped, publisher=publisher, family=family)


def _read_well_formed(
    body: bytes, stamped: Mapping[str, str], publisher: str, family: str
) -> Event | None:
    """The event, if there is nothing to mend, to replace or to refuse."""
    if len(body) > _MAX_QUICK or b"\\u0000" in body:
        return None
    try:
        attributes, data = _parse(body, stamped)
    except (ValidationError, KeyError):
        return None
    time = attributes.time.astimezone(UTC)
    event_type = addressed_type(attributes, publisher, family)
    if isinstance(event_type, Fault) or problems_in(data, time):
        return None
    if b'"unknown"' in body and any(texts_saying_unknown(data)):
        return None
    names = names_given(data) + (0 if stamped else _names_of(attributes))
    if body.count(b'":') != names:
        return None
    missing = missing_references(event_type, data)
    return Event(
        source=attributes.source,
        id=attributes.id,
        type=event_type,
        time=time,
        sequence=attributes.sequence,
        data=data,
        sha256=digest_of(body, stamped),
        warnings=tuple(FieldWarning(f"data.{name}", reason) for name, reason in missing),
    )


def _parse(body: bytes, stamped: Mapping[str, str]) -> tuple[Attributes, ReadData]:
    if stamped:
        attributes = Attributes.model_validate_json(to_json(stamped))
        return attributes, _DATA[attributes.type].validate_json(body)
    event = _STRUCTURED.validate_json(body)
    return event, event.data


def _names_of(attributes: Attributes) -> int:
    return len(attributes.model_fields_set)
