"""How many records may fail in our own code before the code is to blame: a bad deploy."""

from collections import deque
from dataclasses import dataclass, field

from services.runtime.errors import PermanentError


class TooManyBadRows(PermanentError):
    """So many records fail that giving each up as a dead letter would hide a bad release."""


@dataclass(slots=True)
class BadRowLimit:
    """Counts records that could not be routed or stored among the last ones that were done.

    Records that publishers got wrong do not count: only those that we understood and failed on.
    """

    most: int = 20
    among: int = 1000
    most_in_a_row: int = 5
    _done: int = 0
    _in_a_row: int = 0
    _bad: deque[int] = field(default_factory=deque)

    def note_good(self, count: int) -> None:
        """So many records were done."""
        self._done += count
        if count:
            self._in_a_row = 0

    def note_bad(self) -> None:
        """One more record is about to be given up. Raises `TooManyBadRows` if it must not be."""
        self._done += 1
        self._in_a_row += 1
        self._bad.append(self._done)
        while self._bad[0] <= self._done - self.among:
            self._bad.popleft()
        if self._in_a_row >= self.most_in_a_row:
            raise TooManyBadRows(
                f"router: {self._in_a_row} records in a row could not be routed or stored; "
                "is this release or rulebook bad? Nothing of the last one is lost or recorded"
            )
        if len(self._bad) > self.most:
            raise TooManyBadRows(
                f"router: {len(self._bad)} of the last {self.among} records could not be routed or "
                "stored; is this release or rulebook bad? Nothing of the last one is lost or "
                "recorded"
            )
