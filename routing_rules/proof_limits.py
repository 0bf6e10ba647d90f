"""Limits of a proof: what no event can be, and about whom nothing is ever told.

These follow from how facts are gathered (`gathering`, `ages`, `event_features`), not from any
rulebook. Each holds for every event that the router can be given.
"""

from collections.abc import Iterator
from itertools import pairwise

from routing_rules.boxes import Piece
from routing_rules.people import ADULT_ROLES
from routing_rules.promises import MAY_BE_VIOLENT, PERPETRATOR_NAMED
from routing_rules.proof_limits_pathways import lost_babies, of_pathways
from routing_rules.proof_places import Asked
from routing_rules.proof_reading import LISTED, Reading
from routing_rules.proof_space import AGE, Space
from routing_rules.subjects import VIOLENCE
from routing_rules.vocabulary import in_words, words
from schemas.values import EventType, Role

_OLDEST = 130
_STAGES = {
    "before school": (0, 4, False),
    "starting school": (4, 5, False),
    "school age": (4, 17, False),
    "adult": (18, _OLDEST, False),
    "unknown": (1, 0, True),
    "unborn": (1, 0, True),
}
"""By stage of school the ages that it can have, and whether an unknown age."""
_ADULTS = (18, _OLDEST)
_HARMED = words((Role.VICTIM, Role.PATIENT))
_PERPETRATOR = in_words(Role.ALLEGED_PERPETRATOR)
_REGISTERED = in_words(Role.CHILD_KNOWN_TO_REGISTER)
_ACCOMPANYING = words((Role.ACCOMPANYING_ADULT, Role.PARENT))
_CANCELLED = ("cancelled", "entered in error")


def impossible(reading: Reading) -> list[Piece]:
    """What no event can be; together these pieces are left out of every proof."""
    space = reading.space
    found = [*_of_people(space), *_of_windows(space), *_of_home(reading), *of_pathways(space)]
    if space.type in MAY_BE_VIOLENT:
        found += _of_accused(space)
    if space.type is EventType.EMERGENCY_ATTENDANCE:
        found += _of_attendances(space)
    return [piece for piece in found if space.layout.is_piece(piece)]


def guarded(space: Space) -> list[Piece]:
    """Whoever is never told about under their ref: only an alleged perpetrator, or as good as one.

    Nor is a baby who did not live. Whoever is accused and victim at once is told about as a victim,
    never as the accused.
    """
    accused = space.choose("also alleged perpetrator", ["yes"])
    no_victim = space.choose("also victim", ["no"])
    harmless = [role for role in _roles(space) if role not in _HARMED]
    grown_up = space.choose("role", harmless) & space.between(AGE, *_ADULTS)
    pieces = [
        space.choose("role", [_PERPETRATOR]),
        accused & no_victim & space.choose("role", [*words(ADULT_ROLES), _REGISTERED]),
        accused & no_victim & grown_up,
    ]
    if space.type in MAY_BE_VIOLENT:
        unnamed = space.choose(PERPETRATOR_NAMED, ["no"]) & no_victim
        for concern in sorted({*words(VIOLENCE)} & {*space.event_fields["concerns"].values}):
            violent = space.flagged("concerns", concern) & unnamed
            pieces += [violent & space.choose("role", words(ADULT_ROLES)), violent & grown_up]
    pieces += lost_babies(space)
    return [piece for piece in pieces if space.layout.is_piece(piece)]


def _roles(space: Space) -> tuple[str, ...]:
    return space.person_fields["role"].values


def _of_people(space: Space) -> Iterator[Piece]:
    yield space.choose("role", ["victim"]) & space.choose("also victim", ["no"])
    perpetrator = space.choose("role", [_PERPETRATOR])
    yield perpetrator & space.choose("also alleged perpetrator", ["no"])
    others = [role for role in _roles(space) if role != "unborn"]
    yield space.choose("role", others) & space.choose("stage", ["unborn"])
    born = [stage for stage in _STAGES if stage != "unborn"]
    yield space.choose("role", ["unborn"]) & space.choose("stage", born)
    for stage, (low, high, or_unknown) in _STAGES.items():
        run = space.layout.runs[AGE]
        allowed = space.between(AGE, low, high, or_unknown=or_unknown) & run
        yield space.choose("stage", [stage]) & space.layout.only(AGE, run & ~allowed)
    yield from _of_registered_children(space)


def _of_registered_children(space: Space) -> Iterator[Piece]:
    """Only the register's children have parents there; it tells no booking and no attendance."""
    others = [role for role in _roles(space) if role != _REGISTERED]
    for role in space.person_fields["parent's role"].values:
        through = space.flagged("parent's role", role)
        yield through & space.choose("role", others)
        yield through & space.between(AGE, *_ADULTS)
        yield through & space.choose("pregnant", ["yes", "no", "possible"])
        yield through & space.asked(Asked.PROVIDER, range(len(space.places.providers) - 1))
    for name, cuts in space.numbers.items():
        if name != AGE and name in space.person_fields:
            known = space.layout.values(name, range(len(cuts.firsts)))
            yield space.choose("role", [_REGISTERED]) & space.layout.only(name, known)


def _of_windows(space: Space) -> Iterator[Piece]:
    """A longer period counts at least as many attendances, and both are known or neither."""
    windows = [n for n in space.numbers if n.startswith("attendances in ")]
    windows.sort(key=lambda name: int(name.split()[2]))
    for shorter, longer in pairwise(windows):
        few, many = space.numbers[shorter], space.numbers[longer]
        for number, first in enumerate(few.firsts):
            fewer = [n for n in range(len(many.firsts)) if many.last(n) < first]
            numbers = [*fewer, len(many.firsts)]
            yield _both(space, {shorter: [number], longer: numbers})
        unknown = len(few.firsts)
        yield _both(space, {shorter: [unknown], longer: list(range(len(many.firsts)))})


def _both(space: Space, numbers: dict[str, list[int]]) -> Piece:
    piece = space.layout.everything
    for name, chosen in numbers.items():
        piece &= space.layout.only(name, space.layout.values(name, chosen))
    return piece


def _of_home(reading: Reading) -> Iterator[Piece]:
    """Whose practice is listed, their home district is known: it is the practice's, at worst."""
    space = reading.space
    nowhere = space.layout.only(Asked.DISTRICT, reading.derived["district"]["unknown"])
    listed = reading.derived["practice"][LISTED]
    yield nowhere & space.layout.only(Asked.PRACTICE, listed)


def _of_attendances(space: Space) -> Iterator[Piece]:
    """What an attendance says of itself agrees with itself, and one that was cancelled is none."""
    yield space.choose("status", _CANCELLED)
    yield space.choose("status", ["departed"]) & space.choose("departure", ["awaited", "overdue"])
    yield space.choose("status", ["unknown"]) & space.choose("departure", ["awaited"])
    alone = space.choose("accompanying adult", ["not recorded"])
    yield space.choose("role", _ACCOMPANYING) & alone
    for role in _ACCOMPANYING:
        yield space.flagged("parent's role", role) & alone


def _of_accused(space: Space) -> Iterator[Piece]:
    """Where nobody is named as the perpetrator, nobody is one."""
    unnamed = space.choose(PERPETRATOR_NAMED, ["no"])
    yield space.choose("also alleged perpetrator", ["yes"]) & unnamed
    yield space.flagged("parent's role", _PERPETRATOR) & unnamed
