"""Which occurrence an event reports, and when that happened."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from operator import attrgetter
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from schemas.events import Event, ReadData, family_of
from schemas.folding import fold, merge
from schemas.reasons import Reason
from schemas.registration import IdentityChange
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
    "references_of",
]

NAMESPACE = UUID("894e116c-9bd3-57a2-bbe5-9b91234d1a7c")
"""Fieldfare's own namespace of UUIDv5; changing it would give every occurrence a new id."""
LONDON = ZoneInfo("Europe/London")
_NOON = time(12)


def _read_from(*attributes: str) -> Mapping[str, Callable[[ReadData], object]]:
    """By the path below `data` under which each travels, how it is read."""
    return {name.removesuffix("_"): attrgetter(name) for name in attributes}


_REFERENCES: Mapping[EventType, Mapping[str, Callable[[ReadData], object]]] = {
    EventType.POLICE_DOMESTIC_ABUSE: _read_from("police_reference"),
    EventType.EMERGENCY_ATTENDANCE: _read_from("attendance_id"),
    EventType.MARAC_OUTCOME: _read_from("case_number", "met_on"),
    EventType.REGISTRATION_PERSON: _read_from("person.nhs_number", "recorded_at"),
    EventType.REGISTRATION_FAMILY_LINK: _read_from("from_", "to"),
    EventType.REGISTRATION_IDENTITY: _read_from("from_", "recorded_at"),
    EventType.MATERNITY_BOOKING: _read_from("pregnancy_id"),
    EventType.ONWARD_REFERRAL: _read_from("referral_id"),
    EventType.MATERNITY_CONCERN: _read_from("pregnancy_id", "identified_on"),
    EventType.MATERNITY_APPOINTMENT_MISSED: _read_from("pregnancy_id", "appointment_on"),
    EventType.MATERNITY_BIRTH: _read_from("pregnancy_id"),
    EventType.MATERNITY_ENDED: _read_from("pregnancy_id"),
    EventType.MATERNITY_POSTNATAL_TRANSFER: _read_from("pregnancy_id"),
    EventType.CHILD_STATUS: _read_from("plan_reference", "changed_on"),
    EventType.CONFERENCE_INVITATION: _read_from("conference_id"),
    EventType.CONFERENCE_OUTCOME: _read_from("conference_id"),
    EventType.SOCIAL_CARE_REFERRAL: _read_from("referral_id"),
    EventType.EXPLOITATION_RISK: _read_from("assessment_id"),
    EventType.TRANSFER_IN: _read_from("transfer_id"),
    EventType.RELAPSE_PLAN: _read_from("plan_id", "agreed_on"),
    EventType.COMMUNITY_CONTACT: _read_from("contact_id"),
    EventType.NOT_BROUGHT: _read_from("appointment_id"),
    EventType.ASSESSMENT_DUE: _read_from("assessment_id"),
}
"""What names the occurrence."""
_REGISTERED_BY = frozenset({"person.nhs_number", "from", "to"})
"""References without which the register cannot tell whom an event is about."""
_NAMED_WITHOUT_TYPE = frozenset(
    {
        EventType.POLICE_DOMESTIC_ABUSE,
        EventType.EMERGENCY_ATTENDANCE,
        EventType.MARAC_OUTCOME,
        EventType.MATERNITY_BOOKING,
    }
)
"""The first of their families, whose keys name no type. All others do: one pregnancy is booked,
gives concern and ends, and each of these is an occurrence of its own."""
_HAPPENED = (
    "incident_at",
    "reported_at",
    "arrived_at",
    "departed_at",
    "met_on",
    "booked_at",
    "recorded_at",
    "referred_at",
    "contact_at",
    "identified_on",
    "appointment_on",
    "born_on",
    "ended_on",
    "changed_on",
    "held_on",
    "assessed_on",
    "agreed_on",
    "invited_on",
)
"""The fields that say when it happened; the first that is given counts."""
_ENDED = frozenset({"cancelled", "entered_in_error"})


def references_of(event_type: EventType) -> tuple[str, ...]:
    """The paths below `data` that name an occurrence of this type."""
    return tuple(_REFERENCES[event_type])


def missing_references(event_type: EventType, data: ReadData) -> tuple[tuple[str, Reason], ...]:
    """The paths below `data` that name the occurrence and are not given, and what that costs."""
    missing = [
        (name, Reason.NOT_REGISTERED if name in _REGISTERED_BY else Reason.NO_REFERENCE)
        for name, reference_in in _REFERENCES[event_type].items()
        if reference_in(data) is None
    ]
    if isinstance(data, IdentityChange) and data.lacks_an_end:
        missing.append(("to", Reason.NOT_REGISTERED))
    return tuple(missing)


def occurrence_key(event: Event) -> str:
    """The name of what the event reports: equal for all events of one source about one thing.

    An event that does not say what it is about stands for itself: were it joined to another by
    guess, somebody could be left untold. A family link is one from whichever end it is told.
    Parts are percent-encoded, so that none can hold `|`. The key of a registration holds NHS
    numbers: it names a row of the ledger, and is for no topic and no log.
    """
    family = family_of(event.type)
    if missing_references(event.type, event.data):
        return "|".join((family, event.publisher, "event", _part(event.id)))
    named = [
        _as_text(reference_in(event.data)) for reference_in in _REFERENCES[event.type].values()
    ]
    if event.type is EventType.REGISTRATION_FAMILY_LINK:
        named.sort()
    if event.type not in _NAMED_WITHOUT_TYPE:
        named.insert(0, event.type.value.split(".")[2])
    return "|".join((family, event.publisher, *map(_part, named)))


def occurrence_id(key: str) -> UUID:
    """The occurrence's id, worked out from its key alone."""
    return uuid5(NAMESPACE, key)


def occurred_at(data: ReadData, published: datetime) -> datetime:
    """When it happened, in UTC, as far as the data say; else when it was published.

    A conference has a day only: noon in London stands for it.
    """
    names = (name for name in _HAPPENED if name in type(data).model_fields)
    given = next((value for name in names if (value := getattr(data, name))), published)
    if not isinstance(given, datetime):
        given = datetime.combine(given, _NOON, tzinfo=LONDON)
    return given.astimezone(UTC)


def is_cancelled(data: ReadData) -> bool:
    """Whether the occurrence, as now told, did not happen or was entered in error."""
    return data.status in _ENDED


def _as_text(reference: object) -> str:
    """One moment is one text, in whatever zone it was written."""
    return str(reference.astimezone(UTC) if isinstance(reference, datetime) else reference)


def _part(text: str) -> str:
    return text.replace("%", "%25").replace("|", "%7C")
