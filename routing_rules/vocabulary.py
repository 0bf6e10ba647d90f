"""The words that rules may use: for each kind of event its fields, and the values of each.

Every field is finite (a choice, a set of yes/no flags, or a number that rules cut into phrases),
so that every rule is a product of allowed values. Words are those of the schemas, with spaces.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from schemas.registration import FlagKind
from schemas.values import (
    AttendanceCategory,
    AttendanceStatus,
    Concern,
    Department,
    Disposal,
    EventType,
    IncidentType,
    MaracCriterion,
    PerceivedRisk,
    Pregnant,
    Recorded,
    Risk,
    Role,
    SchoolType,
    Service,
    Sex,
    YesNo,
)

FeatureValue = str | frozenset[str] | int | None
"""A choice's word, the set of flags that are present, or a number (None: unknown)."""
Features = Mapping[str, FeatureValue]
"""The value of every field of one event, or of one person in it, by the field's name."""


class FieldKind(StrEnum):
    """How a field's values are made."""

    CHOICE = "choice"
    FLAGS = "flags"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Field:
    """A field that conditions may test. `values` is empty for a number.

    A number's `low` and `high` are the least and the greatest value it can have; above or below
    is no possible fact. A number may always be unknown, which no phrase but `unknown` covers.
    """

    name: str
    kind: FieldKind
    values: tuple[str, ...] = ()
    low: int = 0
    high: int = 0

    @property
    def unknown(self) -> str | None:
        """The word for a value that is not known, where the field has one."""
        if self.kind is FieldKind.NUMBER:
            return "unknown"
        return next(
            (word for word in ("unknown", "not assessed", "not recorded") if word in self.values),
            None,
        )


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
DEPARTURES = ("recorded", "awaited", "overdue")
ACCOMPANIED = ("named", "not named", "not recorded")


def words(values: Iterable[str]) -> tuple[str, ...]:
    """The words of an enumeration as rules write them: `not_assessed` is `not assessed`."""
    return tuple(in_words(value) for value in values)


def in_words(value: str) -> str:
    """One value as rules write it."""
    return value.replace("_", " ")


SERVICE_WORDS: Mapping[str, Service] = {
    service.value.replace("-", " "): service for service in Service
}
"""Services as rules write them: `health visiting`."""


def _choice(name: str, values: Iterable[str]) -> Field:
    return Field(name, FieldKind.CHOICE, words(values))


def _flags(name: str, values: Iterable[str]) -> Field:
    return Field(name, FieldKind.FLAGS, words(values))


def _named(*fields: Field) -> Mapping[str, Field]:
    return {field.name: field for field in fields}


def attendances_in(days: int) -> str:
    """The field that counts somebody's unplanned attendances, this one included."""
    return f"attendances in {days} days"


def _person_fields(districts: Iterable[str], windows: Iterable[int]) -> tuple[Field, ...]:
    return (
        _choice("role", Role),
        _choice("also victim", ("yes", "no")),
        _choice("also alleged perpetrator", ("yes", "no")),
        Field("age", FieldKind.NUMBER, low=0, high=130),
        _choice("stage", STAGES),
        _choice("pregnant", Pregnant),
        _choice("sex", Sex),
        _choice("home", HOME_WORDS),
        _choice("district", (*districts, "elsewhere", "unknown")),
        _choice("booking", BOOKINGS),
        _choice("practice", PRACTICES),
        _choice("school type", SchoolType),
        _choice("address restricted", YesNo),
        _flags("flags", FlagKind),
        _flags("parent's role", Role),
        *(Field(attendances_in(days), FieldKind.NUMBER, high=1000) for days in sorted({*windows})),
    )


_EVENT_FIELDS: tuple[tuple[str, EventType, tuple[Field, ...]], ...] = (
    (
        "police domestic abuse",
        EventType.POLICE_DOMESTIC_ABUSE,
        (
            _choice("risk", Risk),
            _flags("incident types", IncidentType),
            _choice("children present", YesNo),
        ),
    ),
    (
        "emergency attendance",
        EventType.EMERGENCY_ATTENDANCE,
        (
            _choice("department", Department),
            _choice("status", AttendanceStatus),
            _choice("departure", DEPARTURES),
            _choice("category", AttendanceCategory),
            _flags("concerns", Concern),
            _choice("disposal", Disposal),
            _choice("perceived risk", PerceivedRisk),
            _choice("parent contacted", Recorded),
            _choice("caring responsibilities", Recorded),
            _choice("accompanying adult", ACCOMPANIED),
        ),
    ),
    (
        "marac outcome",
        EventType.MARAC_OUTCOME,
        (_flags("criteria", MaracCriterion), _choice("repeat", YesNo)),
    ),
)


def build_vocabulary(districts: Iterable[str], windows: Iterable[int] = ()) -> Vocabulary:
    """The vocabulary of a county whose home districts have these names.

    `windows` are the lengths, in days, of the periods in which attendances are counted.
    """
    person = _named(*_person_fields(tuple(districts), windows))
    return {
        phrase: EventVocabulary(phrase, event_type, _named(*fields), person)
        for phrase, event_type, fields in _EVENT_FIELDS
    }
