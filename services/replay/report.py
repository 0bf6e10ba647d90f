"""What a replay found, counted by service, district and week."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.replay.found import AllFound, Group

NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many more would have been told, and how many fewer."""

    newly_told: int
    no_longer_told: int


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """Everything that another rulebook would have told otherwise in a period (London's days).

    `decided` is how many occurrences had to be decided again to be sure, `from_facts` how many of
    them from all that was known, and not from footings alone.
    """

    rulebook: str
    since: datetime
    until: datetime
    events: int
    occurrences: int
    decided: int
    from_facts: int
    found: AllFound

    @property
    def newly_told(self) -> int:
        """How many would have been told that were not."""
        return sum(count for group, count in self.found.counts.items() if group.is_new)

    @property
    def no_longer_told(self) -> int:
        """How many were told that would not have been."""
        return len(self.found) - self.newly_told

    def by_service(self) -> Mapping[str, Counts]:
        """By the service that is meant, whoever stands for it."""
        return self._counted(lambda group: group.service)

    def by_district(self) -> Mapping[str, Counts]:
        """By the home district (ONS code) of the person."""
        return self._counted(lambda group: group.district or NOT_KNOWN)

    def by_week(self) -> Mapping[str, Counts]:
        """By the week in which it happened: the Monday that began it."""
        return self._counted(lambda group: group.week)

    def _counted(self, name: Callable[[Group], str]) -> dict[str, Counts]:
        counted: Counter[tuple[str, bool]] = Counter()
        for group, count in self.found.counts.items():
            counted[name(group), group.is_new] += count
        return {
            each: Counts(counted[each, True], counted[each, False])
            for each in sorted({named for named, _ in counted})
        }
