"""How numbers that do not come become gaps that are owned, and how gaps are filled. Pure.

Numbers that are read from several partitions come out of order, so a number that is not there is
no gap until it has been waited for. Until then it costs nothing to keep; afterwards it is a row.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from routing_rules.completeness import FeedNumbers
from routing_rules.number_runs import Run, Runs, common, joined, without

GRACE = timedelta(minutes=10)
"""How long a number is waited for before it is missing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Whatever is not there below `number` was not there at `at` already."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What becomes of a feed: its numbers, those used twice, and what is waited for.

    `filled` are numbers of gaps that have come after all; `noted` those that are gaps from now on.
    """

    accounted: Runs
    repeated: Runs
    mark: Mark | None
    filled: Runs = ()
    noted: Runs = ()


def keep_gaps(
    numbers: FeedNumbers, repeated: Runs, mark: Mark | None, at: datetime, *, is_counted: bool
) -> Kept:
    """Looks at a feed's numbers once more. The answer takes the place of what was known before.

    A source that is not counted may number as it likes: nothing of it is ever a gap, and its
    numbers are kept as one run, lest a feed of odd numbers grow for ever.
    """
    filled = common(numbers.gaps, joined(numbers.again, numbers.unreadable))
    if not is_counted:
        span = numbers.span
        return Kept((span,) if span else (), (), None, filled=filled)
    repeated = joined(repeated, numbers.used_twice)
    waited = _waited_for(numbers)
    if not waited:
        return Kept(numbers.accounted, repeated, None, filled=filled)
    highest = waited[-1].last
    if mark is None or at - mark.at < GRACE:
        return Kept(numbers.accounted, repeated, mark or Mark(highest, at), filled=filled)
    noted = common(waited, [Run(0, mark.number)])
    accounted = joined(numbers.accounted, noted)
    mark = Mark(highest, at) if noted != waited else None
    return Kept(accounted, repeated, mark, filled=filled, noted=noted)


def _waited_for(numbers: FeedNumbers) -> Runs:
    """Numbers that are not there, and are not known to be missing."""
    if numbers.span is None:
        return ()
    return without([numbers.span], joined(numbers.accounted, numbers.unreadable))
