from services.ledger.lanes import Lane
from services.relay.held_off import HeldOff
from services.runtime.backoff import Backoff

_LANE = Lane("queue", 0)


class SteadySeconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_lane_that_failed_is_left_alone_for_a_while() -> None:
    seconds = SteadySeconds()
    held_off = HeldOff(Backoff(first=1, most=8), seconds=seconds)
    assert not held_off.holds(_LANE)

    held_off.failed(_LANE)

    assert held_off.holds(_LANE)
    assert not held_off.holds(Lane("queue", 1))
    seconds.now += 1
    assert not held_off.holds(_LANE)


def test_failures_are_forgotten_when_the_lane_works() -> None:
    seconds = SteadySeconds()
    held_off = HeldOff(Backoff(first=1, most=1000), seconds=seconds)
    for _ in range(9):
        held_off.failed(_LANE)

    held_off.works(_LANE)
    assert not held_off.holds(_LANE)
    held_off.failed(_LANE)
    seconds.now += 1

    assert not held_off.holds(_LANE)
