"""By when what is asked must be done, where it has a date of its own."""

from datetime import datetime

from routing_rules.content_parts import open_actions, own_actions
from routing_rules.working_time import Calendar, end_of_day, working_days_after
from schemas.community import AssessmentDue
from schemas.events import AnyEventData, MaracOutcome
from schemas.social_care import ChildStatus, ConferenceInvitation
from schemas.values import PlanChange, PlanKind, Service

ASSESSED_WITHIN = 20
"""Working days from when a child becomes looked after to its first health assessment (para 4.2)."""


def act_by(
    data: AnyEventData,
    service: Service,
    organisations: tuple[str, ...],
    stands_for: Service | None,
    calendar: Calendar,
) -> datetime | None:
    """The end of the first day (UTC) by which something that is asked of these must be done.

    An open action of a MARAC conference (of an exception: of the service that it stands for), the
    answer and the report to a child protection conference (para 3.12), the first assessment of a
    child who becomes looked after (para 4.2), an assessment that is due (para 4.5). None: no date
    was given.
    """
    match data:
        case MaracOutcome() as marac:
            own = own_actions(marac, service, organisations)
            theirs = own if stands_for is None else open_actions(marac, stands_for)
            days = [action.due_on for action in theirs]
        case ConferenceInvitation():
            days = [data.response_due_on, data.report_due_on]
        case ChildStatus(plan=PlanKind.LOOKED_AFTER, change=PlanChange.STARTED):
            began = data.changed_on
            days = [began and working_days_after(began, ASSESSED_WITHIN, calendar)]
        case AssessmentDue():
            days = [data.due_on]
        case _:
            return None
    dated = [day for day in days if day is not None]
    return end_of_day(min(dated)) if dated else None
