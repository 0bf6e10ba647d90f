"""The words that rules may use: for each kind of event its fields, and the values of each.

Every field is finite (a choice, a set of yes/no flags, or a number that rules cut into phrases),
so that every rule is a product of allowed values. Words are those of the schemas, with spaces.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from routing_rules.event_fields import EVENT_FIELDS, OWN_PERSON_FIELDS
from routing_rules.fields import (
    Features,
    FeatureValue,
    Field,
    FieldKind,
    choice,
    flags,
    in_words,
    phrase_of,
    words,
)
from schemas.registration import FlagKind
from schemas.values import EventType, Pregnant, Role, SchoolType, Service, Sex, YesNo

__all__ = [
    "BOOKINGS",
    "HOME_WORDS",
    "PRACTICES",
    "SERVICE_WORDS",
    "STAGES",
    "EventVocabulary",
    "FeatureValue",
    "Features",
    "Field",
    "FieldKind",
    "Vocabulary",
    "attendances_in",
    "build_vocabulary",
    "in_words",
    "phrase_of",
    "words",
]


@dataclass(frozen=True, slots=True)
class EventVocabulary:
    """The fields of one kind of event: of the event itself and of each person in it."""

    phrase: str
    type: EventType
    event_fields: Mapping[str, Field]
    person_fields: Mapping[str, Field]


Vocabulary = Mapping[str, EventVocabulary]
"""Every kind of event by the phrase that rules use for it."""

HOME_WORDS = ("in the county", "elsewhere", "unknown")
STAGES = ("unborn", "before school", "starting school", "school age", "adult", "unknown")
BOOKINGS = ("with a listed provider", "elsewhere", "none")
PRACTICES = ("listed", "elsewhere", "unknown")


SERVICE_WORDS: Mapping[str, Service] = {
    service.value.replace("-", " "): service for service in Service
}
"""Services as rules write them: `health visiting`."""


def _named(*fields: Field) -> Mapping[str, Field]:
    return {field.name: field for field in fields}


def attendances_in(days: int) -> str:
    """The field that counts somebody's unplanned attendances, this one included."""
    return f"attendances in {days} days"


def _person_fields(districts: Iterable[str], windows: Iterable[int]) -> tuple[Field, ...]:
    return (
        choice("role", Role),
        choice("also victim", ("yes", "no")),
        choice("also alleged perpetrator", ("yes", "no")),
        Field("age", FieldKind.NUMBER, low=0, high=130),
        choice("stage", STAGES),
        choice("pregnant", Pregnant),
        choice("sex", Sex),
        choice("home", HOME_WORDS),
        choice("district", (*districts, "elsewhere", "unknown")),
        choice("booking", BOOKINGS),
        choice("practice", PRACTICES),
        choice("school type", SchoolType),
        choice("address restricted", YesNo),
        flags("flags", FlagKind),
        flags("parent's role", Role),
        *(Field(attendances_in(days), FieldKind.NUMBER, high=1000) for days in sorted({*windows})),
    )


def build_vocabulary(districts: Iterable[str], windows: Iterable[int] = ()) -> Vocabulary:
    """The vocabulary of a county whose home districts have these names.

    `windows` are the lengths, in days, of the periods in which attendances are counted.
    """
    person = _person_fields(tuple(districts), windows)
    events = (
        EventVocabulary(
            phrase=phrase_of(event_type),
            type=event_type,
            event_fields=_named(*fields),
            person_fields=_named(*person, *OWN_PERSON_FIELDS.get(event_type, ())),
        )
        for event_type, fields in EVENT_FIELDS.items()
    )
    return {event.phrase: event for event in events}
