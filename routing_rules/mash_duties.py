"""Duties of MASH that are about no person: something came in that could not be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from routing_rules.clocks import due_by
from routing_rules.decision import DEAD_LETTER_KEY, Json, OwedDuty, Reason
from routing_rules.directory import Team
from routing_rules.rulebook import Rulebook
from schemas.values import Ask, NotificationKind, Urgency


@dataclass(frozen=True, slots=True)
class Matter:
    """What MASH is told of, how soon it must act, and why it is an exception.

    `key` tells it from other matters, where a duty about somebody would have the person's key.
    """

    content: Mapping[str, Json]
    urgency: Urgency
    reason: Reason
    because: str
    key: str = DEAD_LETTER_KEY


def exception_for(team: Team, matter: Matter, rulebook: Rulebook, since: datetime) -> OwedDuty:
    """The team's duty to acknowledge and to act; its clock starts at `since` (aware)."""
    return OwedDuty(
        service=team.service,
        recipient=team.recipient,
        organisation=team.organisation,
        kind=NotificationKind.EXCEPTION,
        about=None,
        urgency=matter.urgency,
        respond_by=due_by(rulebook, matter.urgency, since, team),
        asks=(Ask.ACKNOWLEDGE, Ask.ACT),
        reasons=(matter.reason,),
        content=matter.content,
        because=matter.because,
        matter_key=matter.key,
    )
