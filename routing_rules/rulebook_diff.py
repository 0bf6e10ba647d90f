"""What a change of a rulebook would do: who would be told that was not, and the reverse.

Each change is a region in words with an example. The pages that a rule owner signs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from routing_rules.boxes import Box, Budget, Piece, is_covered, leftovers, widened
from routing_rules.directory import holds_on
from routing_rules.example_events import Example, example_of
from routing_rules.example_times import Unbuildable
from routing_rules.gap_check import Replayed, replay
from routing_rules.gap_point import points_of
from routing_rules.proof_ground import Ground, conditions_of, ground_in
from routing_rules.proof_space import space_of
from routing_rules.region_words import region_in_words
from routing_rules.rulebook import Rulebook
from routing_rules.rulebook_facets import (
    Aspect,
    Extent,
    Facet,
    Facets,
    facets_of,
    told_facet,
    what_differs,
)
from routing_rules.rulebook_sameness import say_the_same
from routing_rules.source_text import Position
from routing_rules.standing_handlers import StandingHandler
from routing_rules.vocabulary import EventVocabulary

STEPS = 100_000_000
MOST_REGIONS = 5
"""How many regions of one change are told."""


class ChangeKind(StrEnum):
    """What would be different."""

    NEWLY_TOLD = "NEWLY TOLD"
    NO_LONGER_TOLD = "NO LONGER TOLD"
    TIMING_CHANGED = "TIMING CHANGED"
    ASKED_CHANGED = "ASKED CHANGED"
    TEAM_CHANGED = "TEAM CHANGED"
    DISCLOSURE_CHANGED = "DISCLOSURE CHANGED"
    SETTINGS_CHANGED = "SETTINGS CHANGED"


_KINDS = {
    Aspect.TIMING: ChangeKind.TIMING_CHANGED,
    Aspect.ASKED: ChangeKind.ASKED_CHANGED,
    Aspect.TEAM: ChangeKind.TEAM_CHANGED,
    Aspect.DISCLOSURE: ChangeKind.DISCLOSURE_CHANGED,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `what` happens newly, or no longer, in which event, and where.

    `by` is the rule that does it newly, or that did it, with file and line. `shown` says whether
    the example was seen to be decided otherwise. A change of settings has no region.
    """

    kind: ChangeKind
    what: str
    event: str = ""
    region: tuple[str, ...] = ()
    by: str = ""
    example: Example | None = None
    shown: bool = False


def diff_rulebooks(old: Rulebook, new: Rulebook, on: date, *, steps: int = STEPS) -> list[Change]:
    """Everything that a new rulebook would do otherwise, as the directories are on a day. Pure.

    Empty when both mean the same. Facts that a rulebook states are not assumed.

    Raises:
        BudgetSpent: it takes more steps than are allowed.
        LookupError: one of the directories has no MASH on that day.
    """
    found, budget = changed_settings(old, new, on), Budget(steps)
    for event in new.vocabulary.values():
        found += changed_in(old, new, event, on, budget)
    return found


def changed_settings(old: Rulebook, new: Rulebook, on: date) -> list[Change]:
    """What of settings, handlers and hours is otherwise. Raises `LookupError` as the whole does."""
    for each in (old, new):
        each.mash(on)
    return [*_settings(old, new), *_clocks(old, new, on)]


def changed_in(
    old: Rulebook, new: Rulebook, event: EventVocabulary, on: date, budget: Budget
) -> Iterator[Change]:
    """What would be otherwise in one kind of event, each as it is found. Raises `BudgetSpent`."""
    if not say_the_same(old, new, event):
        yield from _Comparing.of_event(old, new, event, on, budget=budget).changes()


@dataclass(frozen=True, slots=True)
class _Region:
    """Where one rulebook does something and the other does not; `possible` throughout."""

    region: Piece
    possible: Piece
    extent: Extent


