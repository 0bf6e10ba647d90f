"""How a notice must be handled: what its reader must hide, keep to themselves or watch for."""

from routing_rules.content import is_about_somebody_else, is_adult, is_of_accused_alone
from routing_rules.directory import Team
from routing_rules.facts import Facts, PersonFacts
from routing_rules.people import VIOLENCE
from schemas.events import EmergencyAttendance, MaracOutcome
from schemas.values import Handling, Role, Service


def is_violent(facts: Facts) -> bool:
    """Whether the event is, or may be, one of violence."""
    data = facts.data
    return not isinstance(data, EmergencyAttendance) or bool(VIOLENCE & set(data.concerns))


def handling_of(
    facts: Facts, person: PersonFacts, team: Team, *, is_confidential: bool
) -> tuple[Handling, ...]:
    """How this team must handle a notice about this person."""
    handling: set[Handling] = set()
    is_practice = team.service is Service.GP
    shares = is_practice and _perpetrator_shares(facts, person, team.organisation)
    if is_practice and (is_violent(facts) or is_confidential or shares):
        handling.add(Handling.HIDE_FROM_ONLINE_ACCESS)
    if shares:
        handling.add(Handling.PERPETRATOR_SHARES_PRACTICE)
    if isinstance(facts.data, MaracOutcome):
        handling.add(Handling.DO_NOT_COPY)
    if person.party.person.address_restricted:
        handling.add(Handling.NO_ADDRESS)
    if is_confidential:
        handling.add(Handling.CONFIDENTIAL)
    if _may_reach_a_parent(facts, person):
        handling |= {Handling.OTHER_PARENT_MAY_HAVE_ACCESS, Handling.HIDE_FROM_ONLINE_ACCESS}
    return tuple(item for item in Handling if item in handling)


def _may_reach_a_parent(facts: Facts, person: PersonFacts) -> bool:
    """Whether a child's notice stems from what happened to a parent, or to somebody else.

    Of a child whom only the register knows nobody can tell who the other parent is.
    """
    if is_adult(person):
        return False
    if person.parents or is_of_accused_alone(facts, person):
        return True
    return is_about_somebody_else(facts, person)


def _perpetrator_shares(facts: Facts, person: PersonFacts, practice: str) -> bool:
    """Whether somebody accused is registered where this notice goes."""
    own = person.party.human
    return any(
        other.practice == practice and other.party.human != own
        for other in facts.people
        if other.party.guarded or Role.ALLEGED_PERPETRATOR in other.party.roles
    )
