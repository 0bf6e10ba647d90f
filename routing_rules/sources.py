"""Who publishes what, and how much is to be expected of it: what completeness is judged by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from schemas.values import Family

LONDON = ZoneInfo("Europe/London")
_ONE_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


class Counted(StrEnum):
    """How a source lets us see that nothing of it is missing."""

    YES = "yes"
    """Every event has the next number of the source's own counter."""
    DAILY = "daily"
    """A daily count says how many events there were."""
    NO = "no"
    """Not at all: only the expected pattern can tell."""


@dataclass(frozen=True, slots=True)
class ExpectedSpan:
    """How many events are usual in a part of certain days, in London.

    `weekdays` are those on which it holds (Monday is 0), without bank holidays if
    `working_days_only`. `opens` and `closes` are lengths of time since midnight by the clock.
    """

    weekdays: frozenset[int]
    working_days_only: bool
    opens: timedelta
    closes: timedelta
    an_hour: float

    def holds_on(self, day: date, bank_holidays: Iterable[date]) -> bool:
        """Whether anything is expected by this span on that day."""
        return day.weekday() in self.weekdays and not (
            self.working_days_only and day in bank_holidays
        )


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher's feed: how it is counted, what is usual, and whom to ring about it.

    After `silent_after` without a word it is silent, whatever is usual. `organisation` is whose
    staff write its events (ODS code), where they are one organisation's.
    """

    publisher: str
    family: Family
    counted: Counted
    expected: tuple[ExpectedSpan, ...]
    silent_after: timedelta
    contact: str
    organisation: str | None = None


def expected_between(
    spans: Iterable[ExpectedSpan],
    begin: datetime,
    end: datetime,
    *,
    bank_holidays: Iterable[date] = (),
) -> float:
    """How many events are usual between two moments (aware); nought if `end` is not after `begin`.

    An hour that the clocks skip or repeat counts as it passes.
    """
    held = tuple(spans)
    holidays = frozenset(bank_holidays)
    return sum(
        span.an_hour * _overlap(day, span, begin, end)
        for day in _days(begin, end)
        for span in held
        if span.holds_on(day, holidays)
    )


def expected_on(
    spans: Iterable[ExpectedSpan], day: date, *, bank_holidays: Iterable[date] = ()
) -> float:
    """How many events are usual on a day in London."""
    begin, end = day_in_london(day)
    return expected_between(spans, begin, end, bank_holidays=bank_holidays)


def day_in_london(day: date) -> tuple[datetime, datetime]:
    """When a day begins and ends in London, in UTC; it has 23 or 25 hours when clocks change."""
    return _moment(day, timedelta()), _moment(day, _ONE_DAY)


def _days(begin: datetime, end: datetime) -> Iterator[date]:
    day, last = begin.astimezone(LONDON).date(), end.astimezone(LONDON).date()
    while day <= last:
        yield day
        day += _ONE_DAY


def _overlap(day: date, span: ExpectedSpan, begin: datetime, end: datetime) -> float:
    """How many hours of the span on that day lie between two moments."""
    opens, closes = _moment(day, span.opens), _moment(day, span.closes)
    return max(timedelta(), min(closes, end) - max(opens, begin)) / _HOUR


def _moment(day: date, since_midnight: timedelta) -> datetime:
    """A time by the clock in London, in UTC; 24:00 is the midnight that ends the day."""
    on_the_clock = datetime.combine(day, time()) + since_midnight
    return on_the_clock.replace(tzinfo=LONDON).astimezone(UTC)