@dataclass(frozen=True, slots=True)
class _Comparing:
    old: Ground
    new: Ground
    budget: Budget

    @classmethod
    def of_event(
        cls, old: Rulebook, new: Rulebook, event: EventVocabulary, on: date, *, budget: Budget
    ) -> "_Comparing":
        conditions = [c for each in (old, new) for c in conditions_of(each, event.type)]
        space = space_of([old, new], event, conditions, on)
        before = ground_in(space, old, budget, with_facts=False)
        after = ground_in(space, new, budget, with_facts=False)
        return cls(before, after, budget)

    def changes(self) -> Iterator[Change]:
        differing = what_differs(self.old, self.new)
        before, after = facets_of(self.old, differing), facets_of(self.new, differing)
        for aspect in Aspect:
            facets = dict.fromkeys([*before, *after])
            for facet in (each for each in facets if each.aspect is aspect):
                yield from self._more(facet, before, after, self.new)
                yield from self._more(facet, after, before, self.old)

    def _more(self, facet: Facet, less: Facets, more: Facets, doing: Ground) -> Iterator[Change]:
        """Where a facet holds in one rulebook and not in the other."""
        others = less.get(facet, ())
        same = {(piece, each.but_not) for each in others for piece in each.pieces}
        new = [e for e in more.get(facet, ()) if any((p, e.but_not) not in same for p in e.pieces)]
        kept = [*self.old.guards, *self._boxes(others)] if new else []
        told = [piece for each in less.get(told_facet(facet.service), ()) for piece in each.pieces]
        found: list[_Region] = []
        for extent in new:
            beyond = [*kept, *extent.but_not]
            own = (each for each in extent.pieces if (each, extent.but_not) not in same)
            for piece in (each for each in own if not is_covered(each, beyond, self.budget)):
                is_told = facet.aspect is Aspect.TOLD
                for bound in [piece] if is_told else self._both(piece, told):
                    found += self._regions(bound, beyond, extent)
        for region in self._largest(found):
            yield self._change(facet, region, doing)

    def _regions(self, bound: Piece, beyond: Sequence[Box], extent: Extent) -> Iterator["_Region"]:
        """What of a bound is beyond all boxes, as far as it goes."""
        layout, seen = self.new.space.layout, list[Box]()
        for left in self._left(bound, beyond, seen):
            region = widened(left, bound, beyond, layout)
            seen.append(layout.box(region))
            yield _Region(region, left, extent)

    def _largest(self, found: Sequence["_Region"]) -> Iterator["_Region"]:
        """The largest regions, none of them within the others that are given."""
        layout, seen = self.new.space.layout, list[Box]()
        for each in sorted(found, key=lambda one: -layout.points(one.region)):
            left = next(leftovers(each.possible, seen, self.budget), None)
            if left is not None and len(seen) < MOST_REGIONS:
                seen.append(layout.box(each.region))
                yield replace(each, possible=left)

    def _left(self, bound: Piece, beyond: Sequence[Box], seen: Sequence[Box]) -> Iterator[Piece]:
        """What can be of a bound, is covered by nothing and was not told yet."""
        for piece in leftovers(bound, beyond, self.budget):
            limits = [*self.old.limits, *self.new.limits]
            for possible in leftovers(piece, limits, self.budget):
                left = next(leftovers(possible, seen, self.budget), None)
                if left is not None:
                    yield left

    def _both(self, piece: Piece, told: Sequence[Piece]) -> list[Piece]:
        """How somebody is told differs only where both rulebooks tell them."""
        return list(dict.fromkeys(self.new.meeting([piece], told)))

    def _boxes(self, extents: Sequence[Extent]) -> list[Box]:
        """Where a facet holds, as boxes."""
        pieces: list[Piece] = []
        for extent in extents:
            for piece in extent.pieces:
                pieces += leftovers(piece, extent.but_not, self.budget)
        return self.new.reading.boxes(list(dict.fromkeys(pieces)))

    def _change(self, facet: Facet, found: "_Region", doing: Ground) -> Change:
        is_new = doing is self.new
        kind = _KINDS.get(facet.aspect)
        if kind is None:
            kind = ChangeKind.NEWLY_TOLD if is_new else ChangeKind.NO_LONGER_TOLD
        rule, position = found.extent.telling.rule, found.extent.telling.tell.position
        example, shown = self._example(found.possible)
        return Change(
            kind=kind,
            what=f"{'newly' if is_new else 'no longer'}: {facet.words}",
            event=doing.space.phrase,
            region=region_in_words(found.region, doing, self.budget),
            by=f"{rule.name} ({position.file}:{position.line})",
            example=example,
            shown=shown,
        )

    def _example(self, piece: Piece) -> tuple[Example | None, bool]:
        """An example in the piece, and whether the two rulebooks decide it otherwise."""
        for point in points_of(piece, self.new.space):
            try:
                example = example_of(point, self.new.reading.rulebook)
            except Unbuildable:
                continue
            before = replay(example, self.old.reading.rulebook)
            after = replay(example, self.new.reading.rulebook)
            return example, _told(before) != _told(after)
        return None, False


def _told(replayed: Replayed | str) -> object:
    """All that is told, but for the reasons: rules may be renamed."""
    if isinstance(replayed, str):
        return replayed
    return sorted(
        (d.recipient, d.instead_of or "", d.urgency, d.asks, d.respond_by, repr(d.content))
        for d in replayed.duties
    )


def _settings(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    """Settings that decide what words mean, or when clocks run out; names and sources do not."""
    for field in fields(new.settings):
        before, after = getattr(old.settings, field.name), getattr(new.settings, field.name)
        if field.name not in ("name", "sources") and before != after:
            yield Change(ChangeKind.SETTINGS_CHANGED, field.name.replace("_", " "))
    if _senders(old) != _senders(new):
        yield Change(ChangeKind.SETTINGS_CHANGED, "whose staff write the events of a source")
    if _handlers(old) != _handlers(new):
        yield Change(ChangeKind.SETTINGS_CHANGED, "standing handlers of known gaps")
    if old.calendar != new.calendar:
        yield Change(ChangeKind.SETTINGS_CHANGED, "bank holidays or school terms")


def _senders(rulebook: Rulebook) -> dict[str, str]:
    sources = rulebook.settings.sources
    return {each.publisher: each.organisation for each in sources if each.organisation}


def _handlers(rulebook: Rulebook) -> frozenset[StandingHandler]:
    """The lines, wherever in the table they stand."""
    lines = (line for each in rulebook.directory.handlers.values() for line in each)
    return frozenset(replace(line, position=Position("")) for line in lines)


def _clocks(old: Rulebook, new: Rulebook, on: date) -> Iterator[Change]:
    """Teams that would answer by other hours, or have another contact when they are closed."""
    before, after = _hours(old, on), _hours(new, on)
    for recipient in sorted(before.keys() & after.keys()):
        if before[recipient] != after[recipient]:
            what = f"{recipient} has other hours or another contact"
            yield Change(ChangeKind.TIMING_CHANGED, what)


def _hours(rulebook: Rulebook, on: date) -> dict[str, tuple[str, str | None]]:
    teams: dict[str, tuple[str, str | None]] = {}
    for entries in rulebook.directory.by_recipient.values():
        for team in entries:
            if holds_on(team, on):
                teams[team.recipient] = (team.hours.text, team.out_of_hours)
    return teams
