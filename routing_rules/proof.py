"""Proof: whether a promise holds in every event that there could be, and where it does not.

A promise's hypothesis is a set of boxes, and so is what keeps it. What is left of the first
without the second is the gap. Subtracting can explode, so there is a budget of steps; beyond it a
promise is undecided, and never proved.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from routing_rules.boxes import Box, Budget, BudgetSpent, Piece, leftovers, widened
from routing_rules.promises import Kind, Promise
from routing_rules.proof_disclosure import DISCLOSED, reaching, shown
from routing_rules.proof_ground import Ground, ground_for
from routing_rules.proof_needs import Need, boxes_meeting, meeting_pieces, needs_of
from routing_rules.proof_tellings import Telling

STEPS = 3_000_000
"""How many looks at a box one promise may take: seconds, not minutes."""
MOST_GAPS = 5
"""How many gaps of one promise are told; to mend one often mends others."""
ABSENCE = "it tests that nobody is there, which no box of one person can say"
CONTENT = "what a notice of this kind of event carries is decided beside the disclosure table"
NOBODY_IS_SO = "nobody can be as it says, so it promises nothing"
_TOO_MANY = "it takes more steps than are allowed; split it into narrower promises"


class Verdict(StrEnum):
    """What came of a promise."""

    PROVED = "PROVED"
    GAP = "GAP"
    UNDECIDED = "UNDECIDED"
    NOT_ANALYSABLE = "NOT ANALYSABLE"


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a promise does not hold.

    Of `region` every possible point breaks it, and `piece`, a part of it, is possible throughout.
    `need` is what is not met there; else `telling` is what tells somebody who must not be told.
    """

    region: Piece
    piece: Piece
    need: Need | None = None
    telling: Telling | None = None


@dataclass(frozen=True, slots=True)
class Proved:
    """One promise with its verdict; `because` where it was not analysed or not decided.

    `once_per` names the rules on which it rests that fire once in a while. `more` says whether
    there are more gaps than are given.
    """

    promise: Promise
    verdict: Verdict
    gaps: tuple[Gap, ...] = ()
    because: str | None = None
    once_per: tuple[str, ...] = ()
    more: bool = False


def prove(promise: Promise, ground: Ground, *, steps: int = STEPS) -> Proved:
    """Prove one promise on the ground of its kind of event."""
    because = _not_analysable(promise)
    if because is not None:
        return Proved(promise, Verdict.NOT_ANALYSABLE, because=because)
    budget = Budget(steps)
    try:
        return _prove(promise, ground_for(promise, ground), budget)
    except BudgetSpent:
        return Proved(promise, Verdict.UNDECIDED, because=_TOO_MANY)


def _not_analysable(promise: Promise) -> str | None:
    """Why a promise lies beyond what is looked at, if so."""
    if promise.nobody_where:
        return ABSENCE
    if promise.kind is Kind.NOT_DISCLOSED and promise.event not in DISCLOSED:
        return CONTENT
    return None


def _prove(promise: Promise, ground: Ground, budget: Budget) -> Proved:
    hypothesis = ground.reading.where(*promise.when, *promise.about)
    if not any(ground.can_be(piece, budget) for piece in hypothesis):
        return Proved(promise, Verdict.NOT_ANALYSABLE, because=NOBODY_IS_SO)
    gaps: list[Gap] = []
    for gap in Search(ground, budget).gaps(promise, hypothesis):
        if len(gaps) == MOST_GAPS:
            return Proved(promise, Verdict.GAP, tuple(gaps), more=True)
        gaps.append(gap)
    if gaps:
        return Proved(promise, Verdict.GAP, tuple(gaps))
    return Proved(promise, Verdict.PROVED, once_per=_resting_on(promise, hypothesis, ground))


@dataclass(frozen=True, slots=True)
class Search:
    """Looks for gaps on a ground; raises `BudgetSpent` when the budget is."""

    ground: Ground
    budget: Budget

    def gaps(self, promise: Promise, hypothesis: Sequence[Piece]) -> Iterator[Gap]:
        """The gaps of a promise, none of them within another of the same need."""
        match promise.kind:
            case Kind.NOBODY:
                for telling in self.ground.tellings:
                    where = self.ground.meeting(hypothesis, telling.pieces)
                    yield from self.broken(telling, where)
            case Kind.NOT_DISCLOSED:
                yield from self._disclosed(promise, hypothesis)
            case _:
                for need in needs_of(promise):
                    yield from self._unmet(need, hypothesis)

    def broken(
        self, telling: Telling, where: Sequence[Piece], but_not: Sequence[Box] = ()
    ) -> Iterator[Gap]:
        """Where a telling tells somebody, guards and other exceptions apart."""
        kept = [*self.ground.guards, *but_not]
        seen: list[Box] = []
        for bound in where:
            for left in leftovers(bound, kept, self.budget):
                for piece in self.ground.possible(left, self.budget):
                    yield from self._new(Gap(bound, piece, telling=telling), kept, seen)

    def _unmet(self, need: Need, hypothesis: Sequence[Piece]) -> Iterator[Gap]:
        """Where a need is not met: nothing tells, or nothing may be told about them."""
        ground, seen = self.ground, list[Box]()
        kept = boxes_meeting(need, ground)
        for bound in hypothesis:
            for piece in self._left(bound, [*kept, *ground.limits], seen):
                yield from self._new(Gap(bound, piece, need), kept, seen)
            for within in (bound & each.bits for each in ground.guards if each.meets(bound)):
                for piece in ground.possible(within, self.budget):
                    yield from self._new(Gap(within, piece, need), (), seen)

    def _disclosed(self, promise: Promise, hypothesis: Sequence[Piece]) -> Iterator[Gap]:
        ground = self.ground
        for service in promise.services:
            for part in shown(ground.reading, service, promise.parts):
                readers = ground.meeting(hypothesis, [part.piece])
                for telling, pieces in reaching(ground, service).items():
                    where = ground.meeting(readers, pieces)
                    yield from self.broken(telling, where, part.kept_back)

    def _left(self, piece: Piece, kept: Sequence[Box], seen: Sequence[Box]) -> Iterator[Piece]:
        """What is left, beyond what is seen: each time afresh, since most of it is one gap."""
        while (left := next(leftovers(piece, [*kept, *seen], self.budget), None)) is not None:
            yield left

    def _new(self, gap: Gap, kept: Sequence[Box], seen: list[Box]) -> Iterator[Gap]:
        """The gap, widened within its region so far as it goes, unless what was told covers it."""
        left = next(leftovers(gap.piece, seen, self.budget), None)
        if left is not None:
            region = widened(left, gap.region, kept, self.ground.space.layout)
            seen.append(self.ground.space.layout.box(region))
            yield replace(gap, region=region, piece=left)


def _resting_on(promise: Promise, hypothesis: Sequence[Piece], ground: Ground) -> tuple[str, ...]:
    """The rules that fire once in a while and may be what keeps the promise."""
    if promise.kind in (Kind.NOBODY, Kind.NOT_DISCLOSED):
        return ()
    names = {
        telling.rule.name: f"{telling.rule.name} ({telling.rule.once_per_days} days)"
        for telling in ground.tellings
        if telling.rule.once_per_days is not None
        for need in needs_of(promise)
        if ground.meeting(hypothesis, meeting_pieces(need, telling, ground))
    }
    return tuple(names.values())
