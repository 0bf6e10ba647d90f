"""By when a duty must be answered: clocks in working time, in Europe/London, over bank holidays.

A working day is Monday to Friday and no bank holiday. A team that works round the clock answers
by the close of the county's office hours, since its safeguarding desk keeps those.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from routing_rules.service_hours import ServiceHours, Session
from routing_rules.settings import Elapsed, ResponseTime, RulebookSettings, SchoolClock
from schemas.values import Urgency

LONDON = ZoneInfo("Europe/London")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a school year, from its first day to its last, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Bank holidays of England by day, and school terms by local authority."""

    bank_holidays: Mapping[date, str]
    terms: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Whether it is Monday to Friday and no bank holiday."""
        return day.weekday() < _SATURDAY and day not in self.bank_holidays

    def is_school_day(self, authority: str, day: date) -> bool | None:
        """Whether an authority's schools are open; None where its terms are not known.

        Terms are known from the first day of the first one to the last day of the last.
        """
        terms = self.terms.get(authority, ())
        if not terms or not terms[0].first <= day <= terms[-1].last:
            return None
        return self.is_working_day(day) and any(term.first <= day <= term.last for term in terms)


def is_open(hours: ServiceHours, at: datetime, *, calendar: Calendar) -> bool:
    """Whether a team is at work at that moment; the moment it closes, it is not."""
    if hours.always_open:
        return True
    day = at.astimezone(LONDON).date()
    return any(
        _moment(day, session.opens) <= at < _moment(day, session.closes)
        for session in _sessions_on(day, hours, calendar)
    )


def end_of_day(day: date) -> datetime:
    """The moment (UTC) at which a day in London is over; days that are out of reach count less.

    Clocks change at night, so that a day may have 23 or 25 hours.
    """
    return _moment(min(day, date.max - _ONE_DAY) + _ONE_DAY, time())


def working_days_after(day: date, count: int, calendar: Calendar) -> date:
    """The working day that is so many working days after a day; the day itself is not counted."""
    for _ in range(count):
        day = _next_working_day(day, calendar)
    return day


def respond_by(
    urgency: Urgency,
    published_at: datetime,
    *,
    hours: ServiceHours,
    calendar: Calendar,
    settings: RulebookSettings,
) -> datetime:
    """By when (UTC) a team with these hours must answer what was published at that moment.

    It is always after `published_at` (aware). In working days, a more urgent duty is never due
    later than a less urgent one. Elapsed hours run apart from them: on a Friday at 16:30,
    "immediate" is due at 20:30, but "same day" already at the close of office hours at 17:00.
    """
    office = settings.office_hours if hours.always_open else hours
    allowed = settings.response_times[urgency]
    return due_after(allowed, published_at, hours=office, calendar=calendar)


def due_after(
    allowed: ResponseTime, since: datetime, *, hours: ServiceHours, calendar: Calendar
) -> datetime:
    """When a length of time is over (UTC) that began at a moment (aware).

    Elapsed time runs day and night. Working days end at the first close of these hours, which
    must close, that is after `since`.
    """
    if isinstance(allowed, Elapsed):
        return since.astimezone(UTC) + allowed.time
    day = since.astimezone(LONDON).date()
    for _ in range(allowed.days):
        day = _next_working_day(day, calendar)
    return _next_close(since, day, hours, calendar)


def before_school(
    published_at: datetime,
    authority: str,
    *,
    hours: ServiceHours,
    calendar: Calendar,
    clock: SchoolClock,
) -> datetime | None:
    """The start (UTC) of an authority's next school day; None where no term is known until then.

    A team that does not work between publication and that start has `clock.first` from its next
    opening: a time that nobody could keep would teach everybody to ignore it.
    """
    day = published_at.astimezone(LONDON).date()
    while (is_school := calendar.is_school_day(authority, day)) is not None:
        starts = _moment(day, clock.starts)
        if is_school and starts > published_at:
            return max(starts, _next_open(published_at, hours, calendar) + clock.first)
        day += _ONE_DAY
    return None


def _next_working_day(day: date, calendar: Calendar) -> date:
    day += _ONE_DAY
    while not calendar.is_working_day(day):
        day += _ONE_DAY
    return day


def _next_close(after: datetime, day: date, hours: ServiceHours, calendar: Calendar) -> datetime:
    """The first close after a moment, on that day or on the next on which the team works."""
    while True:
        for session in reversed(_sessions_on(day, hours, calendar)):
            closes = _moment(day, session.closes)
            if closes > after:
                return closes
        day += _ONE_DAY


def _next_open(at: datetime, hours: ServiceHours, calendar: Calendar) -> datetime:
    """The first moment from then on at which a team is at work."""
    if is_open(hours, at, calendar=calendar):
        return at.astimezone(UTC)
    day = at.astimezone(LONDON).date()
    while True:
        for session in _sessions_on(day, hours, calendar):
            opens = _moment(day, session.opens)
            if opens > at:
                return opens
        day += _ONE_DAY


def _sessions_on(day: date, hours: ServiceHours, calendar: Calendar) -> tuple[Session, ...]:
    return () if day in calendar.bank_holidays else hours.on_weekday(day.weekday())


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON).astimezone(UTC)
