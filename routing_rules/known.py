"""What the register and the history say about people: rows of what was told, and by which event.

Rows are never changed or resolved here: reading folds them (`routing_rules.register_fold`), so
their order of arrival cannot matter. A `Known` is all that one occurrence's facts may look at,
and is stored with its decision: a replay reads it back and comes to the same answer.

All times are UTC. NHS numbers are ten digits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from pydantic import JsonValue, TypeAdapter, ValidationError

from routing_rules.decision import Json
from schemas.person import Name
from schemas.values import (
    AttendanceCategory,
    BabyOutcome,
    EventStatus,
    IdentityReason,
    PregnancyOutcome,
    Relation,
)


@dataclass(frozen=True, slots=True)
class Told:
    """The event that told something, as `source|id`, and its place in its publisher's order."""

    event: str
    publisher: str
    published_at: datetime
    sequence: int = -1
    status: EventStatus = EventStatus.NEW

    @property
    def corrects(self) -> bool:
        """Whether it tells anew what its publisher said of the same occurrence."""
        return self.status is EventStatus.UPDATED

    @property
    def withdraws(self) -> bool:
        """Whether it takes back what its publisher said of the same occurrence."""
        return self.status in (EventStatus.CANCELLED, EventStatus.ENTERED_IN_ERROR)

    @property
    def place(self) -> tuple[datetime, int]:
        """Its place among the events of one publisher, whatever their order of arrival."""
        return self.published_at, self.sequence


class Recorded(Protocol):
    """A row that says since when what it tells was recorded."""

    @property
    def recorded_at(self) -> datetime:
        """When the register learned it."""

    @property
    def told(self) -> Told:
        """The event that told it."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What one event says of one person. `fields` holds only what was given; null clears.

    `verified` is whether the NHS number was verified or traced; one that was not counts only if
    its date of birth is that of the verified registrations.
    """

    nhs_number: str
    recorded_at: datetime
    told: Told
    fields: Mapping[str, JsonValue]
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """What `from_` is to `to`, which is an NHS number or names a pregnancy."""

    from_: str
    to: str
    relation: Relation
    recorded_at: datetime
    ended_at: datetime | None
    told: Told

    @property
    def ends(self) -> tuple[str, ...]:
        """Its ends that are NHS numbers."""
        return tuple(end for end in (self.from_, self.to) if _is_number(end))

    @property
    def pregnancy_id(self) -> str | None:
        """The name of the pregnancy to whose children it leads, if it leads to unborn ones."""
        return None if _is_number(self.to) else self.to


@dataclass(frozen=True, slots=True)
class Booking:
    """What one event says of a booked pregnancy; an event without `pregnancy_id` stands alone.

    `mother` is her NHS number. If it is not verified, it counts only with her date of birth.
    """

    pregnancy_id: str | None
    provider: str | None
    mother: str | None
    booked_at: datetime | None
    expected_due_date: date | None
    told: Told
    verified: bool = True
    date_of_birth: date | None = None

    @property
    def pregnancy(self) -> tuple[str, str]:
        """Equal for all events of one publisher about one pregnancy."""
        return self.told.publisher, self.pregnancy_id or f"event:{self.told.event}"


@dataclass(frozen=True, slots=True)
class Attendance:
    """An emergency attendance as all its events now tell it: one row per occurrence.

    `counts` is false for one that was cancelled, planned, or the arrival of an onward referral.
    `happened` is false for one that was cancelled; only another may be an arrival, which it is by
    the referral that it names, or by its site.
    """

    nhs_number: str
    arrived_at: datetime
    occurrence_id: UUID
    category: AttendanceCategory
    counts: bool
    verified: bool = True
    date_of_birth: date | None = None
    site: str | None = None
    arrived_referral_id: str | None = None
    happened: bool = True


@dataclass(frozen=True, slots=True)
class SentOn:
    """Somebody was sent on to another site, as all events of the referral now tell it."""

    nhs_number: str
    sent_at: datetime
    occurrence_id: UUID
    referral_id: str | None
    to_site: str | None


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that may fire once in a while has fired for a person."""

    rule: str
    nhs_number: str
    occurred_at: datetime
    occurrence_id: UUID


@dataclass(frozen=True, slots=True)
class Identity:
    """One NHS number gives way to another, or two that were joined are parted.

    `to` may be left out only of a protected one.
    """

    from_: str
    to: str | None
    reason: IdentityReason
    recorded_at: datetime
    told: Told

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that it speaks of."""
        return (self.from_,) if self.to is None else (self.from_, self.to)


@dataclass(frozen=True, slots=True)
class Newborn:
    """One baby of a birth; `order` is its place among several, from 1."""

    order: int
    outcome: BabyOutcome
    nhs_number: str | None
    name: Name | None
    date_of_birth: date | None


@dataclass(frozen=True, slots=True)
class Ending:
    """A birth, or the end of a pregnancy, as all its events now tell it: one row an occurrence.

    `stands` is false for one that was withdrawn. `mother` as in a `Booking`. A birth has the
    outcome `birth`, whatever became of the babies.
    """

    occurrence_id: UUID
    publisher: str
    pregnancy_id: str | None
    mother: str | None
    ended_at: datetime
    outcome: PregnancyOutcome
    babies: tuple[Newborn, ...] = ()
    stands: bool = True
    verified: bool = True
    date_of_birth: date | None = None

    @property
    def pregnancy(self) -> tuple[str, str]:
        """Equal to that of the pregnancy's bookings."""
        return self.publisher, self.pregnancy_id or f"occurrence:{self.occurrence_id}"

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the mother and of the babies."""
        everybody = (self.mother, *(baby.nhs_number for baby in self.babies))
        return tuple(number for number in everybody if number)


Row = Registration | Link | Booking | Attendance | SentOn | Firing | Identity | Ending
"""What is stored, one row at a time."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known about some people, each kind of row by their NHS numbers.

    A link stands under both its ends; a pregnancy's bookings, all of them, under each number that
    any of them gives for the mother. Rows are sorted, so that equal knowledge is equal.

    `endings` stand under the mother and each baby. `called` gives, for each number that was joined
    to another, the one that holds: rows stand under that one only, and speak of no other.
    """

    registrations: Mapping[str, tuple[Registration, ...]]
    links: Mapping[str, tuple[Link, ...]]
    bookings: Mapping[str, tuple[Booking, ...]]
    attendances: Mapping[str, tuple[Attendance, ...]]
    firings: Mapping[str, tuple[Firing, ...]]
    endings: Mapping[str, tuple[Ending, ...]] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> "Known":
        """Nothing is known about anybody."""
        return cls({}, {}, {}, {}, {})

    def as_json(self) -> dict[str, Json]:
        """As it is stored; `known_from_json` reads it back."""
        stored: dict[str, Json] = _JSON.dump_python(self, mode="json")
        return stored


def _is_number(end: str) -> bool:
    return len(end) == 10 and end.isdecimal()


NOTHING_KNOWN = Known.empty()
_JSON = TypeAdapter(Known)


def known_from_json(stored: Mapping[str, Json]) -> Known:
    """What `Known.as_json` wrote.

    Raises:
        ValueError: it is not that. The message holds nothing of what was stored.
    """
    try:
        return _JSON.validate_python(stored)
    except ValidationError:
        raise ValueError("not what is known as it was stored") from None
