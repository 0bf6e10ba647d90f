"""What is remembered of answers about people, by all that they follow from, and for how long."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

from routing_rules.compiler import Rows
from schemas.values import Service

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


@dataclass(slots=True)
class Memory:
    """What was worked out, by all that it follows from.

    Of each kind `most`. Of `notices` that are None it is the teams' hours that decide: these are
    kept `by_the_clock`.
    """

    most: int = MOST
    events: dict[Hashable, Met] = field(default_factory=dict)
    people: dict[Hashable, Met] = field(default_factory=dict)
    places: dict[Hashable, Where] = field(default_factory=dict)
    notices: dict[Hashable, tuple[Notice, ...] | None] = field(default_factory=dict)
    by_the_clock: dict[Hashable, tuple[Notice, ...]] = field(default_factory=dict)

    def make_room(self) -> None:
        """Forgets what has grown too large."""
        every = (self.events, self.people, self.places, self.notices, self.by_the_clock)
        for each in every:
            if len(each) >= self.most:
                each.clear()
