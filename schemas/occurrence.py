"""Which occurrence an event reports, and when that happened."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from schemas.events import AnyEventData, Event, family_of
from schemas.folding import fold, merge
from schemas.values import EventType

__all__ = [
    "LONDON",
    "NAMESPACE",
    "fold",
    "is_cancelled",
    "merge",
    "missing_references",
    "occurred_at",
    "occurrence_id",
    "occurrence_key",
]

NAMESPACE = UUID("894e116c-9bd3-57a2-bbe5-9b91234d1a7c")
"""Fieldfare's own namespace of UUIDv5; changing it would give every occurrence a new id."""
LONDON = ZoneInfo("Europe/London")
_NOON = time(12)

_REFERENCES: Mapping[EventType, tuple[str, ...]] = {
    EventType.POLICE_DOMESTIC_ABUSE: ("police_reference",),
    EventType.EMERGENCY_ATTENDANCE: ("attendance_id",),
    EventType.MARAC_OUTCOME: ("case_number", "met_on"),
}
_HAPPENED = ("incident_at", "reported_at", "arrived_at", "departed_at", "met_on")
"""The fields that say when it happened; the first that is given counts."""
_ENDED = frozenset({"cancelled", "entered_in_error"})


def missing_references(event_type: EventType, data: AnyEventData) -> tuple[str, ...]:
    """The fields that name the occurrence and are not given."""
    return tuple(name for name in _REFERENCES[event_type] if getattr(data, name) is None)


def occurrence_key(event: Event) -> str:
    """The name of what the event reports: equal for all events of one source about one thing.

    An event that does not say what it is about stands for itself: were it joined to another by
    guess, somebody could be left untold. Parts are percent-encoded, so that none can hold `|`.
    """
    family = family_of(event.type).value
    if missing_references(event.type, event.data):
        return "|".join((family, event.publisher, "event", _part(event.id)))
    references = (getattr(event.data, name) for name in _REFERENCES[event.type])
    return "|".join((family, event.publisher, *(_part(str(value)) for value in references)))


def occurrence_id(key: str) -> UUID:
    """The occurrence's id, worked out from its key alone."""
    return uuid5(NAMESPACE, key)


def occurred_at(data: AnyEventData, published: datetime) -> datetime:
    """When it happened, in UTC, as far as the data say; else when it was published.

    A conference has a day only: noon in London stands for it.
    """
    names = (name for name in _HAPPENED if name in type(data).model_fields)
    given = next((value for name in names if (value := getattr(data, name))), published)
    if not isinstance(given, datetime):
        given = datetime.combine(given, _NOON, tzinfo=LONDON)
    return given.astimezone(UTC)


def is_cancelled(data: AnyEventData) -> bool:
    """Whether the occurrence, as now told, did not happen or was entered in error."""
    return data.status in _ENDED


def _part(text: str) -> str:
    return text.replace("%", "%25").replace("|", "%7C")
