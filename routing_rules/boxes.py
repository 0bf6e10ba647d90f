"""Boxes: products of sets of values, as bits of one whole number.

A layout gives every dimension a run of bits, one for each of its values. A piece is a number with
at least one bit in every run: the product of the values whose bits are set. Subtracting boxes
from a piece leaves pieces, so whatever is left is at once a region that can be put into words.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

Piece = int
"""Bits of a layout, at least one in each dimension."""


class BudgetSpent(Exception):
    """More steps than were allowed: what was asked is undecided."""


@dataclass(slots=True)
class Budget:
    """How many looks at a box may still be taken, so that no question can run for ever."""

    steps: int

    def spend(self, steps: int) -> None:
        """Take so many steps; raises `BudgetSpent` when there are no more."""
        self.steps -= steps
        if self.steps < 0:
            raise BudgetSpent


@dataclass(frozen=True, slots=True)
class Box:
    """A piece that is subtracted from others.

    `beyond` are the bits that it leaves out, `tested` the runs in which it leaves any out. `tops`
    has the highest bit of every run of the layout, `rest` all the others: with them one addition
    says of every run whether it is empty. Of one layout, equal pieces are one box.
    """

    bits: Piece
    beyond: int
    tested: tuple[int, ...]
    tops: int
    rest: int

    def meets(self, piece: Piece) -> bool:
        """Whether some point lies in both."""
        both = piece & self.bits
        return ((both & self.rest) + self.rest | both) & self.tops == self.tops

    def outside(self, piece: Piece) -> Iterator[Piece]:
        """The parts of a piece that meets the box and lie beyond it; no two share a point."""
        for run in self.tested:
            beyond = piece & run & self.beyond
            if beyond:
                yield (piece & ~run) | beyond
                piece &= ~beyond


@dataclass(frozen=True)
class Layout:
    """Which bits belong to which dimension; `sizes` says how many values each has, in order."""

    sizes: Mapping[str, int]
    starts: Mapping[str, int] = field(init=False)
    runs: Mapping[str, int] = field(init=False)
    _boxes: dict[Piece, Box] = field(init=False, default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        starts, runs, start = {}, {}, 0
        for name, size in self.sizes.items():
            starts[name], runs[name] = start, ((1 << size) - 1) << start
            start += size
        object.__setattr__(self, "starts", starts)
        object.__setattr__(self, "runs", runs)

    @cached_property
    def everything(self) -> Piece:
        """The piece that leaves nothing out."""
        return sum(self.runs.values())

    def values(self, name: str, numbers: Iterable[int]) -> int:
        """The bits of these values of one dimension, by their numbers."""
        start = self.starts[name]
        return sum(1 << (start + number) for number in set(numbers))

    def numbers(self, name: str, piece: Piece) -> list[int]:
        """The numbers of the values that a piece has in one dimension."""
        bits = (piece & self.runs[name]) >> self.starts[name]
        return [number for number in range(self.sizes[name]) if bits >> number & 1]

    def only(self, name: str, bits: int) -> Piece:
        """Everything whose value in one dimension is among these bits; no piece if none is."""
        return (self.everything & ~self.runs[name]) | bits

    @cached_property
    def tops(self) -> int:
        """The highest bit of every run."""
        return sum(1 << (self.starts[name] + size - 1) for name, size in self.sizes.items())

    @cached_property
    def rest(self) -> int:
        """All bits but the highest of every run."""
        return self.everything & ~self.tops

    def is_piece(self, bits: int) -> bool:
        """Whether there is a point in it: whether every run has a bit.

        Adding the rest to the lower bits of a run carries into its highest bit if one was set.
        """
        return ((bits & self.rest) + self.rest | bits) & self.tops == self.tops

    def meeting(self, pieces: Iterable[Piece], others: Collection[Piece]) -> list[Piece]:
        """The pieces in which these and the others meet: `is_piece` is written out here."""
        tops, rest = self.tops, self.rest
        return [
            both
            for one in pieces
            for another in others
            if (((both := one & another) & rest) + rest | both) & tops == tops
        ]

    def points(self, piece: Piece) -> int:
        """How many points lie in a piece."""
        return prod((piece & run).bit_count() for run in self.runs.values())

    def box(self, piece: Piece) -> Box:
        """A piece as a box that can be subtracted; made once, since rules share most of theirs."""
        box = self._boxes.get(piece)
        if box is None:
            beyond = self.everything & ~piece
            tested = tuple(run for run in self.runs.values() if beyond & run)
            box = self._boxes[piece] = Box(piece, beyond, tested, self.tops, self.rest)
        return box

    def tested(self, piece: Piece) -> list[str]:
        """The dimensions that a piece restricts."""
        return [name for name, run in self.runs.items() if piece & run != run]


def leftovers(piece: Piece, boxes: Sequence[Box], budget: Budget) -> Iterator[Piece]:
    """What of a piece no box covers, as pieces that share no point.

    Cuts first with the box that cuts least, so that covers are found before pieces multiply.
    """
    waiting = [(piece, boxes)]
    while waiting:
        now, among = waiting.pop()
        budget.spend(len(among) + 1)
        meeting = met_by(now, among)
        if not meeting:
            yield now
            continue
        chosen = _cutting_least(now, meeting)
        if chosen is not None:
            others = [box for box in meeting if box is not chosen]
            waiting.extend((part, others) for part in chosen.outside(now))


def met_by(piece: Piece, boxes: Sequence[Box]) -> list[Box]:
    """The boxes with which a piece shares a point, in their order.

    This is where a proof spends its time, so `Box.meets` is written out here.
    """
    if not boxes:
        return []
    tops, rest = boxes[0].tops, boxes[0].rest
    return [
        box for box in boxes if (((both := piece & box.bits) & rest) + rest | both) & tops == tops
    ]


def _cutting_least(piece: Piece, meeting: Sequence[Box]) -> Box | None:
    """The first of the boxes that cut a piece into the fewest; None if one covers it."""
    tops, rest = meeting[0].tops, meeting[0].rest
    chosen, fewest = meeting[0], tops.bit_count() + 1
    for box in meeting:
        out = piece & box.beyond
        if not out:
            return None
        cuts = (((out & rest) + rest | out) & tops).bit_count()
        if cuts < fewest:
            chosen, fewest = box, cuts
    return chosen


def is_covered(piece: Piece, boxes: Sequence[Box], budget: Budget) -> bool:
    """Whether no point of a piece lies beyond all boxes."""
    return next(leftovers(piece, boxes, budget), None) is None


def without(pieces: Sequence[Piece], boxes: Sequence[Box], budget: Budget) -> list[Piece]:
    """What of these pieces no box covers."""
    return [left for piece in pieces for left in leftovers(piece, boxes, budget)]


def widened(piece: Piece, bound: Piece, boxes: Sequence[Box], layout: Layout) -> Piece:
    """The piece grown within a bound, one dimension after another, as far as it meets no box.

    The piece itself must lie within the bound and meet no box.
    """
    for run in layout.runs.values():
        grown = piece | (bound & run)
        if grown == piece:
            continue
        for box in met_by(grown, boxes):
            if box.meets(grown):
                grown &= ~(box.bits & run)
        piece |= grown & run
    return piece
