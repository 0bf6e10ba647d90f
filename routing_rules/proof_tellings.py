"""Tellings: where in the space of a proof each tell line reaches its service.

A telling is one line of one rule with one of its places: the pieces in which the rule fires, the
line goes to that place, and nothing withholds it. What the directory answers there says whether a
team is told, or MASH as an exception.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from routing_rules.boxes import Box, Budget, Piece, leftovers
from routing_rules.directory import Team
from routing_rules.document import (
    Condition,
    Instead,
    Place,
    Rule,
    Tell,
    Unless,
    UrgencyByField,
    Withhold,
)
from routing_rules.proof_places import Answer, of_home_alone, unresolved
from routing_rules.proof_reading import Reading
from routing_rules.vocabulary import FieldKind
from schemas.values import EventType, Service, Urgency

_MOST_URGENT_FIRST = tuple(Urgency)
NAMES_A_PROVIDER = frozenset(
    {
        EventType.MATERNITY_BOOKING,
        EventType.MATERNITY_CONCERN,
        EventType.MATERNITY_APPOINTMENT_MISSED,
        EventType.MATERNITY_BIRTH,
        EventType.MATERNITY_POSTNATAL_TRANSFER,
    }
)
"""Events whose own provider counts as the booking of whoever has none."""


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """One tell line at one of its places. `pieces` are where it reaches its service.

    `matched` are where its rule fires and the line goes to that place, withheld or not. Each is
    equal to itself alone.
    """

    rule: Rule
    tell: Tell
    service: Service
    place: Place
    matched: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    answers: tuple[Answer, ...]

    @property
    def services_told(self) -> frozenset[Service]:
        """The services whose teams it can reach: a practice is told as a practice."""
        teams = (team for each in self.answers for team in (each.found, *each.or_else))
        return frozenset(team.service for team in teams if isinstance(team, Team))


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of where a rule fires, and the concerns that blocks withhold there.

    `restricted`: the service hears only of what the rule could tell without those concerns.
    """

    piece: Piece
    withheld: frozenset[str] = frozenset()
    restricted: bool = False


def tellings(reading: Reading, budget: Budget) -> list[Telling]:
    """Every tell line of the rules for the space's kind of event, at each of its places."""
    document, kind = reading.rulebook.document, reading.space.type
    blocks = [
        (block, reading.boxes(reading.matched(block)))
        for block in document.withholds
        if block.event is kind
    ]
    found: list[Telling] = []
    for rule in document.rules:
        if rule.event is kind:
            fires = reading.matched(rule)
            for tell in rule.tell:
                found += _of_line(reading, rule, tell, fires, _Blocks(reading, blocks, budget))
    return found


def _of_line(
    reading: Reading, rule: Rule, tell: Tell, fires: Sequence[Piece], blocks: "_Blocks"
) -> Iterator[Telling]:
    for service, place, where, answers in _places(reading, tell):
        matched = [piece & where for piece in fires if reading.space.layout.is_piece(piece & where)]
        if matched:
            yield Telling(
                rule=rule,
                tell=tell,
                service=service,
                place=place,
                matched=tuple(matched),
                pieces=tuple(blocks.reached(rule, service, matched)),
                answers=answers,
            )


_Going = tuple[Service, Place, Piece, tuple[Answer, ...]]


def _places(reading: Reading, tell: Tell) -> Iterator[_Going]:
    """Where a line goes: the first of its cases that applies, else its own place."""
    layout = reading.space.layout
    rest = layout.everything
    for case in () if tell.place is Place.EVERY_HOSPITAL else tell.instead:
        applies = layout.box(reading.applies(case.when))
        place = Place.COUNTY if case.place is Place.EVERY_HOSPITAL else case.place
        yield case.service, place, rest & applies.bits, _answers(reading, tell, case, place)
        rest = next(applies.outside(rest), 0)
    yield tell.service, tell.place, rest, reading.answers(tell.service, tell.place)


