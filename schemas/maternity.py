"""Maternity bookings: which provider cares for a pregnancy, and until when it can last."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.base import Day, Moment
from schemas.event_data import EventData
from schemas.person import Code, Person
from schemas.problems import Problem, forget
from schemas.reasons import Reason
from schemas.values import EventStatus

_LONDON = ZoneInfo("Europe/London")
_LONGEST_AFTER_BOOKING = timedelta(weeks=44)
"""A pregnancy is counted from two weeks before conception, and cannot be booked before that."""
_LONGEST_BEFORE_BOOKING = timedelta(weeks=6)
"""A pregnancy can be booked as late as its end, which may be some weeks after the due date."""


class MaternityBooking(EventData):
    """A pregnancy booked with a provider. The occurrence is the source and `pregnancy_id`."""

    pregnancy_id: Code | None = None
    status: EventStatus = EventStatus.NEW
    provider: Code | None = None
    booked_at: Moment | None = None
    expected_due_date: Day | None = None
    mother: Person


def is_possible_due_date(due: date, booked_at: datetime) -> bool:
    """Whether a pregnancy that was booked then can be due on that day.

    `booked_at` is aware; its day is the one in Europe/London.
    """
    away = due - booked_at.astimezone(_LONDON).date()
    return -_LONGEST_BEFORE_BOOKING <= away <= _LONGEST_AFTER_BOOKING


def problems(booking: MaternityBooking) -> list[Problem]:
    """What is well-formed in a booking and still cannot be so: "a pregnancy of 60 weeks"."""
    due, booked_at = booking.expected_due_date, booking.booked_at
    if due is None or booked_at is None or is_possible_due_date(due, booked_at):
        return []
    return [forget(("expected_due_date",), Reason.NOT_PLAUSIBLE)]
