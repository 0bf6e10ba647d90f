"""Cases as they are written: what happens, which rules fire, and who is told.

A case stands beside the rules that it shows, and is read aloud like them. These are values only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from routing_rules.source_text import Position
from schemas.events import Event
from schemas.values import Ask, EventType, Handling, Service, Urgency


@dataclass(frozen=True, slots=True)
class Telling:
    """One line of `told`: what is not stated may be anything.

    `asks` are exactly these; of `handling` there may be more.
    """

    about: str
    service: Service
    position: Position
    recipient: str | None = None
    urgency: Urgency | None = None
    asks: frozenset[Ask] | None = None
    handling: frozenset[Handling] = frozenset()
    instead_of: Service | None = None


@dataclass(frozen=True, slots=True)
class Untold:
    """One line of `not told`: nobody, or only this one service, hears nothing of the person."""

    about: str
    position: Position
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class RuleCase:
    """One case. `fires` and `does_not_fire` name rules, the other two name withhold blocks.

    `children` gives, by the ref that the register's children have in the event, their names.
    """

    name: str
    position: Position
    type: EventType
    event: Event
    known: tuple[Event, ...] = ()
    children: Mapping[str, str] = field(default_factory=dict)
    fires: tuple[str, ...] = ()
    does_not_fire: tuple[str, ...] = ()
    withholds: tuple[str, ...] = ()
    does_not_withhold: tuple[str, ...] = ()
    told: tuple[Telling, ...] = ()
    not_told: tuple[Untold, ...] = ()
