"""How long a lane is left alone after it has failed."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from services.ledger.lanes import Lane


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubles from `first` to `longest` seconds, with jitter: lanes must not march in step."""

    first: float = 0.2
    longest: float = 10.0

    def seconds(self, failures: int, chance: Random) -> float:
        """The wait after so many failures in a row: between half of the full wait and all of it."""
        full = min(self.longest, self.first * 2.0 ** min(failures - 1, 30))
        return full * chance.uniform(0.5, 1.0)


class HeldOff:
    """Lanes that have failed, each until its wait is over.

    `seconds` is any steady clock that counts seconds.
    """

    def __init__(self, backoff: Backoff, *, chance: Random, seconds: Callable[[], float]) -> None:
        self._backoff = backoff
        self._chance = chance
        self._seconds = seconds
        self._failures: dict[Lane, int] = {}
        self._until: dict[Lane, float] = {}

    def failed(self, lane: Lane) -> None:
        """The lane is left alone, longer each time."""
        self._failures[lane] = self._failures.get(lane, 0) + 1
        wait = self._backoff.seconds(self._failures[lane], self._chance)
        self._until[lane] = self._seconds() + wait

    def works(self, lane: Lane) -> None:
        """Forgets its failures."""
        self._failures.pop(lane, None)
        self._until.pop(lane, None)

    def holds(self, lane: Lane) -> bool:
        """Whether the lane is still to be left alone."""
        return self._until.get(lane, 0.0) > self._seconds()
