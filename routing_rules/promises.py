"""Promises: what a rulebook must keep over every event that there could be.

These are values only. `promises_loader` makes them from `promises.yaml`; `proof` proves them.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from routing_rules.disclosure import Part
from routing_rules.document import Condition
from routing_rules.source_text import Position
from schemas.values import Ask, EventType, Service, Urgency

PERPETRATOR_NAMED = "alleged perpetrator named"
"""Whether it names an alleged perpetrator, without whom the other adults are guarded."""
MAY_BE_VIOLENT = frozenset(
    {EventType.EMERGENCY_ATTENDANCE, EventType.MATERNITY_CONCERN, EventType.COMMUNITY_CONTACT}
)
"""Events of somebody who may have been harmed (`subjects.may_be_violence`)."""
AT_A_SITE = frozenset({EventType.EMERGENCY_ATTENDANCE, EventType.ONWARD_REFERRAL})
"""Events that say at which hospital somebody was seen."""


class Kind(StrEnum):
    """What a promise promises, as it is written."""

    IS_TOLD = "is told"
    ONE_OF = "is told one of"
    OR_MASH = "is told or MASH owns it"
    HOME_TEAM = "is told to the team of the home district"
    NOBODY = "nobody is told"
    NOT_DISCLOSED = "no field is disclosed to"


@dataclass(frozen=True, slots=True)
class Promise:
    """About everybody who is as `about` says, in every event that is as `when` says.

    `services` are all told, or one of them, as the kind says; `within` and `asks` say by when, and
    what they are asked. `parts` are what must not be disclosed. `nobody_where` is a condition on
    the absence of a person, about which nothing can be proved. What the withhold blocks named by
    `unless_withheld_by` match is left out of the promise.
    """

    name: str
    why: str
    event: EventType
    when: tuple[Condition, ...]
    about: tuple[Condition, ...]
    kind: Kind
    services: tuple[Service, ...]
    sources: tuple[str, ...]
    owner: str
    review_by: date
    position: Position
    within: Urgency | None = None
    asks: tuple[Ask, ...] = ()
    parts: frozenset[Part] = frozenset()
    nobody_where: tuple[Condition, ...] = ()
    unless_withheld_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedFact:
    """What the rulebook states of the data: whoever is as `about` says is always as `always` says.

    Without `event` it holds in every kind of event. No proof can tell whether it is true, so every
    report lists it as an assumption.
    """

    name: str
    event: EventType | None
    when: tuple[Condition, ...]
    about: tuple[Condition, ...]
    always: tuple[Condition, ...]
    sources: tuple[str, ...]
    position: Position


@dataclass(frozen=True, slots=True)
class Promises:
    """All promises of a rulebook and the facts that it states, in the order of lines."""

    promises: tuple[Promise, ...] = ()
    facts: tuple[StatedFact, ...] = ()


NO_PROMISES = Promises()
