"""By when, and by whom else: a rulebook's clocks and out-of-hours contacts."""

from datetime import date, datetime

from routing_rules.directory import Team
from routing_rules.no_team import NoTeam
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON, before_school, is_open, respond_by
from schemas.values import Service, Urgency

_WITHIN_A_DAY = (Urgency.SAME_DAY, Urgency.NEXT_WORKING_DAY)


def due_by(rulebook: Rulebook, urgency: Urgency, published_at: datetime, team: Team) -> datetime:
    """By when (UTC) a team must answer: in working time, and before school where that is asked."""
    due = respond_by(
        urgency,
        published_at,
        hours=team.hours,
        calendar=rulebook.calendar,
        settings=rulebook.settings,
    )
    school = _before_school(rulebook, published_at, team) if urgency in _WITHIN_A_DAY else None
    return due if school is None else min(due, school)


def _before_school(rulebook: Rulebook, published_at: datetime, team: Team) -> datetime | None:
    """The start of the next school day, where the team's service must answer before it."""
    clock = rulebook.settings.school_clock
    if team.service not in clock.services:
        return None
    on = published_at.astimezone(LONDON).date()
    council = rulebook.directory.team_of_district(Service.SOCIAL_CARE, team.serves or None, on)
    if isinstance(council, NoTeam):
        return None
    return before_school(
        published_at,
        council.organisation,
        hours=team.hours,
        calendar=rulebook.calendar,
        clock=clock,
    )


def out_of_hours_contact(
    rulebook: Rulebook, team: Team, urgency: Urgency, published_at: datetime, on: date
) -> Team | None:
    """Who is told as well, at once: what is immediate does not wait for a team that is closed."""
    if urgency is not Urgency.IMMEDIATE or team.out_of_hours is None:
        return None
    if is_open(team.hours, published_at, calendar=rulebook.calendar):
        return None
    return rulebook.directory.team_by_recipient(team.out_of_hours, on)
