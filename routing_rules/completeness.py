"""Whether anything is missing of what a source published, from what the ledger has counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from routing_rules.number_runs import Run, Runs, common, how_many, joined, without
from routing_rules.sources import Counted, Source, expected_on


@dataclass(frozen=True, slots=True)
class FeedNumbers:
    """What became of a source's own numbers, all of them, as the ledger keeps it.

    `accounted` arrived, or their lack is known (`gaps`); `again` arrived though accounted for.
    """

    accounted: Runs = ()
    unreadable: Runs = ()
    again: Runs = ()
    gaps: Runs = ()

    @property
    def span(self) -> Run | None:
        """From the lowest number that was ever seen to the highest."""
        seen = joined(self.accounted, self.unreadable)
        return Run(seen[0].first, seen[-1].last) if seen else None

    @property
    def missing(self) -> Runs:
        """What the source must have sent, and what has not arrived, readable or not."""
        if self.span is None:
            return ()
        untold = without([self.span], self.accounted)
        return without(joined(untold, self.gaps), joined(self.again, self.unreadable))

    @property
    def used_twice(self) -> Runs:
        """Numbers among `again` that fill no gap: two events had the same one."""
        return without(self.again, self.gaps)


@dataclass(frozen=True, slots=True)
class DayTally:
    """What the ledger holds of a source and day in London.

    `before` is the highest number of earlier days, `after` the lowest of later ones. `said` is the
    source's own daily count, if it has sent one.
    """

    received: int = 0
    unreadable: int = 0
    lowest: int | None = None
    highest: int | None = None
    before: int | None = None
    after: int | None = None
    said: int | None = None

    @property
    def fewer(self) -> int:
        """By how many events the daily count exceeds what came; below nought, more came.

        What could not be read may be among what was counted, and may not.
        """
        if self.said is None:
            return 0
        most = self.received + self.unreadable
        return max(0, self.said - most) or min(0, self.said - self.received)


@dataclass(frozen=True, slots=True)
class Statement:
    """What can be said of a source and day.

    `is_complete` is None where nothing can be proved: it is not counted, or not yet.
    """

    publisher: str
    day: date
    counted: Counted
    tally: DayTally
    missing: Runs
    expected: float
    is_complete: bool | None


def state(
    source: Source,
    day: date,
    tally: DayTally,
    numbers: FeedNumbers,
    *,
    bank_holidays: Iterable[date] = (),
) -> Statement:
    """What can be said. Numbers between two days' own may be of either, and are told of both."""
    window = _window(tally, numbers)
    missing = common([window], numbers.missing) if window is not None else ()
    return Statement(
        publisher=source.publisher,
        day=day,
        counted=source.counted,
        tally=tally,
        missing=missing,
        expected=expected_on(source.expected, day, bank_holidays=bank_holidays),
        is_complete=_is_complete(source, tally, how_many(missing)),
    )


def _window(tally: DayTally, numbers: FeedNumbers) -> Run | None:
    """The numbers that may be of this day."""
    span = numbers.span
    if span is None:
        return None
    first = tally.lowest if tally.before is None else tally.before + 1
    last = span.last if tally.after is None else tally.after - 1
    if first is None:
        return None
    first = min(first, tally.lowest if tally.lowest is not None else first)
    last = max(last, tally.highest if tally.highest is not None else last)
    return Run(first, last) if first <= last else None


def _is_complete(source: Source, tally: DayTally, missing: int) -> bool | None:
    if missing:
        return False
    if tally.said is not None:
        return tally.fewer == 0
    is_proved = source.counted is Counted.YES and tally.highest is not None
    return True if is_proved else None
