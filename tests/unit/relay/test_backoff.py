from random import Random

from services.ledger.lanes import Lane
from services.relay.backoff import Backoff, HeldOff

_LANE = Lane("queue", 0)


class SteadySeconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_waits_double_up_to_the_longest() -> None:
    backoff = Backoff(first=1, longest=8)
    for failures, full in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (5000, 8)]:
        assert full / 2 <= backoff.seconds(failures, Random(1)) <= full


def test_a_lane_that_failed_is_left_alone_for_a_while() -> None:
    seconds = SteadySeconds()
    held_off = HeldOff(Backoff(first=1, longest=8), chance=Random(1), seconds=seconds)
    assert not held_off.holds(_LANE)

    held_off.failed(_LANE)

    assert held_off.holds(_LANE)
    assert not held_off.holds(Lane("queue", 1))
    seconds.now += 1
    assert not held_off.holds(_LANE)


def test_failures_are_forgotten_when_the_lane_works() -> None:
    seconds = SteadySeconds()
    held_off = HeldOff(Backoff(first=1, longest=1000), chance=Random(1), seconds=seconds)
    for _ in range(9):
        held_off.failed(_LANE)

    held_off.works(_LANE)
    assert not held_off.holds(_LANE)
    held_off.failed(_LANE)
    seconds.now += 1

    assert not held_off.holds(_LANE)
