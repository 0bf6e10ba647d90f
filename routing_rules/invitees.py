"""Whom an invitation to a conference names by their recipient (para 3.4, 3.12).

A rule finds whoever is invited by the person and who cares for them. Where the invitation itself
names a team, that team is told as well: once, if it is the same. A name that the directory does not
know is MASH's, and never silence.
"""

from collections.abc import Iterator

from routing_rules.directory import Directory, Team
from routing_rules.document import Tell
from routing_rules.facts import Facts
from routing_rules.no_team import NoTeam, NoTeamReason
from schemas.social_care import ConferenceInvitation, Invitee
from schemas.values import Ask, InvitationAnswer, Service

UNANSWERED = frozenset({InvitationAnswer.AWAITED, InvitationAnswer.UNKNOWN})


def and_those_named(
    found: Team | NoTeam, tell: Tell, facts: Facts, directory: Directory
) -> tuple[Team | NoTeam, ...]:
    """Whoever a tell line found, and the teams of its service that an invitation names.

    Where nobody was found, a team that is named is enough. A line that asks for an action is only
    for those who have not answered.
    """
    if not isinstance(facts.data, ConferenceInvitation):
        return (found,)
    named = tuple(
        _team(invitee.recipient, tell.service, facts, directory)
        for invitee in facts.data.invitees
        if invitee.recipient is not None
        and _service_of(invitee) == tell.service
        and (Ask.ACT not in tell.asks or invitee.answer in UNANSWERED)
    )
    if tell.service is Service.GP:
        named = tuple(_practices(named, facts))
    is_found = isinstance(found, Team) or not any(isinstance(each, Team) for each in named)
    return tuple(dict.fromkeys((*((found,) if is_found else ()), *named)))


def _service_of(invitee: Invitee) -> str:
    return (invitee.service or "").replace("_", "-").replace(" ", "-")


def _team(name: str, service: Service, facts: Facts, directory: Directory) -> Team | NoTeam:
    team = directory.team_by_recipient(name, facts.on)
    if team is None or team.service is not service:
        return NoTeam(NoTeamReason.INVITEE_NOT_LISTED, service)
    return team


def _practices(named: tuple[Team | NoTeam, ...], facts: Facts) -> Iterator[NoTeam]:
    """The register says whose patient somebody is, and no invitation: a document goes nowhere else.

    A practice that is named and has none of the people for a patient is MASH's to sort out.
    """
    patients_of = {each.practice for each in facts.people if not each.party.guarded}
    for each in named:
        if isinstance(each, NoTeam):
            yield each
        elif each.organisation not in patients_of:
            yield NoTeam(NoTeamReason.INVITED_ELSEWHERE, Service.GP)
