"""How long a lane is left alone after it has failed."""

from collections.abc import Callable

from services.ledger.lanes import Lane
from services.runtime.backoff import Backoff


class HeldOff:
    """Lanes that have failed, each until its wait is over.

    `seconds` is any steady clock that counts seconds.
    """

    def __init__(self, backoff: Backoff, *, seconds: Callable[[], float]) -> None:
        self._backoff = backoff
        self._seconds = seconds
        self._failures: dict[Lane, int] = {}
        self._until: dict[Lane, float] = {}

    def failed(self, lane: Lane) -> None:
        """The lane is left alone, longer each time."""
        self._failures[lane] = self._failures.get(lane, 0) + 1
        wait = self._backoff.delay(self._failures[lane])
        self._until[lane] = self._seconds() + wait

    def works(self, lane: Lane) -> None:
        """Forgets its failures."""
        self._failures.pop(lane, None)
        self._until.pop(lane, None)

    def holds(self, lane: Lane) -> bool:
        """Whether the lane is still to be left alone."""
        return self._until.get(lane, 0.0) > self._seconds()
