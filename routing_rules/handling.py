"""How a notice must be handled: what its reader must hide, keep to themselves or watch for."""

from routing_rules.content import is_about_somebody_else, is_adult, is_of_accused_alone
from routing_rules.directory import Team
from routing_rules.facts import Facts, PersonFacts
from routing_rules.subjects import (
    is_confidential,
    is_kept_from_online_access,
    may_tell_of_the_mother,
)
from schemas.events import MaracOutcome
from schemas.values import Handling, Role, Service


def handling_of(
    facts: Facts, person: PersonFacts, team: Team, *, withheld: bool
) -> tuple[Handling, ...]:
    """How this team must handle a notice about this person, of whom something may be `withheld`."""
    handling: set[Handling] = set()
    confidential = withheld or is_confidential(facts.data)
    is_practice = team.service is Service.GP
    shares = is_practice and _perpetrator_shares(facts, person, team.organisation)
    if is_practice and (is_kept_from_online_access(facts.data) or confidential or shares):
        handling.add(Handling.HIDE_FROM_ONLINE_ACCESS)
    if shares:
        handling.add(Handling.PERPETRATOR_SHARES_PRACTICE)
    if isinstance(facts.data, MaracOutcome):
        handling.add(Handling.DO_NOT_COPY)
    if person.party.person.address_restricted:
        handling.add(Handling.NO_ADDRESS)
    if confidential:
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
    of_the_mother = may_tell_of_the_mother(facts.data, person.party.person)
    return of_the_mother or is_about_somebody_else(facts, person)


def _perpetrator_shares(facts: Facts, person: PersonFacts, practice: str) -> bool:
    """Whether somebody accused is registered where this notice goes."""
    own = person.party.human
    return any(
        other.practice == practice and other.party.human != own
        for other in facts.people
        if other.party.guarded or Role.ALLEGED_PERPETRATOR in other.party.roles
    )
