"""What is remembered of answers about people, by all that they follow from, and for how long."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from routing_rules.compiler import Rows
from routing_rules.directory import Directory
from routing_rules.document import UrgencyByField
from routing_rules.rulebook import Rulebook
from routing_rules.service_hours import ServiceHours
from schemas.values import EventType, Service

MOST = 50_000
"""So many answers are remembered, then all are forgotten: a process must not grow for ever."""


class Notice(NamedTuple):
    """Who is told of somebody, for which service it stands, and the rules that say so."""

    service: Service
    recipient: str
    stands_for: Service | None
    rules: tuple[str, ...]


class Met(NamedTuple):
    """Which blocks an event or a person meets, and their words by which a rule is urgent."""

    rows: Rows
    words: tuple[object, ...]


class Where(NamedTuple):
    """A person's places as far as the directory tells them apart, and in the words of rules."""

    district: str | None
    distinct: tuple[Hashable, ...]
    booking: str
    practice: str


class Answer(NamedTuple):
    """By which of one human's refs, and as of which district, who is told of them."""

    place: int
    district: str | None
    notices: tuple[Notice, ...]


@dataclass(slots=True)
class Memory:
    """What was worked out, by all that it follows from.

    Of each kind `most`. `alike` are answers by all that was stored of somebody, which are found
    soonest. Of `notices` that are None it is the teams' hours that decide: these are kept
    `by_the_clock`.
    """

    most: int = MOST
    alike: dict[Hashable, tuple[Answer, ...]] = field(default_factory=dict)
    events: dict[Hashable, Met] = field(default_factory=dict)
    people: dict[Hashable, Met] = field(default_factory=dict)
    places: dict[Hashable, Where] = field(default_factory=dict)
    notices: dict[Hashable, tuple[Notice, ...] | None] = field(default_factory=dict)
    by_the_clock: dict[Hashable, tuple[Notice, ...]] = field(default_factory=dict)

    def make_room(self) -> None:
        """Forgets what has grown too large."""
        every: tuple[dict[Hashable, Any], ...] = (
            self.alike, self.events, self.people, self.places, self.notices, self.by_the_clock
        )  # fmt: skip
        for each in every:
            if len(each) >= self.most:
                each.clear()


class UrgentBy(NamedTuple):
    """The fields of an event, and of a person, that decide how urgent a rule is."""

    event: tuple[str, ...]
    person: tuple[str, ...]


class Once(NamedTuple):
    """A rule that fires once in so many days, and its row."""

    row: int
    rule: str
    days: int


def urgent_by(rulebook: Rulebook) -> Mapping[EventType, UrgentBy]:
    """By kind of event, the fields that decide how urgent any of its rules is."""
    found: dict[EventType, UrgentBy] = {}
    for event_type in EventType:
        lines = [tell.urgency for rule in rulebook.rules_for(event_type) for tell in rule.tell]
        by_field = [each for each in lines if isinstance(each, UrgencyByField)]
        found[event_type] = UrgentBy(
            tuple(sorted({each.field for each in by_field if not each.of_person})),
            tuple(sorted({each.field for each in by_field if each.of_person})),
        )
    return found


def once(rulebook: Rulebook) -> Mapping[EventType, Sequence[Once]]:
    """By kind of event, the rules that fire once in a while."""
    return {
        event_type: [
            Once(1 << row, rule.name, rule.once_per_days)
            for row, rule in enumerate(rulebook.rules_for(event_type))
            if rule.once_per_days is not None
        ]
        for event_type in EventType
    }


def hours_that_matter(directory: Directory) -> tuple[ServiceHours, ...]:
    """When teams work that have somebody to stand in for them."""
    teams = chain.from_iterable(directory.by_recipient.values())
    hours = {t.hours.text: t.hours for t in teams if t.out_of_hours and not t.hours.always_open}
    return tuple(hours.values())
