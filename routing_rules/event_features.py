"""The fields of an event, in the words of rules."""

from datetime import datetime, timedelta

from routing_rules.fields import Features, in_words, yes_no
from routing_rules.pathway_features import pathway_features
from schemas.events import AnyEventData, EmergencyAttendance, MaracOutcome, PoliceDomesticAbuse
from schemas.person import Name
from schemas.values import AttendanceStatus, PersonStatus, Role

_ACCOMPANYING = frozenset({Role.ACCOMPANYING_ADULT, Role.PARENT})
_PARENTS = ("mum", "mam", "mummy", "mother", "dad", "daddy", "father", "parent", "parents")
_RELATIVES = ("nan", "nana", "gran", "grandma", "granny", "grandmother", "grandad", "granddad")
_OTHERS = ("grandpa", "grandfather", "aunt", "auntie", "uncle", "brother", "sister", "sibling")
_ELSE = ("carer", "guardian", "friend", "partner", "stepmum", "stepdad", "unknown")
_NO_NAMES = frozenset({*_PARENTS, *_RELATIVES, *_OTHERS, *_ELSE})
"""What stands in place of a name where nobody asked for it (report, para 1.29)."""


def event_features(data: AnyEventData, *, at: datetime, overdue_after: timedelta) -> Features:
    """The event's own fields, in the vocabulary's words."""
    match data:
        case PoliceDomesticAbuse():
            return {
                "risk": in_words(data.risk),
                "incident types": frozenset(map(in_words, data.incident_types)),
                "children present": in_words(data.children_present),
            }
        case EmergencyAttendance():
            return _attendance_features(data, at, overdue_after)
        case MaracOutcome():
            return {
                "criteria": frozenset(map(in_words, data.criteria)),
                "repeat": yes_no(data.repeat),
            }
        case _:
            return pathway_features(data)


def _attendance_features(
    data: EmergencyAttendance, at: datetime, overdue_after: timedelta
) -> Features:
    return {
        "department": in_words(data.department),
        "status": in_words(data.status),
        "departure": _departure(data, at, overdue_after),
        "category": in_words(data.category),
        "concerns": frozenset(map(in_words, data.concerns)),
        "disposal": in_words(data.disposal),
        "perceived risk": in_words(data.perceived_risk),
        "parent contacted": in_words(data.parent_contacted),
        "caring responsibilities": in_words(data.caring_responsibilities),
        "accompanying adult": _accompanied(data),
    }


def _accompanied(data: EmergencyAttendance) -> str:
    """Whether the full name of an adult who came with the patient is recorded."""
    adults = [
        person
        for person in data.people
        if person.role in _ACCOMPANYING and person.status is not PersonStatus.ENTERED_IN_ERROR
    ]
    if not adults:
        return "not recorded"
    return "named" if any(_is_full(person.name) for person in adults) else "not named"


def _is_full(name: Name | None) -> bool:
    """Whether it is a name, given and family: "Mum" is none, and nor is "Mum Example"."""
    parts = () if name is None else (name.given, name.family)
    return bool(parts) and all(
        part is not None and part.strip().casefold() not in _NO_NAMES for part in parts
    )


def _departure(data: EmergencyAttendance, at: datetime, overdue_after: timedelta) -> str:
    """Whether the person has left, is awaited to, or should have long ago.

    An attendance whose status or arrival is not known counts as overdue: it cannot be waited for.
    """
    if data.status is AttendanceStatus.DEPARTED or data.departed_at is not None:
        return "recorded"
    if data.arrived_at is None or data.status is AttendanceStatus.UNKNOWN:
        return "overdue"
    return "overdue" if at - data.arrived_at >= overdue_after else "awaited"
