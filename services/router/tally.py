"""Counts what a batch holds by source, so that the ledger can say whether anything is missing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from routing_rules.sources import LONDON
from schemas.events import Refused
from services.ledger.sources import DayRow, FeedRow, HourRow, NumberRow, Standing, Tallied
from services.router.arrivals import Understood
from services.router.record import Record

AHEAD_FROM = timedelta(minutes=5)
"""A clock that differs from ours by less is right."""


_USED = frozenset({Standing.ARRIVED, Standing.AGAIN})


@dataclass(slots=True)
class _Feed:
    numbers: dict[int, Standing] = field(default_factory=dict)
    last: tuple[datetime, int] | None = None
    heard_at: datetime | None = None
    received: int = 0
    warned: int = 0
    unreadable: int = 0
    unnumbered: int = 0
    ahead: int = 0
    furthest_ahead: timedelta = timedelta()
    least_lag: timedelta | None = None


@dataclass(slots=True)
class _Day:
    received: int = 0
    unreadable: int = 0
    lowest: int | None = None
    highest: int | None = None


@dataclass(slots=True)
class Tally:
    """Gathers what one batch says of its sources; `at` is when it arrived. Not to be used again."""

    at: datetime
    _feeds: defaultdict[str, _Feed] = field(default_factory=lambda: defaultdict(_Feed))
    _days: defaultdict[tuple[str, date], _Day] = field(default_factory=lambda: defaultdict(_Day))

    def event(self, arrived: Understood) -> None:
        """One event that is new to the ledger."""
        event = arrived.event
        publisher, time = event.publisher, event.time
        feed = self._feeds[publisher]
        day = self._days[publisher, _day_in_london(time)]
        self._hear(feed, time)
        self._compare_clocks(feed, time)
        feed.received += 1
        day.received += 1
        feed.warned += bool(event.warnings)
        if event.sequence is None:
            feed.unnumbered += 1
            return
        number = int(event.sequence)
        is_used = feed.numbers.get(number) in _USED
        feed.numbers[number] = Standing.AGAIN if is_used else Standing.ARRIVED
        if feed.last is None or feed.last < (time, number):
            feed.last = (time, number)
        if day.lowest is None or number < day.lowest:
            day.lowest = number
        if day.highest is None or number > day.highest:
            day.highest = number

    def heard(self, publisher: str, time: datetime) -> None:
        """A source has said something, and says that it did so then."""
        self._hear(self._feeds[publisher], time)

    def dead_letter(self, publisher: str, record: Record, refused: Refused) -> None:
        """A message of a publisher's topic that could not be read; its number may be known."""
        feed = self._feeds[publisher]
        feed.unreadable += 1
        stamped = datetime.fromtimestamp(record.timestamp / 1000, UTC) if record.timestamp else None
        self._days[publisher, _day_in_london(min(stamped or self.at, self.at))].unreadable += 1
        is_own = refused.source is not None and refused.source.rsplit(":", 1)[-1] == publisher
        if refused.sequence is not None and is_own:
            feed.numbers.setdefault(int(refused.sequence), Standing.UNREADABLE)

    def gathered(self) -> Tallied:
        """The rows to add to the ledger, sources in order."""
        feeds = sorted(self._feeds.items())
        hour = self.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return Tallied(
            feeds=[_feed_row(publisher, feed) for publisher, feed in feeds],
            numbers=[row for publisher, feed in feeds for row in _number_rows(publisher, feed)],
            days=[
                DayRow(publisher, day, held.received, held.unreadable, held.lowest, held.highest)
                for (publisher, day), held in sorted(self._days.items())
            ],
            hours=[_hour_row(publisher, hour, feed) for publisher, feed in feeds],
        )

    def _hear(self, feed: _Feed, time: datetime) -> None:
        """Nobody is heard from the future."""
        time = min(time, self.at)
        if feed.heard_at is None or feed.heard_at < time:
            feed.heard_at = time

    def _compare_clocks(self, feed: _Feed, time: datetime) -> None:
        """How the publisher's clock goes, as far as one event tells."""
        lag = self.at - time
        if lag < -AHEAD_FROM:
            feed.ahead += 1
            feed.furthest_ahead = max(feed.furthest_ahead, -lag)
        if feed.least_lag is None or lag < feed.least_lag:
            feed.least_lag = max(lag, timedelta())


def _day_in_london(time: datetime) -> date:
    return _day_of_hour(time.astimezone(UTC).replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=4096)
def _day_of_hour(hour: datetime) -> date:
    """London is a whole number of hours from UTC, so an hour lies within one day."""
    return hour.astimezone(LONDON).date()


def _feed_row(publisher: str, feed: _Feed) -> FeedRow:
    published, number = feed.last or (None, None)
    return FeedRow(publisher, number, published, feed.heard_at)


def _number_rows(publisher: str, feed: _Feed) -> Iterator[NumberRow]:
    """Runs of numbers. One that was used twice in the batch has arrived, and again."""
    for standing in Standing:
        numbers = (number for number, stands in feed.numbers.items() if stands is standing)
        for first, last in _runs(numbers):
            yield NumberRow(publisher, standing, first, last)
            if standing is Standing.AGAIN:
                yield NumberRow(publisher, Standing.ARRIVED, first, last)


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for number in sorted(numbers):
        if first is None or last is None:
            first = last = number
        elif number == last + 1:
            last = number
        else:
            yield first, last
            first = last = number
    if first is not None and last is not None:
        yield first, last


def _hour_row(publisher: str, hour: datetime, feed: _Feed) -> HourRow:
    return HourRow(
        publisher,
        hour,
        feed.received,
        feed.warned,
        feed.unreadable,
        feed.unnumbered,
        feed.ahead,
        feed.furthest_ahead,
        feed.least_lag,
    )
