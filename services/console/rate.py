"""How often somebody may ask for something: a sliding window in this process."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_MOST_KEPT = 10_000


@dataclass(slots=True)
class Rate:
    """At most `most` times in `per` for each of those who ask. Several consoles count apart."""

    most: int
    per: timedelta
    _asked: dict[Hashable, deque[datetime]] = field(default_factory=dict)

    def allows(self, who: Hashable, at: datetime) -> bool:
        """Whether they may ask once more; if so, it is counted."""
        if len(self._asked) > _MOST_KEPT:
            self._forget(at)
        times = self._asked.setdefault(who, deque())
        while times and times[0] <= at - self.per:
            times.popleft()
        if len(times) >= self.most:
            return False
        times.append(at)
        return True

    def _forget(self, at: datetime) -> None:
        old = [who for who, times in self._asked.items() if not times or times[-1] <= at - self.per]
        for who in old:
            del self._asked[who]
