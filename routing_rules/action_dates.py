"""By when the actions of a conference must be done: they have dates of their own."""

from datetime import datetime

from routing_rules.content_parts import open_actions, own_actions
from routing_rules.working_time import end_of_day
from schemas.events import AnyEventData, MaracOutcome
from schemas.values import Service


def act_by(
    data: AnyEventData,
    service: Service,
    organisations: tuple[str, ...],
    stands_for: Service | None,
) -> datetime | None:
    """The end of the first day (UTC) by which an open action of these is due.

    An exception has the actions of the service that it stands for. None: no date was given.
    """
    if not isinstance(data, MaracOutcome):
        return None
    if stands_for is None:
        theirs = own_actions(data, service, organisations)
    else:
        theirs = open_actions(data, stands_for)
    days = [action.due_on for action in theirs if action.due_on is not None]
    return end_of_day(min(days)) if days else None
