"""Where the time of a batch goes."""

from collections.abc import Callable, Iterable

from services.router.stopwatch import Stage, Stopwatch


def ticking(*moments: float) -> Callable[[], float]:
    """A steady clock that shows these moments, one after the other."""
    left: Iterable[float] = iter(moments)
    return lambda: next(iter(left))


def test_each_lap_is_added_to_its_stage() -> None:
    watch = Stopwatch(ticking(100.0, 100.002, 100.005, 100.0105))

    watch.lap(Stage.READ)
    watch.lap(Stage.DECIDE)
    watch.lap(Stage.READ)

    assert watch.by_stage() == {"read": 7.5, "decide": 3.0}


def test_no_moment_is_lost_and_none_counts_twice() -> None:
    watch = Stopwatch(ticking(0.0, 0.25, 0.5, 2.0))

    for stage in (Stage.PARSE, Stage.WAIT, Stage.WRITE):
        watch.lap(stage)

    assert watch.milliseconds == 2000 == sum(watch.by_stage().values())


def test_a_stage_that_was_not_reached_is_not_named() -> None:
    assert Stopwatch(ticking(0.0)).by_stage() == {}
