import itertools
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.completeness import DayTally, FeedNumbers, Statement, state
from routing_rules.number_runs import Run, Runs, common, how_many, in_words, joined, without
from routing_rules.sources import Counted, ExpectedSpan, Source
from schemas.values import Family

DAY = date(2026, 3, 6)
SPAN = ExpectedSpan(frozenset(range(7)), False, timedelta(), timedelta(hours=24), 5.0)  # noqa: FBT003
NUMBERS = st.sets(st.integers(0, 60), max_size=40)


def _source(counted: Counted = Counted.YES) -> Source:
    return Source("p", Family.POLICE, counted, (SPAN,), timedelta(days=1), "the duty sergeant")


def _runs(numbers: Iterable[int]) -> Runs:
    return joined(Run(number, number) for number in numbers)


def _set(runs: Runs) -> set[int]:
    return {number for run in runs for number in range(run.first, run.last + 1)}


def _stated(
    tally: DayTally, numbers: FeedNumbers | None = None, counted: Counted = Counted.YES
) -> Statement:
    return state(_source(counted), DAY, tally, numbers or FeedNumbers())


@given(NUMBERS, NUMBERS)
def test_runs_are_sets_of_numbers(one: set[int], other: set[int]) -> None:
    a, b = _runs(one), _runs(other)

    assert _set(joined(a, b)) == one | other
    assert _set(without(a, b)) == one - other
    assert _set(common(a, b)) == one & other
    assert how_many(a) == len(one)
    for runs in (joined(a, b), without(a, b), common(a, b)):
        assert list(runs) == sorted(runs)
        assert all(x.last + 1 < y.first for x, y in itertools.pairwise(runs))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((), ""), ((17,), "17"), ((17, 33, 34, 35), "17, 33-35")],
)
def test_runs_are_told_in_words(numbers: tuple[int, ...], words: str) -> None:
    assert in_words(_runs(numbers)) == words


def test_of_many_runs_the_first_are_told_and_the_rest_counted() -> None:
    assert in_words(_runs(range(0, 100, 2)), most=2) == "0, 2 and 48 more"


@given(arrived=NUMBERS, unreadable=NUMBERS, booked=NUMBERS, late=NUMBERS)
def test_missing_is_what_lies_between_the_first_and_the_last_and_never_came(
    arrived: set[int], unreadable: set[int], booked: set[int], late: set[int]
) -> None:
    gaps = booked - arrived
    again = late & (arrived | gaps)
    numbers = FeedNumbers(_runs(arrived | gaps), _runs(unreadable), _runs(again), _runs(gaps))

    seen = arrived | gaps | unreadable
    between = set(range(min(seen), max(seen) + 1)) if seen else set()
    assert _set(numbers.missing) == between - arrived - unreadable - again
    assert _set(numbers.used_twice) == again & arrived


def test_a_day_whose_numbers_all_came_is_complete() -> None:
    tally = DayTally(received=412, lowest=1, highest=412)

    stated = _stated(tally, FeedNumbers((Run(1, 412),)))

    assert (stated.missing, stated.is_complete, stated.expected) == ((), True, 120.0)


def test_what_lies_between_two_days_is_told_of_both() -> None:
    numbers = FeedNumbers((Run(1, 9), Run(11, 20)))

    first = _stated(DayTally(9, lowest=1, highest=9, after=11), numbers)
    second = _stated(DayTally(10, lowest=11, highest=20, before=9), numbers)
    between = _stated(DayTally(before=9, after=11), numbers)

    assert first.missing == second.missing == between.missing == (Run(10, 10),)
    assert (first.is_complete, second.is_complete, between.is_complete) == (False, False, False)


def test_what_is_missing_on_other_days_is_not_told_of_this_one() -> None:
    numbers = FeedNumbers((Run(1, 4), Run(6, 14), Run(16, 20)))

    stated = _stated(DayTally(5, lowest=8, highest=12, before=7, after=13), numbers)

    assert (stated.missing, stated.is_complete) == ((), True)


def test_days_whose_numbers_overlap_leave_nothing_out() -> None:
    numbers = FeedNumbers((Run(1, 9), Run(11, 20)))

    stated = _stated(DayTally(8, lowest=8, highest=15, before=12, after=14), numbers)

    assert stated.missing == (Run(10, 10),)


@pytest.mark.parametrize(
    ("tally", "fewer", "complete"),
    [
        (DayTally(received=9, said=9), 0, True),
        (DayTally(received=8, said=9), 1, False),
        (DayTally(received=8, unreadable=1, said=9), 0, True),
        (DayTally(received=9, unreadable=1, said=9), 0, True),
        (DayTally(received=10, said=9), -1, False),
        (DayTally(received=0, said=0), 0, True),
        (DayTally(received=9), 0, None),
    ],
)
def test_a_daily_count_is_compared_with_what_came(
    tally: DayTally, fewer: int, complete: bool | None
) -> None:
    stated = _stated(tally, counted=Counted.DAILY)

    assert (stated.tally.fewer, stated.is_complete) == (fewer, complete)


@pytest.mark.parametrize("counted", Counted)
def test_where_nothing_came_nothing_is_proved(counted: Counted) -> None:
    assert _stated(DayTally(), counted=counted).is_complete is None


def test_what_is_not_counted_cannot_be_complete() -> None:
    assert _stated(DayTally(received=126), counted=Counted.NO).is_complete is None


def test_before_the_first_number_nothing_can_be_missing() -> None:
    stated = _stated(DayTally(after=1), FeedNumbers((Run(1, 9),)))

    assert (stated.missing, stated.is_complete) == ((), None)
