"""The open actions of a conference whose owners no rule tells: owned by them all the same."""

from collections.abc import Iterable

from routing_rules.content_parts import open_actions
from routing_rules.directory import Team
from routing_rules.drafted_notices import Candidate
from routing_rules.facts import Facts
from routing_rules.no_team import NoTeam
from routing_rules.rulebook import Rulebook
from schemas.events import MaracOutcome
from schemas.values import Ask, Service, Urgency

ACTION_RULE = "marac-action"
ACTION_WHY = "An open action of the conference is theirs."


def owners_of_actions(
    facts: Facts, told: Iterable[Candidate], rulebook: Rulebook
) -> list[Candidate]:
    """A candidate for each service and organisation with an open action that `told` leaves out.

    Where the action names no organisation, or one without such a team, MASH will own it.
    """
    if not isinstance(facts.data, MaracOutcome):
        return []
    known = {
        (c.service, c.team.organisation)
        for c in told
        if isinstance(c.team, Team) and c.carries_event
    }
    owners: dict[tuple[Service, str | None], Team | NoTeam] = {}
    for service in Service:
        for action in open_actions(facts.data, service):
            owner = (service, action.organisation)
            if owner not in known:
                owners[owner] = rulebook.directory.team_of_organisation(
                    service, action.organisation, facts.on
                )
    asks = (Ask.ACKNOWLEDGE, Ask.ACT)
    return [
        Candidate(ACTION_RULE, ACTION_WHY, service, team, Urgency.NEXT_WORKING_DAY, asks)
        for (service, _), team in owners.items()
    ]
