"""One point of a proof's space: a value for everything that an event and a person in it can be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from routing_rules.boxes import Piece
from routing_rules.proof_places import Asked, Pupil
from routing_rules.proof_space import AGE, DERIVED, Space, flag_dimension
from routing_rules.vocabulary import Features, Field, FieldKind

_VARIED = ("stage", AGE, "departure", "status")
"""What the calendar ties together: of these each way is tried until an event can be made."""
_MOST_WAYS = 200
_PLAINEST = ("no", "", "unknown", "not recorded", "not assessed")
"""The words of choices that come first and last; all others stand in the empty one's place."""


@dataclass(frozen=True, slots=True)
class Point:
    """The number of the value in each dimension."""

    space: Space
    numbers: Mapping[str, int]

    def has(self, name: str) -> bool:
        """Whether there is such a dimension."""
        return name in self.numbers

    def word(self, name: str) -> str:
        """The word of a choice field that is a dimension of its own."""
        return self.space.fields[name].values[self.numbers[name]]

    def flags(self, name: str) -> tuple[str, ...]:
        """The values of a list field that are there."""
        values = self.space.fields[name].values
        return tuple(word for word in values if self.numbers[flag_dimension(name, word)])

    def number(self, name: str) -> int | None:
        """A number: the first of its piece; None where it is unknown."""
        firsts, number = self.space.numbers[name].firsts, self.numbers[name]
        return firsts[number] if number < len(firsts) else None

    @property
    def district(self) -> str | None:
        """The code of the home district."""
        return self.space.places.districts[self.numbers[Asked.DISTRICT]]

    @property
    def provider(self) -> str | None:
        """The code of the booked provider."""
        return self.space.places.providers[self.numbers[Asked.PROVIDER]]

    @property
    def practice(self) -> str | None:
        """The code of the registered practice."""
        return self.space.places.practices[self.numbers[Asked.PRACTICE]]

    @property
    def pupil(self) -> Pupil:
        """The school, and its kind as it is told."""
        return self.space.places.schools[self.numbers[Asked.SCHOOL]]

    @property
    def site(self) -> str | None:
        """The code of the attending hospital."""
        return self.space.places.sites[self.numbers[Asked.SITE]]


def points_of(piece: Piece, space: Space) -> Iterator[Point]:
    """Points of a piece: as plain as can be, then every way in which the calendar might fall."""
    chosen = {name: _plainest(name, piece, space) for name in space.layout.sizes}
    varied = [name for name in _VARIED if name in chosen]
    ways = product(*(_plain_first(name, piece, space) for name in varied))
    for way in islice(ways, _MOST_WAYS):
        yield Point(space, {**chosen, **dict(zip(varied, way, strict=True))})


def _plainest(name: str, piece: Piece, space: Space) -> int:
    return _plain_first(name, piece, space)[0]


def _plain_first(name: str, piece: Piece, space: Space) -> list[int]:
    """The values of a piece, known ones before those that are not."""
    numbers = space.layout.numbers(name, piece)
    field = space.fields.get(name)
    if field is None or field.kind is not FieldKind.CHOICE or name in DERIVED:
        return numbers
    plain = {word: place for place, word in enumerate(_PLAINEST)}
    return sorted(numbers, key=lambda number: plain.get(field.values[number], 1))


def differing(point: Point, features: Features, fields: Mapping[str, Field]) -> list[str]:
    """The fields, by name, of which facts that were gathered say something else than the point.

    What is looked up is left aside: its words are the rulebook's.
    """
    found = []
    for name in fields:
        if name in DERIVED or name not in features:
            continue
        if not _is_so(point, name, features):
            found.append(name)
    return found


def _is_so(point: Point, name: str, features: Features) -> bool:
    value = features[name]
    match value:
        case str():
            return point.word(name) == value
        case frozenset():
            return frozenset(point.flags(name)) == value
        case _:
            return point.space.numbers[name].piece_of(value) == point.numbers[name]
