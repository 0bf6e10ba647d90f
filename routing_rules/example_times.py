"""When an example happened: a day on which somebody can be of the age and at the stage it needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from routing_rules.ages import age_at, school_stage
from routing_rules.gap_point import Point
from routing_rules.proof_space import AGE
from routing_rules.settings import RulebookSettings
from schemas.values import EventType

_FORTNIGHT = timedelta(days=14)
_FORTNIGHTS = 27
_NOON = time(12)
_A_YEAR = 366
_HAPPENED_LONG_AGO = frozenset(
    {EventType.POLICE_DOMESTIC_ABUSE, EventType.EMERGENCY_ATTENDANCE, EventType.MARAC_OUTCOME}
)
"""Of these an example may be told of weeks later; others are published as they happen."""
_AS_PUBLISHED = frozenset(
    {EventType.MATERNITY_POSTNATAL_TRANSFER, EventType.TRANSFER_IN, EventType.ASSESSMENT_DUE}
)
"""Events that do not say when they happened: it counts when they are published."""


class Unbuildable(Exception):
    """No event can be made of a point, for the reason that the message gives."""


@dataclass(frozen=True, slots=True)
class Moments:
    """When the example occurred and when it is published and routed (UTC); `born` if known.

    Somebody who was sent on is expected `expected_by`.
    """

    occurred_at: datetime
    published_at: datetime
    born: date | None
    expected_by: datetime | None = None


def moments_of(point: Point, settings: RulebookSettings, at: time = _NOON) -> Moments:
    """Moments at which the point can be.

    It is published at that time (UTC) of the day of the proof if it can be, else some fortnights
    later: a child only starts school in autumn, and somebody whose departure is awaited has come
    just now.

    Raises:
        Unbuildable: there is no such day within a year.
    """
    for published_on, occurred_on in _days(point, point.space.on):
        found, born = _birth(point, occurred_on, settings)
        if found:
            published_at = datetime.combine(published_on, at, UTC)
            occurred_at = datetime.combine(occurred_on, at, UTC) - _ago(point, settings)
            expected_by = occurred_at + settings.onward_arrival.overdue_after
            return Moments(occurred_at, published_at, born, expected_by)
    raise Unbuildable("no day within a year makes somebody of that age be at that stage of school")


def _ago(point: Point, settings: RulebookSettings) -> timedelta:
    """How long before its publication it happened."""
    if point.space.type in _AS_PUBLISHED:
        return timedelta()
    if point.has("departure") and point.word("departure") == "overdue":
        return settings.departure_overdue_after + timedelta(hours=1)
    lengths = settings.onward_arrival
    late = {
        "not confirmed": lengths.overdue_after + lengths.still_overdue_after / 2,
        "still not confirmed": lengths.overdue_after + lengths.still_overdue_after,
    }
    arrival = point.word("arrival") if point.has("arrival") else ""
    return late.get(arrival, timedelta(minutes=30))


def _days(point: Point, on: date) -> Iterator[tuple[date, date]]:
    """Days of publication and of the occurrence; nothing waits for weeks to be awaited."""
    is_awaited = point.has("departure") and point.word("departure") == "awaited"
    if is_awaited or point.space.type not in _HAPPENED_LONG_AGO:
        for count in range(_FORTNIGHTS):
            yield on + count * _FORTNIGHT, on + count * _FORTNIGHT
    else:
        for count in range(_FORTNIGHTS):
            yield on, on - count * _FORTNIGHT


def _birth(point: Point, on: date, settings: RulebookSettings) -> tuple[bool, date | None]:
    """Whether the point can be on a day, and the date of birth that makes it so."""
    first, cuts = point.number(AGE), point.space.numbers[AGE]
    if first is None:
        return True, None
    stage = point.word("stage")
    for age in range(first, cuts.last(point.numbers[AGE]) + 1):
        for days in range(_A_YEAR):
            born = _years_before(on, age) - timedelta(days=days)
            if age_at(born, on) == age and school_stage(born, on, settings) == stage:
                return True, born
    return False, None


def _years_before(on: date, years: int) -> date:
    day = min(on.day, 28)
    return on.replace(year=on.year - years, day=day) + (on - on.replace(day=day))
