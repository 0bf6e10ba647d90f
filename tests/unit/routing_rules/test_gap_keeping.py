from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing_rules.completeness import FeedNumbers
from routing_rules.gap_keeping import GRACE, Mark, keep_gaps
from routing_rules.number_runs import Run, Runs, common, joined, without

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)


@dataclass
class _Feed:
    """The ledger in small: what the router and the watch do to a feed between them."""

    numbers: FeedNumbers = field(default_factory=FeedNumbers)
    repeated: Runs = ()
    mark: Mark | None = None

    def arrive(self, number: int) -> None:
        one, old = [Run(number, number)], self.numbers
        again = joined(old.again, common(old.accounted, one))
        self.numbers = FeedNumbers(joined(old.accounted, one), old.unreadable, again, old.gaps)

    def look(self, at: datetime, *, is_counted: bool = True) -> None:
        kept = keep_gaps(self.numbers, self.repeated, self.mark, at, is_counted=is_counted)
        gaps = joined(without(self.numbers.gaps, kept.filled), kept.noted)
        self.numbers = FeedNumbers(kept.accounted, self.numbers.unreadable, (), gaps)
        self.repeated, self.mark = kept.repeated, kept.mark


def _after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def gaps_of(feed: _Feed) -> tuple[Run, ...]:
    return feed.numbers.gaps


def test_a_number_is_waited_for_before_it_is_a_gap() -> None:
    feed = _Feed()
    feed.arrive(1)
    feed.arrive(3)

    feed.look(NOON)
    assert gaps_of(feed) == ()
    feed.look(NOON + GRACE)

    assert gaps_of(feed) == (Run(2, 2),)
    assert (feed.numbers.accounted, feed.mark) == ((Run(1, 3),), None)


def test_what_comes_within_its_time_was_never_a_gap() -> None:
    feed = _Feed()
    feed.arrive(1)
    feed.arrive(3)
    feed.look(NOON)
    feed.arrive(2)

    feed.look(NOON + GRACE)

    assert (feed.numbers.gaps, feed.repeated, feed.mark) == ((), (), None)


def test_a_younger_gap_has_its_own_time() -> None:
    feed = _Feed()
    for number in (1, 3):
        feed.arrive(number)
    feed.look(NOON)
    feed.arrive(5)

    feed.look(NOON + GRACE)
    assert gaps_of(feed) == (Run(2, 2),)
    feed.look(NOON + 2 * GRACE)

    assert gaps_of(feed) == (Run(2, 2), Run(4, 4))


def test_what_comes_late_fills_its_gap_and_was_not_used_twice() -> None:
    feed = _Feed()
    for number in (1, 5):
        feed.arrive(number)
    feed.look(NOON)
    feed.look(NOON + GRACE)
    feed.arrive(3)

    feed.look(_after(60))

    assert (feed.numbers.gaps, feed.repeated) == ((Run(2, 2), Run(4, 4)), ())


def test_a_number_that_came_before_was_used_twice() -> None:
    feed = _Feed()
    for number in (1, 2, 2):
        feed.arrive(number)

    feed.look(NOON)

    assert feed.repeated == (Run(2, 2),)


def test_a_source_that_is_not_counted_has_no_gaps_and_stays_small() -> None:
    feed = _Feed()
    for number in range(1, 100, 2):
        feed.arrive(number)

    feed.look(NOON, is_counted=False)
    feed.look(_after(60), is_counted=False)

    assert (feed.numbers.gaps, feed.numbers.accounted) == ((), (Run(1, 99),))


def test_of_a_feed_without_numbers_nothing_is_kept() -> None:
    kept = keep_gaps(FeedNumbers(), (), None, NOON, is_counted=False)

    assert (kept.accounted, kept.noted, kept.mark) == ((), (), None)


@given(
    st.lists(st.one_of(st.integers(1, 30), st.floats(0, 40))),
)
def test_however_it_comes_what_is_missing_is_what_never_came(steps: list[int | float]) -> None:
    feed, at, came = _Feed(), NOON, list[int]()
    for step in steps:
        if isinstance(step, int):
            feed.arrive(step)
            came.append(step)
        else:
            at += timedelta(minutes=step)
            feed.look(at)
        missing = {n for run in feed.numbers.missing for n in range(run.first, run.last + 1)}
        assert missing == (set(range(min(came), max(came) + 1)) - set(came) if came else set())
    feed.look(at)
    twice = {n for run in feed.repeated for n in range(run.first, run.last + 1)}
    assert twice <= {number for number in came if came.count(number) > 1}
