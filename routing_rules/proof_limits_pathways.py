"""Limits of a proof that follow from how the facts of a pathway's event are gathered.

What a list says is unknown when it is blank, what babies there are and how they are, whether a
transfer is complete, that only who is invited can fail to answer, and that whoever books a
pregnancy is pregnant.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from types import MappingProxyType

from routing_rules.boxes import Piece
from routing_rules.event_fields import NOT_THE_BABY
from routing_rules.proof_space import Space
from routing_rules.register_pregnancies import LOST
from routing_rules.vocabulary import in_words, words
from schemas.values import EventType, Pregnant, Role

_NEVER_EMPTY: Mapping[EventType, str] = MappingProxyType(
    {
        EventType.MATERNITY_CONCERN: "concerns",
        EventType.MATERNITY_POSTNATAL_TRANSFER: "outcomes",
        EventType.CONFERENCE_INVITATION: "invited",
    }
)
"""Lists that say `unknown` where the event names nothing."""
_SAFEGUARDING = (
    "maternal mental health",
    "child protection status",
    "planned mbu transfer",
    "parental responsibility",
    "ethnicity",
    "baby's practice",
    "risk marker",
)
"""What a transfer is complete with."""
_BLANK = "not recorded"
_BIRTH_OUTCOME = "birth outcome"


def of_pathways(space: Space) -> Iterator[Piece]:
    """What no event of a pathway can be."""
    name = _NEVER_EMPTY.get(space.type)
    if name is not None:
        yield _none_of(space, name, space.event_fields[name].values)
    if _BIRTH_OUTCOME in space.person_fields:
        yield from _of_babies(space)
    if space.type is EventType.MATERNITY_BOOKING:
        not_pregnant = [word for word in words(Pregnant) if word != in_words(Pregnant.YES)]
        yield space.choose("role", [in_words(Role.PATIENT)]) & space.choose(
            "pregnant", not_pregnant
        )
    if space.type is EventType.MATERNITY_BIRTH:
        yield from _of_numbers(space)
    if space.type is EventType.MATERNITY_POSTNATAL_TRANSFER:
        yield from _of_transfers(space)
    if space.type is EventType.CONFERENCE_INVITATION:
        for service in space.event_fields["invited"].values:
            uninvited = space.flagged("invited", service, there=False)
            yield uninvited & space.flagged("no answer from", service)


def lost_babies(space: Space) -> Iterator[Piece]:
    """Babies who did not live: nobody is told about them as of a child."""
    if _BIRTH_OUTCOME in space.person_fields:
        yield space.choose(_BIRTH_OUTCOME, map(in_words, LOST))


def _none_of(space: Space, name: str, values: Iterable[str]) -> Piece:
    piece = space.layout.everything
    for value in values:
        piece &= space.flagged(name, value, there=False)
    return piece


def _of_babies(space: Space) -> Iterator[Piece]:
    """How it ended for a baby, it ended for one of the babies.

    None of them is the patient, and the register adds none.
    """
    babies = [word for word in space.person_fields[_BIRTH_OUTCOME].values if word != NOT_THE_BABY]
    yield space.choose("role", [in_words(Role.PATIENT)]) & space.choose(_BIRTH_OUTCOME, babies)
    for role in space.person_fields["parent's role"].values:
        yield space.flagged("parent's role", role) & space.choose(_BIRTH_OUTCOME, babies)
    for outcome in babies:
        own = space.choose(_BIRTH_OUTCOME, [outcome])
        yield own & space.flagged("outcomes", outcome, there=False)


def _of_numbers(space: Space) -> Iterator[Piece]:
    """There are at least as many babies as outcomes; of none it is not known how many."""
    cuts, outcomes = space.numbers["babies"], space.event_fields["outcomes"].values
    uncounted = [len(cuts.firsts)]
    some = space.layout.values("babies", range(len(cuts.firsts)))
    yield space.layout.only("babies", some) & _none_of(space, "outcomes", outcomes)
    for outcome in outcomes:
        unknown = space.layout.values("babies", uncounted)
        yield space.layout.only("babies", unknown) & space.flagged("outcomes", outcome)
    for number in range(len(cuts.firsts)):
        most = space.layout.only("babies", space.layout.values("babies", [number]))
        for several in combinations(outcomes, cuts.last(number) + 1):
            piece = most
            for outcome in several:
                piece &= space.flagged("outcomes", outcome)
            yield piece


def _of_transfers(space: Space) -> Iterator[Piece]:
    """A transfer is complete when nothing that safeguarding needs is blank, and only then."""
    given = space.choose("safeguarding fields", ["incomplete"])
    for name in _SAFEGUARDING:
        written = [word for word in space.event_fields[name].values if word != _BLANK]
        given &= space.choose(name, written)
        yield space.choose("safeguarding fields", ["complete"]) & space.choose(name, [_BLANK])
    yield given
