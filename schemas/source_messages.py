"""What a topic of events carries beside events: daily counts, and Fieldfare's own probes.

Neither is about anybody, and neither is ever routed. Both go the same way as events, so that what
they prove is true of the events.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, create_model
from pydantic_core import to_json

from schemas.base import Day, Message
from schemas.cloudevent import Attributes, Headers, SequenceNumber, stamped_attributes
from schemas.envelope import Envelope, Fault, opened, raw_data, read_attributes, refused, unreadable
from schemas.events import FieldWarning, Refused
from schemas.forbidden import is_forbidden_type
from schemas.paths import field_path
from schemas.reasons import Reason

DAILY_COUNT_TYPE: Final = "fieldfare.source.daily-count.v1"
PROBE_TYPE: Final = "fieldfare.probe.v1"
PROBE_SOURCE: Final = "urn:fieldfare:probe"
"""With the publisher's name behind a colon, the source of that publisher's probes."""
_LONDON = ZoneInfo("Europe/London")
_MARKS = tuple(name.encode() for name in (DAILY_COUNT_TYPE, PROBE_TYPE))
_MISSING: Mapping[str, Reason] = {"missing": Reason.MISSING}


class DailyCount(Message):
    """How many events a source published on one day, and from which number to which.

    The day is the one in London on which the events' `time` lies; a source that published nothing
    says nought. Each event counts once, however often it was sent.
    """

    day: Day
    count: Annotated[int, Field(strict=True, ge=0, lt=1_000_000_000)]
    first_sequence: SequenceNumber | None = None
    last_sequence: SequenceNumber | None = None


_data: Any = (DailyCount, ...)
_type: Any = (Literal[DAILY_COUNT_TYPE], ...)
DAILY_COUNT_ENVELOPE = create_model("DAILY_COUNT", __base__=Attributes, type=_type, data=_data)
"""What a whole structured daily count looks like."""


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A daily count as read; `time` is when it was published (UTC). `source` is the full URN."""

    source: str
    id: str
    time: datetime
    counted: DailyCount
    sha256: bytes
    warnings: tuple[FieldWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """A message that says it is a probe; only the ledger knows whether Fieldfare has sent it."""

    source: str
    probe_id: UUID
    sha256: bytes


def read_source_message(
    value: bytes | None, headers: Headers, *, publisher: str
) -> CountedDay | Probe | Refused | None:
    """The daily count or probe in a message of this publisher's topic; None if it is neither.

    Of another message's bytes nothing is said here: `schemas.reading` reads those. Never raises.
    """
    body = value or b""
    if not any(mark in body or any(mark in held for _, held in headers) for mark in _MARKS):
        return None
    envelope = opened(body, stamped_attributes(headers))
    types = envelope.types()
    if any(map(is_forbidden_type, types)) or not {DAILY_COUNT_TYPE, PROBE_TYPE} & set(types):
        return None
    found = _read(envelope, publisher)
    return refused(envelope, found, keep_bytes=True) if isinstance(found, Fault) else found


def _read(envelope: Envelope, publisher: str) -> CountedDay | Probe | Fault:
    fault = unreadable(envelope)
    if fault is not None:
        return fault
    attributes = read_attributes(envelope, [])
    if isinstance(attributes, Fault):
        return attributes
    if attributes.source.rsplit(":", 1)[-1] != publisher:
        return Fault("source", Reason.WRONG_PUBLISHER)
    if attributes.type == PROBE_TYPE:
        return _read_probe(envelope, attributes, publisher)
    if attributes.type != DAILY_COUNT_TYPE:
        return Fault("type", Reason.UNKNOWN_TYPE)
    return _read_count(envelope, attributes)


def _read_probe(envelope: Envelope, attributes: Attributes, publisher: str) -> Probe | Fault:
    if attributes.source != f"{PROBE_SOURCE}:{publisher}":
        return Fault("source", Reason.NOT_OUR_PROBE)
    try:
        return Probe(attributes.source, UUID(attributes.id), envelope.sha256())
    except ValueError:
        return Fault("id", Reason.NOT_OUR_PROBE)


def _read_count(envelope: Envelope, attributes: Attributes) -> CountedDay | Fault:
    raw, _ = raw_data(envelope)
    if not isinstance(raw, dict):
        return Fault("data", Reason.MISSING if raw is None else Reason.UNREADABLE)
    known = {name: given for name, given in raw.items() if name in DailyCount.model_fields}
    try:
        counted = DailyCount.model_validate_json(to_json(known))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        reason = _MISSING.get(first["type"], Reason.UNREADABLE)
        return Fault(field_path(first["loc"]), reason)
    if counted.day > _day_of(attributes.time):
        return Fault("data.day", Reason.DAY_TO_COME)
    return CountedDay(
        source=attributes.source,
        id=attributes.id,
        time=attributes.time.astimezone(UTC),
        counted=counted,
        sha256=envelope.sha256(),
        warnings=tuple(
            FieldWarning(field_path((name,)), Reason.UNKNOWN_FIELD)
            for name in raw
            if name not in known
        ),
    )


def _day_of(moment: datetime) -> date:
    return moment.astimezone(_LONDON).date()
