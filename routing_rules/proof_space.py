"""The space of a proof: everything that an event and one person in it can be, cut into boxes.

Every field of the vocabulary is a dimension, or several: a list field has one for each of its
values, which is there or not. Numbers are cut at the thresholds that anything compares them with.
Fields that follow from where the directory is asked (home, booking, kind of school) are read from
those dimensions instead of having their own.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from routing_rules.boxes import Layout, Piece
from routing_rules.columns import cuts_of
from routing_rules.document import Condition
from routing_rules.promises import AT_A_SITE, MAY_BE_VIOLENT, PERPETRATOR_NAMED
from routing_rules.proof_places import Asked, Places, places_of
from routing_rules.rulebook import Rulebook
from routing_rules.vocabulary import EventVocabulary, Field, FieldKind
from schemas.values import EventType

AGE = "age"
_AGES = (4, 5, 6, 18)
"""Where ages and stages of school meet (`proof_limits`)."""
DERIVED = {
    "home": Asked.DISTRICT,
    "district": Asked.DISTRICT,
    "booking": Asked.PROVIDER,
    "practice": Asked.PRACTICE,
    "school type": Asked.SCHOOL,
    "school": Asked.SCHOOL,
    "hospital": Asked.SITE,
}
"""Fields that are read from what the directory is asked with."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """A number in pieces: piece n begins at `firsts[n]`; the value after the last is unknown."""

    firsts: tuple[int, ...]
    high: int

    def numbers(self, condition: Condition) -> set[int]:
        """The pieces that a condition allows; none is cut through by it."""
        found = {
            number
            for number, first in enumerate(self.firsts)
            if any(each.low <= first <= each.high for each in condition.ranges)
        }
        return found | ({len(self.firsts)} if condition.or_unknown else set())

    def piece_of(self, value: int | None) -> int:
        """The number of the piece in which a value lies."""
        return len(self.firsts) if value is None else bisect_right(self.firsts, value) - 1

    def last(self, number: int) -> int:
        """The last value of a piece."""
        after = number + 1
        return self.firsts[after] - 1 if after < len(self.firsts) else self.high


@dataclass(frozen=True, slots=True)
class Space:
    """The dimensions for one kind of event. `places` are the values of what is looked up."""

    type: EventType
    phrase: str
    event_fields: Mapping[str, Field]
    person_fields: Mapping[str, Field]
    numbers: Mapping[str, Cuts]
    places: Places
    layout: Layout
    on: date

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields of the event and of a person; no two have one name."""
        return {**self.event_fields, **self.person_fields}

    def choose(self, field: str, words: Iterable[str]) -> Piece:
        """Everything whose choice field is one of these words."""
        values = self.fields[field].values
        numbers = [values.index(word) for word in words if word in values]
        return self.layout.only(field, self.layout.values(field, numbers))

    def flagged(self, field: str, word: str, *, there: bool = True) -> Piece:
        """Everything in whose list field this value is there, or is not."""
        name = flag_dimension(field, word)
        return self.layout.only(name, self.layout.values(name, [int(there)]))

    def between(self, field: str, low: int, high: int, *, or_unknown: bool = False) -> Piece:
        """Everything whose number lies in a range that begins and ends at cuts."""
        cuts = self.numbers[field]
        numbers = {n for n, first in enumerate(cuts.firsts) if low <= first <= high}
        numbers |= {len(cuts.firsts)} if or_unknown else set()
        return self.layout.only(field, self.layout.values(field, numbers))

    def asked(self, name: Asked, numbers: Iterable[int]) -> Piece:
        """Everything for which the directory is asked with one of these values."""
        return self.layout.only(name, self.layout.values(name, list(numbers)))


def flag_dimension(field: str, word: str) -> str:
    """The dimension of one value of a list field."""
    return f"{field}: {word}"


def space_of(
    rulebooks: Sequence[Rulebook],
    event: EventVocabulary,
    conditions: Iterable[Condition],
    on: date,
) -> Space:
    """The space in which these rulebooks and conditions can be compared, for one kind of event."""
    events = [v for r in rulebooks for v in r.vocabulary.values() if v.type is event.type]
    event_fields = {name: f for each in events for name, f in each.event_fields.items()}
    person_fields = {name: f for each in events for name, f in each.person_fields.items()}
    if event.type in MAY_BE_VIOLENT:
        named = Field(PERPETRATOR_NAMED, FieldKind.CHOICE, ("yes", "no"))
        event_fields[PERPETRATOR_NAMED] = named
    fields = {**event_fields, **person_fields}
    numbers = _cuts(fields.values(), conditions)
    places = places_of(rulebooks, on, with_sites=event.type in AT_A_SITE)
    sizes = {
        name: size
        for field in fields.values()
        if field.name not in DERIVED
        for name, size in _sizes(field, numbers)
    }
    sizes |= {asked.value: places.size(asked) for asked in Asked}
    return Space(
        event.type, event.phrase, event_fields, person_fields, numbers, places, Layout(sizes), on
    )


def _sizes(field: Field, numbers: Mapping[str, Cuts]) -> Iterable[tuple[str, int]]:
    match field.kind:
        case FieldKind.CHOICE:
            return [(field.name, len(field.values))]
        case FieldKind.NUMBER:
            return [(field.name, len(numbers[field.name].firsts) + 1)]
        case FieldKind.FLAGS:
            return [(flag_dimension(field.name, word), 2) for word in field.values]


def _cuts(fields: Iterable[Field], conditions: Iterable[Condition]) -> Mapping[str, Cuts]:
    tests: dict[str, list[Condition]] = {}
    for condition in conditions:
        tests.setdefault(condition.field, []).append(condition)
    result = {}
    for field in fields:
        if field.kind is FieldKind.NUMBER:
            cuts = {*cuts_of(tests.get(field.name, [])), *(_AGES if field.name == AGE else ())}
            inside = sorted(cut for cut in cuts if field.low < cut <= field.high)
            result[field.name] = Cuts((field.low, *inside), field.high)
    return result


def pieces_where(
    space: Space, derived: Mapping[str, Mapping[str, int]], conditions: Sequence[Condition]
) -> list[Piece]:
    """The pieces in which all conditions hold: several where a list field has any of its values.

    `derived` gives, for each derived field, the bits of its dimension for each of its words.
    """
    found = []
    for choice in product(*(_alternatives(space, derived, each) for each in conditions)):
        piece = space.layout.everything
        for each in choice:
            piece &= each
        if space.layout.is_piece(piece):
            found.append(piece)
    return found


def _alternatives(
    space: Space, derived: Mapping[str, Mapping[str, int]], condition: Condition
) -> list[Piece]:
    name = condition.field
    if name in DERIVED:
        bits = sum(derived[name][word] for word in condition.words)
        return [space.layout.only(DERIVED[name], bits)]
    match space.fields[name].kind:
        case FieldKind.CHOICE:
            return [space.choose(name, condition.words)]
        case FieldKind.NUMBER:
            allowed = space.layout.values(name, list(space.numbers[name].numbers(condition)))
            return [space.layout.only(name, allowed)]
        case FieldKind.FLAGS:
            return [space.flagged(name, word) for word in sorted(condition.words)]
