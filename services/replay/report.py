"""What a replay found, counted by service, district and week."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing_rules.replaying import Change
from routing_rules.working_time import LONDON
from services.replay.comparing import Compared, Found

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
    found: tuple[Found, ...]

    @property
    def newly_told(self) -> tuple[Found, ...]:
        """Who would have been told that was not."""
        return tuple(f for f in self.found if f.difference.change is Change.NEWLY_TOLD)

    def by_service(self) -> Mapping[str, Counts]:
        """By the service that is meant, whoever stands for it."""
        return _counted(self.found, lambda each: each.difference.telling.service.value)

    def by_district(self) -> Mapping[str, Counts]:
        """By the home district (ONS code) of the person."""
        return _counted(self.found, lambda each: each.difference.telling.district or NOT_KNOWN)

    def by_week(self) -> Mapping[str, Counts]:
        """By the week in which it happened: the Monday that began it."""
        return _counted(self.found, lambda each: week_of(each.occurred_at))


def in_order(parts: Iterable[Compared]) -> tuple[Found, ...]:
    """What was found, by when it happened; the same whoever compared it."""
    return tuple(
        sorted(
            (found for part in parts for found in part.found),
            key=lambda each: (
                each.occurred_at,
                each.occurrence_id,
                each.difference.change,
                each.difference.telling.ref,
                each.difference.telling.identity,
            ),
        )
    )


def week_of(at: datetime) -> str:
    """The Monday, in London, of the week of a moment: `2026-03-02`."""
    day = at.astimezone(LONDON).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def _counted(found: Iterable[Found], key: Callable[[Found], str]) -> dict[str, Counts]:
    counted = Counter((key(each), each.difference.change) for each in found)
    return {
        name: Counts(counted[name, Change.NEWLY_TOLD], counted[name, Change.NO_LONGER_TOLD])
        for name in sorted({name for name, _ in counted})
    }