def _answers(reading: Reading, tell: Tell, case: Instead, place: Place) -> tuple[Answer, ...]:
    """What is found where a case applies; nothing that a promise may rest on where it may not."""
    service, directory, space = case.service, reading.rulebook.directory, reading.space
    if case.when is Unless.NO_BOOKING and space.type in NAMES_A_PROVIDER:
        is_same = {service, tell.service, *(each.service for each in tell.instead)} == {service}
        return (unresolved(service, directory, space.on),) if is_same else ()
    is_pupil = case.when is Unless.INDEPENDENT_SCHOOL and service is Service.SCHOOL_NURSING
    if is_pupil and place is Place.HOME_DISTRICT:
        return of_home_alone(service, directory, space.places, space.on)
    return reading.answers(service, place)


@dataclass(frozen=True, slots=True)
class _Blocks:
    """The withhold blocks of one kind of event, with where they match."""

    reading: Reading
    blocks: Sequence[tuple[Withhold, Sequence[Box]]]
    budget: Budget

    def reached(self, rule: Rule, service: Service, matched: Sequence[Piece]) -> list[Piece]:
        """Where a rule that fires reaches a service, as `withholding.Withholding.tells` says."""
        if all(service in block.except_ for block, _ in self.blocks):
            return list(matched)
        parts = [_Part(piece) for piece in matched]
        for block, boxes in self.blocks:
            parts = [after for part in parts for after in self._split(part, block, boxes, service)]
        return [piece for part in parts for piece in self._shown(part, rule)]

    def _split(
        self, part: _Part, block: Withhold, boxes: Sequence[Box], service: Service
    ) -> Iterator[_Part]:
        if not any(box.meets(part.piece) for box in boxes):
            yield part
            return
        for piece in leftovers(part.piece, boxes, self.budget):
            yield replace(part, piece=piece)
        for box in boxes:
            if box.meets(part.piece):
                inside = replace(part, piece=part.piece & box.bits)
                yield from self._withheld(inside, block, service)

    def _withheld(self, part: _Part, block: Withhold, service: Service) -> Iterator[_Part]:
        inside = replace(part, withheld=part.withheld | _concerns(self.reading, block))
        if service in block.except_:
            yield inside
            return
        for still in block.but_still:
            for piece in self.reading.where(*still.when) if service in still.services else ():
                if self.reading.space.layout.is_piece(part.piece & piece):
                    yield replace(inside, piece=part.piece & piece, restricted=True)

    def _shown(self, part: _Part, rule: Rule) -> Iterator[Piece]:
        """What may show that the rule fired: it would fire without the withheld concerns too."""
        if not part.restricted:
            yield part.piece
            return
        public = [_without_concerns(self.reading, each, part.withheld) for each in rule.when]
        if all(public):
            for piece in self.reading.where(*(each for each in public if each)):
                if self.reading.space.layout.is_piece(part.piece & piece):
                    yield part.piece & piece


def _is_list(reading: Reading, condition: Condition) -> bool:
    field = reading.space.event_fields.get(condition.field)
    return field is not None and field.kind is FieldKind.FLAGS


def _concerns(reading: Reading, block: Withhold) -> frozenset[str]:
    lists = (each.words for each in block.when if _is_list(reading, each))
    return frozenset().union(*lists)


def _without_concerns(
    reading: Reading, condition: Condition, concerns: frozenset[str]
) -> Condition | None:
    """The condition as it is tested when these concerns are not there; None: it cannot hold."""
    if not _is_list(reading, condition):
        return condition
    words = condition.words - concerns
    return replace(condition, words=words) if words else None


def urgent_within(reading: Reading, tell: Tell, bound: Urgency) -> Piece | None:
    """Where a line is at least as urgent as the bound; None where it never is."""
    allowed = _MOST_URGENT_FIRST[: _MOST_URGENT_FIRST.index(bound) + 1]
    space = reading.space
    if not isinstance(tell.urgency, UrgencyByField):
        return space.layout.everything if tell.urgency in allowed else None
    name, by_word = tell.urgency.field, tell.urgency.by_word
    values = reading.derived.get(name) or space.fields[name].values
    words = frozenset(w for w in values if by_word.get(w, Urgency.IMMEDIATE) in allowed)
    pieces = reading.where(Condition(name, tell.position, words=words))
    return pieces[0] if pieces else None
