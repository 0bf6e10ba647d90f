"""Whether a source has fallen silent, or all but: against what is usual at this time. Pure."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta

from routing_rules.chance import UNLIKELY, chance_of_so_few
from routing_rules.sources import LONDON, Source, day_in_london, expected_between

WEEKS = 4
"""How many weeks back the same weekday is looked at."""
FEWEST_WEEKS = 3
"""Of how many of them something must be known."""
AFTER_MIDNIGHT = timedelta(hours=1)
"""How long after a day's end its last events may come."""


def is_silent(
    source: Source, last: datetime, at: datetime, bank_holidays: AbstractSet[date]
) -> float | None:
    """How many events would have been usual since `last`, if a source is silent; else None.

    It is silent when so many hours of its usual ones have passed that no event at all would come
    by chance less than once in a thousand times, or when it has been so long as its settings say.
    """
    usual = expected_between(source.expected, last, at, bank_holidays=bank_holidays)
    is_unlikely = chance_of_so_few(0, usual) < UNLIKELY
    return usual if is_unlikely or at - last >= source.silent_after else None


def fall_of(
    received: Mapping[date, int],
    known_since: datetime,
    at: datetime,
    bank_holidays: AbstractSet[date],
) -> tuple[date, int, float] | None:
    """The last whole day, what came and what is usual, if less than half of that came; else None.

    Usual is the mean of the same weekday of the last four weeks. Bank holidays are neither judged
    nor taken as usual.
    """
    day = (at - AFTER_MIDNIGHT).astimezone(LONDON).date() - timedelta(days=1)
    before = [day - timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    usual = [
        received.get(each, 0)
        for each in before
        if each not in bank_holidays and day_in_london(each)[0] >= known_since
    ]
    if day in bank_holidays or len(usual) < FEWEST_WEEKS:
        return None
    mean, came = sum(usual) / len(usual), received.get(day, 0)
    return (day, came, mean) if came * 2 < mean else None
