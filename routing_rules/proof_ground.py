"""The ground of a proof: one kind of event, as one rulebook reads it on a day."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from routing_rules.boxes import Box, Budget, Piece, leftovers, widened
from routing_rules.document import Condition, Rule, Withhold
from routing_rules.promises import Promise, StatedFact
from routing_rules.proof_limits import guarded, impossible
from routing_rules.proof_reading import Reading
from routing_rules.proof_space import Space, space_of
from routing_rules.proof_tellings import Telling, tellings
from routing_rules.rulebook import Rulebook
from routing_rules.vocabulary import EventVocabulary
from schemas.values import EventType, Service

Reaching = Mapping[Telling, Sequence[Piece]]
"""The tellings that reach some service, each with where."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where each tell line reaches somebody; `limits` is what cannot be, `guards` about whom not.

    `facts` are those of the rulebook's stated facts that were counted among the limits. What was
    seen to be possible, and what meets which need, is kept for the next question.
    """

    reading: Reading
    tellings: Sequence[Telling]
    limits: Sequence[Box]
    guards: Sequence[Box]
    facts: Sequence[StatedFact]
    kept: dict[Hashable, Sequence[Box]] = field(default_factory=dict, compare=False)
    reaching: dict[Service, Reaching] = field(default_factory=dict, compare=False)
    _seen: list[Box] = field(default_factory=list, compare=False)

    @property
    def space(self) -> Space:
        """The space that is proved over."""
        return self.reading.space

    def possible(self, piece: Piece, budget: Budget) -> Iterator[Piece]:
        """What of a piece can be."""
        return leftovers(piece, self.limits, budget)

    def can_be(self, piece: Piece, budget: Budget) -> bool:
        """Whether any of a piece can be."""
        for number, seen in enumerate(self._seen):
            if seen.meets(piece):
                self._seen.insert(0, self._seen.pop(number))
                return True
        found = next(self.possible(piece, budget), None)
        if found is None:
            return False
        layout = self.space.layout
        whole = widened(found, layout.everything, self.limits, layout)
        self._seen.insert(0, layout.box(whole))
        return True

    def meeting(self, pieces: Sequence[Piece], others: Sequence[Piece]) -> list[Piece]:
        """The pieces in which these and the others meet."""
        return self.reading.space.layout.meeting(pieces, others)


def ground_of(rulebook: Rulebook, event: EventVocabulary, on: date, budget: Budget) -> Ground:
    """The ground for one kind of event, cut wherever this rulebook tells values apart."""
    space = space_of([rulebook], event, conditions_of(rulebook, event.type), on)
    return ground_in(space, rulebook, budget)


def ground_in(
    space: Space, rulebook: Rulebook, budget: Budget, *, with_facts: bool = True
) -> Ground:
    """The ground that a rulebook makes of a space, which it may share with another one."""
    reading = Reading(space, rulebook)
    stated = rulebook.promises.facts if with_facts else ()
    facts = [fact for fact in stated if fact.event in (None, space.type)]
    limits = [*impossible(reading)]
    for fact in facts:
        limits += _contradicting(reading, fact)
    return Ground(
        reading=reading,
        tellings=tellings(reading, budget),
        limits=reading.boxes(limits),
        guards=reading.boxes(guarded(space)),
        facts=facts,
    )


def ground_for(promise: Promise, ground: Ground) -> Ground:
    """The ground without what a promise leaves to the withhold blocks that it names."""
    names = promise.unless_withheld_by
    if not names:
        return ground
    blocks = [b for b in ground.reading.rulebook.document.withholds if b.name in names]
    withheld = [p for b in blocks if b.event is promise.event for p in ground.reading.matched(b)]
    limits = [*ground.limits, *ground.reading.boxes(withheld)]
    return replace(ground, limits=limits, _seen=[])


def conditions_of(rulebook: Rulebook, kind: EventType) -> list[Condition]:
    """Every condition that anything of a rulebook puts on one kind of event."""
    document = rulebook.document
    blocks: Iterable[Rule | Withhold | Promise] = (
        *document.rules,
        *document.withholds,
        *rulebook.promises.promises,
    )
    found = [c for b in blocks if b.event is kind for c in (*b.when, *b.about)]
    for fact in rulebook.promises.facts:
        if fact.event in (None, kind):
            found += [*fact.when, *fact.about, *fact.always]
    return found


def _contradicting(reading: Reading, fact: StatedFact) -> Iterator[Piece]:
    """What a stated fact says cannot be."""
    for piece in reading.where(*fact.when, *fact.about):
        for condition in fact.always:
            pieces = [piece]
            for box in reading.boxes(reading.where(condition)):
                pieces = [
                    left
                    for each in pieces
                    for left in (box.outside(each) if box.meets(each) else (each,))
                ]
            yield from pieces
