"""Why an exception stands for a service that could not be told: a closed set, for looking back."""

from enum import StrEnum

from routing_rules.decision import OwedDuty
from routing_rules.no_team import NoTeam, NoTeamReason
from routing_rules.standing_handlers import TOLD_INSTEAD
from schemas.values import Service


class Unplaced(StrEnum):
    """In this order where one exception has several reasons."""

    NOT_OURS = "not_ours"
    """Whoever was told returned it."""
    PERSON_NOT_IDENTIFIED = "person_not_identified"
    """It is not known who the person is, or where they belong."""
    COMMISSIONING_GAP = "commissioning_gap"
    """It is known that nobody is commissioned; a standing handler is told instead."""
    NO_RECIPIENT = "no_recipient"
    """The directory has no team, or the publisher forbids it."""


_NOT_KNOWN = (
    NoTeamReason.DISTRICT_UNKNOWN,
    NoTeamReason.SCHOOL_UNKNOWN,
    NoTeamReason.SCHOOL_TYPE_DECIDES,
    NoTeamReason.SITE_UNKNOWN,
    NoTeamReason.PROVIDER_UNKNOWN,
    NoTeamReason.PRACTICE_UNKNOWN,
)
_NOT_KNOWN_IN_WORDS = frozenset(
    NoTeam(reason, service).because for reason in _NOT_KNOWN for service in Service
)
_RETURNED = NoTeam(NoTeamReason.RETURNED, Service.MASH, recipient="").because


def why_unplaced(duty: OwedDuty) -> Unplaced | None:
    """Why the service that this exception stands for could not be told; None for other duties.

    What is not known comes before what is lacking: once it is known, there may be a team.
    """
    if duty.instead_of is None:
        return None
    said = (duty.because or "").split("; ")
    if any(each.startswith(_RETURNED) for each in said):
        return Unplaced.NOT_OURS
    if not _NOT_KNOWN_IN_WORDS.isdisjoint(said):
        return Unplaced.PERSON_NOT_IDENTIFIED
    if TOLD_INSTEAD in said:
        return Unplaced.COMMISSIONING_GAP
    return Unplaced.NO_RECIPIENT
