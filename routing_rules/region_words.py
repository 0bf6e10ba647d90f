"""A region of a proof's space in plain words, as a rule owner would say it.

Only what tells is said: a field whose possible values are all in the region is left out, unless
the nearest rule tests it (`any risk`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from routing_rules.boxes import Budget, Piece
from routing_rules.proof_ground import Ground
from routing_rules.proof_places import Asked, Pupil
from routing_rules.proof_space import DERIVED, Cuts, flag_dimension
from routing_rules.vocabulary import Field, FieldKind

_READ_AS = {
    Asked.DISTRICT: ("home", "district"),
    Asked.PROVIDER: ("booking",),
    Asked.PRACTICE: ("practice",),
    Asked.SCHOOL: ("school", "school type"),
    Asked.SITE: ("hospital",),
}
"""The fields that are read from each dimension that the directory is asked with, coarsest first."""
_LISTED_BEFORE_THE_REST = 4


def region_in_words(
    region: Piece, ground: Ground, budget: Budget, mention: Iterable[str] = ()
) -> tuple[str, ...]:
    """What is so throughout a region, field by field; `mention` are fields to be named anyway."""
    wording = _Wording(_telling_part(region, ground, budget), ground, budget, frozenset(mention))
    return tuple(wording.phrases())


def _telling_part(region: Piece, ground: Ground, budget: Budget) -> Piece:
    """The region without what follows from the rest of it, one dimension after another."""
    layout = ground.space.layout
    for name in reversed(layout.tested(region)):
        freed = region | layout.runs[name]
        beyond = freed & layout.only(name, freed & layout.runs[name] & ~region)
        if not ground.can_be(beyond, budget):
            region = freed
    return region


@dataclass(frozen=True, slots=True)
class _Wording:
    region: Piece
    ground: Ground
    budget: Budget
    mention: frozenset[str]

    def phrases(self) -> Iterator[str]:
        space = self.ground.space
        fields = [*space.person_fields.values(), *space.event_fields.values()]
        fields.sort(key=lambda field: field.name != "role")
        for field in fields:
            if field.name not in DERIVED:
                yield from self._field(field)
        for asked in Asked:
            yield from self._asked(asked)

    def _field(self, field: Field) -> Iterator[str]:
        if field.kind is FieldKind.FLAGS:
            yield from self._flags(field)
            return
        told = self._telling(field.name)
        if told is None:
            if field.name in self.mention:
                yield f"any {field.name}"
        elif field.kind is FieldKind.NUMBER:
            cuts = self.ground.space.numbers[field.name]
            yield f"{field.name} {_one_of(_numbers_in_words(cuts, told))}"
        else:
            chosen = [field.values[number] for number in told]
            others = [field.values[number] for number in self._possible(field.name)]
            yield f"{field.name} {_chosen(chosen, others)}"

    def _flags(self, field: Field) -> Iterator[str]:
        there: list[str] = []
        absent: list[str] = []
        for word in field.values:
            told = self._telling(flag_dimension(field.name, word))
            if told is not None:
                (there if told == [1] else absent).append(word)
        if there:
            yield f"{field.name} include {' and '.join(there)}"
        if absent:
            yield f"{field.name} without {', '.join(absent)}"
        if not there and not absent and field.name in self.mention:
            yield f"any {field.name}"

    def _asked(self, asked: Asked) -> Iterator[str]:
        told = self._telling(asked)
        if told is None:
            yield from (f"any {name}" for name in _READ_AS[asked] if name in self.mention)
            return
        possible = self._possible(asked)
        for name in _READ_AS[asked]:
            by_word = self.ground.reading.derived[name]
            words = {
                word: set(self.ground.space.layout.numbers(asked, bits)) & set(possible)
                for word, bits in by_word.items()
            }
            chosen = [word for word, numbers in words.items() if numbers and numbers <= set(told)]
            if set().union(*(words[word] for word in chosen)) == set(told):
                yield f"{name} {_chosen(chosen, [word for word in words if words[word]])}"
                return
        yield f"{asked} {_one_of(self._labels(asked, told))}"

    def _labels(self, asked: Asked, told: Sequence[int]) -> list[str]:
        labels = [self._label(asked, number) for number in told]
        labels = list(dict.fromkeys(labels))
        more = len(labels) - _LISTED_BEFORE_THE_REST
        return labels if more < 2 else [*labels[:_LISTED_BEFORE_THE_REST], f"{more} more"]

    def _label(self, asked: Asked, number: int) -> str:
        places, reading = self.ground.space.places, self.ground.reading
        match asked:
            case Asked.PROVIDER:
                code = places.providers[number]
                names = reading.rulebook.directory.organisations
                return "none" if code is None else names.get(code, "one that is not listed")
            case Asked.SITE:
                return str(places.sites[number])
            case _:  # districts and practices are always said by their fields
                return self._school(places.schools[number])

    def _school(self, pupil: Pupil) -> str:
        reading = self.ground.reading
        kind = reading.kind_of(pupil)
        if pupil.urn is None:
            return f"{kind}, which one is not known"
        listed = reading.rulebook.directory.school(pupil.urn, self.ground.space.on)
        if listed is None:
            return f"{kind}, not in the directory"
        districts = reading.rulebook.settings.districts
        return f"{kind} in {districts.get(listed.district, listed.district)}"

    def _telling(self, name: str) -> list[int] | None:
        """The values in the region, where that leaves out one that could be there instead."""
        layout = self.ground.space.layout
        if name not in layout.tested(self.region):
            return None
        possible = self._possible(name)
        return [number for number in layout.numbers(name, self.region) if number in possible]

    def _possible(self, name: str) -> list[int]:
        """The values that this dimension could have, all others being as in the region."""
        layout = self.ground.space.layout
        freed = self.region | layout.runs[name]
        each = [layout.only(name, layout.values(name, [n])) for n in range(layout.sizes[name])]
        can_be = self.ground.can_be
        return [n for n, only in enumerate(each) if can_be(freed & only, self.budget)]


def _numbers_in_words(cuts: Cuts, told: Sequence[int]) -> list[str]:
    """Pieces as phrases of rules, neighbours joined: `under 5`, `10 to 17`, `unknown`."""
    phrases: list[str] = []
    known = [number for number in told if number < len(cuts.firsts)]
    while known:
        first = last = known.pop(0)
        while known and known[0] == last + 1:
            last = known.pop(0)
        phrases.append(_span(cuts, cuts.firsts[first], cuts.last(last)))
    return phrases + (["unknown"] if len(cuts.firsts) in told else [])


def _span(cuts: Cuts, low: int, high: int) -> str:
    if low == cuts.firsts[0] and high == cuts.high:
        return "known"
    if low == cuts.firsts[0]:
        return f"under {high + 1}"
    if high == cuts.high:
        return f"at least {low}"
    return f"exactly {low}" if low == high else f"{low} to {high}"


def _chosen(chosen: Sequence[str], among: Sequence[str]) -> str:
    """The chosen words, or all but a few."""
    others = [word for word in among if word not in chosen]
    is_shorter = len(chosen) > _LISTED_BEFORE_THE_REST and len(others) < len(chosen)
    return f"other than {_one_of(others)}" if others and is_shorter else _one_of(chosen)


def _one_of(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
