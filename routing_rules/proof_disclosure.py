"""Where a service may read parts of an event: the disclosure table, less what the router keeps."""

from collections.abc import Iterator
from dataclasses import dataclass

from routing_rules.boxes import Box, Piece
from routing_rules.content import ABOUT_OTHERS, ABOUT_THE_VICTIM, MAY_BE_CHILDREN
from routing_rules.directory import Team
from routing_rules.disclosure import Part
from routing_rules.no_team import NoTeam
from routing_rules.proof_ground import Ground
from routing_rules.proof_places import Answer
from routing_rules.proof_reading import Reading
from routing_rules.proof_space import Space
from routing_rules.proof_tellings import Telling, urgent_within
from routing_rules.vocabulary import in_words, words
from schemas.events import family_of
from schemas.values import EventType, Role, Service, Urgency

DISCLOSED = frozenset(
    {EventType.POLICE_DOMESTIC_ABUSE, EventType.EMERGENCY_ATTENDANCE, EventType.MARAC_OUTCOME}
)
"""The kinds of event of which it is known here what the router itself keeps back."""
_OF_OTHERS = frozenset(
    {
        Part.ADDRESS,
        Part.DUE_DATE,
        Part.CATEGORY_OF_CONCERN,
        Part.OTHER_ADULTS_BY_NAME,
        Part.OTHER_ADULTS_BY_ROLE,
    }
)
"""All that a notice of an attendance may carry about somebody who is not the patient."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Where some of these parts may be read, if the service is told there at all."""

    piece: Piece
    parts: frozenset[Part]
    kept_back: tuple[Box, ...]


def shown(reading: Reading, service: Service, parts: frozenset[Part]) -> Iterator[Shown]:
    """Where the table and the router let a service see any of these parts."""
    space, table = reading.space, reading.rulebook.disclosure
    for about_child in (True, False):
        allowed = table.parts(space.type, service, about_child=about_child) & parts
        if allowed:
            kept_back = tuple(reading.boxes(list(_kept_back(space, allowed))))
            for piece in _children(space) if about_child else _adults(space):
                yield Shown(piece, allowed, kept_back)


def reached(ground: Ground, telling: Telling, service: Service) -> list[Piece]:
    """Where a telling reaches a service, be it as MASH or as a contact out of hours."""
    reading = ground.reading
    directly = [each for each in telling.answers if _is_of(each, reading, service)]
    pieces = [reading.asked(each) for each in directly]
    at_once = urgent_within(reading, telling.tell, Urgency.IMMEDIATE)
    if at_once is not None:
        others = [each for each in telling.answers if _is_of_contact(each, reading, service)]
        pieces += [reading.asked(each) & at_once for each in others]
    return ground.meeting(telling.pieces, pieces)


def _is_of(answer: Answer, reading: Reading, service: Service) -> bool:
    if isinstance(answer.found, NoTeam):
        others = (*answer.or_else, *_handlers(answer.found, reading))
        return service in {Service.MASH, *(team.service for team in others)}
    return answer.found.service is service


def _handlers(gap: NoTeam, reading: Reading) -> tuple[Team, ...]:
    """Whoever may be told of a gap, wherever somebody lives: more is assumed, and not less."""
    space, family = reading.space, family_of(reading.space.type)
    return reading.rulebook.directory.standing_handlers(gap.service, family, space.on)


def _is_of_contact(answer: Answer, reading: Reading, service: Service) -> bool:
    """Whether the contact of the team, when it is closed, is of this service."""
    rulebook, on = reading.rulebook, reading.space.on
    team = answer.found if isinstance(answer.found, Team) else rulebook.mash(on)
    handlers = () if isinstance(answer.found, Team) else _handlers(answer.found, reading)
    teams = (team, *answer.or_else, *handlers)
    named = [each.out_of_hours for each in teams if each.out_of_hours]
    contacts = (rulebook.directory.team_by_recipient(each, on) for each in named)
    return any(each is not None and each.service is service for each in contacts)


def _children(space: Space) -> list[Piece]:
    """Who is known, or by role must be taken, to be no adult."""
    stages = [stage for stage in space.person_fields["stage"].values if stage != "unknown"]
    known = space.choose("stage", [stage for stage in stages if stage != "adult"])
    return [known, _of_unknown_age(space) & space.choose("role", words(MAY_BE_CHILDREN))]


def _adults(space: Space) -> list[Piece]:
    others = [role for role in Role if role not in MAY_BE_CHILDREN]
    grown_up = space.choose("stage", ["adult"])
    return [grown_up, _of_unknown_age(space) & space.choose("role", words(others))]


def _of_unknown_age(space: Space) -> Piece:
    return space.choose("stage", ["unknown"])


def _kept_back(space: Space, parts: frozenset[Part]) -> Iterator[Piece]:
    """Where the router itself keeps all of these parts back, whatever the table says."""
    if parts <= ABOUT_THE_VICTIM:
        only_accused = in_words(Role.ALLEGED_PERPETRATOR)
        through = space.choose("role", [in_words(Role.CHILD_KNOWN_TO_REGISTER)])
        for role in space.person_fields["parent's role"].values:
            through &= space.flagged("parent's role", role, there=role == only_accused)
        yield through
    if parts <= ABOUT_OTHERS:
        yield space.choose("also alleged perpetrator", ["yes"])
    if space.type is EventType.EMERGENCY_ATTENDANCE and not parts & _OF_OTHERS:
        others = [role for role in Role if role is not Role.PATIENT]
        yield space.choose("role", words(others))
