"""A rulebook's rules as they are written: what a rule owner reads aloud, typed.

These are values only. `loader` makes them from YAML; `interpreter` and `compiler` evaluate them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from routing_rules.source_text import Position
from schemas.values import Ask, EventType, Service, Urgency


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Whole numbers from `low` to `high`, both included.

    `phrase` is how the rule says it (`under 5`); it is no part of what the range is.
    """

    low: int
    high: int
    phrase: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.phrase or f"{self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class Condition:
    """One field and the values that it may have.

    A choice matches when its word is one of `words`; flags match when any of `words` is present;
    a number matches when it lies in one of `ranges`. An unknown number matches only when
    `or_unknown`; an unknown choice only when its word is named.
    """

    field: str
    position: Position
    words: frozenset[str] = frozenset()
    ranges: tuple[NumberRange, ...] = ()
    or_unknown: bool = False


class Place(StrEnum):
    """How the recipient of a tell line is found."""

    BOOKED_PROVIDER = "at the booked provider"
    REGISTERED_PRACTICE = "at the registered practice"
    HOME_DISTRICT = "of the home district"
    SCHOOL = "of the school"
    ATTENDING_HOSPITAL = "of the attending hospital"
    FAMILY_NURSES = "of the home district's family nurses"
    COUNTY = "of the county"
    MIDWIFERY_TRUST = "of the home district's midwifery trust"
    HEALTH_VISITING_TRUST = "of the home district's health visiting trust"
    SCHOOL_NURSING_TRUST = "of the home district's school nursing trust"
    CAMHS_TRUST = "of the home district's camhs trust"
    ADULT_MENTAL_HEALTH_TRUST = "of the home district's adult mental health trust"
    FORMER_DISTRICT = "of the former district"
    SENDING_ORGANISATION = "of the sending organisation"
    EVERY_HOSPITAL = "of every hospital"


class Unless(StrEnum):
    """When a tell line goes to its other place instead."""

    NO_BOOKING = "if no booking"
    HOME_EDUCATED = "if home educated"
    NO_SCHOOL = "if no school"
    INDEPENDENT_SCHOOL = "if independent school"


@dataclass(frozen=True, slots=True)
class UrgencyByField:
    """An urgency that depends on one choice field (of the event, or of the person)."""

    field: str
    of_person: bool
    by_word: Mapping[str, Urgency]


@dataclass(frozen=True, slots=True)
class Instead:
    """Another service and place for a case that the tell line names."""

    when: Unless
    service: Service
    place: Place


@dataclass(frozen=True, slots=True)
class Tell:
    """One line of `tell`: which service, where, how soon, and what it is asked."""

    service: Service
    place: Place
    urgency: Urgency | UrgencyByField
    asks: tuple[Ask, ...]
    position: Position
    instead: tuple[Instead, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to tell. Every rule that matches fires; there is no order and no priority.

    It matches an event when all of `when` hold, and then each person for whom all of `about`
    hold. `once_per_days`: it fires once per crossing in that many days. `pathways` are those of
    the inspection report that it serves (`P12`); they decide nothing.
    """

    name: str
    why: str
    event: EventType
    when: tuple[Condition, ...]
    about: tuple[Condition, ...]
    tell: tuple[Tell, ...]
    sources: tuple[str, ...]
    owner: str
    review_by: date
    position: Position
    once_per_days: int | None = None
    pathways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ButStill:
    """Who still hears of another concern of the same event, with nothing of the withheld one."""

    when: tuple[Condition, ...]
    services: frozenset[Service]


@dataclass(frozen=True, slots=True)
class Withhold:
    """Subtracts from every rule, whatever fired: only the services of `except_` are told.

    `basis` is the lawful basis of not sharing, which is stored with the decision.
    """

    name: str
    event: EventType
    when: tuple[Condition, ...]
    about: tuple[Condition, ...]
    except_: frozenset[Service]
    but_still: tuple[ButStill, ...]
    position: Position
    why: str | None = None
    sources: tuple[str, ...] = ()
    owner: str | None = None
    review_by: date | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class RuleDocument:
    """All rules and withhold blocks of a rulebook, in the order of files and lines."""

    rules: tuple[Rule, ...]
    withholds: tuple[Withhold, ...]
