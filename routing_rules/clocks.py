"""By when, and by whom else: a rulebook's clocks and out-of-hours contacts."""

from datetime import date, datetime

from routing_rules.directory import Team
from routing_rules.rulebook import Rulebook
from routing_rules.service_hours import ServiceHours
from routing_rules.working_time import is_open, respond_by
from schemas.values import Urgency


def due_by(
    rulebook: Rulebook, urgency: Urgency, published_at: datetime, hours: ServiceHours
) -> datetime:
    """By when (UTC) a team with these hours must answer."""
    return respond_by(
        urgency,
        published_at,
        hours=hours,
        calendar=rulebook.calendar,
        settings=rulebook.settings,
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
