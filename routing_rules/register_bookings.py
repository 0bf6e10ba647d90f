"""Which pregnancy somebody is booked for, as far as the register knows.

The events of one publisher about one pregnancy are told in the publisher's own order; what a
later one leaves out is not withdrawn by that.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from routing_rules.known import Booking, Known
from routing_rules.register_people import is_theirs
from routing_rules.register_pregnancies import is_over
from routing_rules.register_problems import ProblemKind, RegisterProblem
from routing_rules.working_time import LONDON
from schemas.events import AnyEventData
from schemas.maternity import MaternityBooking, is_possible_due_date
from schemas.values import Pregnant

T = TypeVar("T")
_EVER = datetime.max.replace(tzinfo=UTC)
_WITHOUT_DUE_DATE = timedelta(weeks=42)
"""How long after its booking a pregnancy without a due date is active: too long, if anything."""


@dataclass(frozen=True, slots=True)
class ActiveBooking:
    """A pregnancy that somebody is booked for at a time; None is not known.

    `booked_at` (UTC) is when the provider who had it then booked it.
    """

    pregnancy_id: str | None
    provider: str | None
    booked_at: datetime
    expected_due_date: date | None

    def is_active(self, at: datetime, after_due_date: timedelta) -> bool:
        """Whether it can still last on that day in London."""
        day = at.astimezone(LONDON).date()
        if self.expected_due_date is None:
            return day <= self.booked_at.astimezone(LONDON).date() + _WITHOUT_DUE_DATE
        return day <= self.expected_due_date + after_due_date


def who_books_is_pregnant(data: AnyEventData) -> AnyEventData:
    """A booking says that its mother is pregnant, whatever else it says or leaves out."""
    if not isinstance(data, MaternityBooking) or data.mother.pregnant is Pregnant.YES:
        return data
    mother = data.mother.model_copy(update={"pregnant": Pregnant.YES})
    return data.model_copy(update={"mother": mother})


def active_booking(
    known: Known, nhs_number: str, at: datetime, *, after_due_date: timedelta
) -> ActiveBooking | None:
    """The pregnancy that somebody is booked for at a time (aware), if there is one.

    It lasts to the day of the birth or the end, if either is told.
    `after_due_date` is the county's setting. Of several the latest with a provider counts. Two
    that were booked at one moment are both true: what they do not agree on is not known.
    """
    booked = (
        _as_at(rows, at)
        for rows in _standing(known, nhs_number)
        if _is_hers(known, nhs_number, rows) and not is_over(known, nhs_number, rows, at)
    )
    active = [one for one in booked if one and one.is_active(at, after_due_date)]
    latest = _latest([one for one in active if one.provider] or active)
    if not latest:
        return None
    return ActiveBooking(
        pregnancy_id=_agreed({one.pregnancy_id for one in latest}),
        provider=_agreed({one.provider for one in latest}),
        booked_at=latest[0].booked_at,
        expected_due_date=_agreed({one.expected_due_date for one in latest}),
    )


def booking_problems(known: Known, nhs_number: str) -> Iterator[RegisterProblem]:
    """What cannot be used of the bookings that give this NHS number for the mother."""
    booked: list[ActiveBooking] = []
    for rows in _standing(known, nhs_number):
        mothers = _mothers(rows)
        numbers = {row.mother for row in mothers}
        one = _as_at(rows, _EVER)
        if nhs_number not in numbers or one is None:
            continue
        if len(numbers) > 1:
            yield RegisterProblem(nhs_number, ProblemKind.CONTRADICTORY, "mother.nhs_number")
        elif not _is_hers(known, nhs_number, rows):
            yield RegisterProblem(nhs_number, ProblemKind.UNVERIFIED, "mother.nhs_number")
        else:
            booked.append(one)
            yield from _problems_of_one(nhs_number, rows, one)
    if len({one.provider for one in _latest(booked)}) > 1:
        yield RegisterProblem(nhs_number, ProblemKind.CONTRADICTORY, "provider")


def _problems_of_one(
    nhs_number: str, rows: Sequence[Booking], booked: ActiveBooking
) -> Iterator[RegisterProblem]:
    due_dates = _last(rows, lambda row: row.expected_due_date)
    if len(due_dates) > 1:
        yield RegisterProblem(nhs_number, ProblemKind.CONTRADICTORY, "expected_due_date")
    elif due_dates and booked.expected_due_date is None:
        yield RegisterProblem(nhs_number, ProblemKind.IMPLAUSIBLE_DUE_DATE, "expected_due_date")
    if len(_last(rows, lambda row: row.provider)) > 1:
        yield RegisterProblem(nhs_number, ProblemKind.CONTRADICTORY, "provider")


def _standing(known: Known, nhs_number: str) -> Iterator[Sequence[Booking]]:
    return standing_bookings(known.bookings.get(nhs_number, ()))


def standing_bookings(told: Iterable[Booking]) -> Iterator[Sequence[Booking]]:
    """The bookings of each pregnancy that was not withdrawn, of all that are told of them."""
    together: dict[tuple[str, str], list[Booking]] = {}
    for row in told:
        together.setdefault(row.pregnancy, []).append(row)
    for rows in together.values():
        last = max(row.told.place for row in rows)
        if not any(row.told.withdraws for row in rows if row.told.place == last):
            yield [row for row in rows if not row.told.withdraws]


def _mothers(rows: Sequence[Booking]) -> Sequence[Booking]:
    """The bookings that say last who the mother is; a verified number outranks another."""
    giving = [row for row in rows if row.mother]
    giving = [row for row in giving if row.verified] or giving
    last = max((row.told.place for row in giving), default=None)
    return [row for row in giving if row.told.place == last]


def _is_hers(known: Known, nhs_number: str, rows: Sequence[Booking]) -> bool:
    mothers = _mothers(rows)
    return {row.mother for row in mothers} == {nhs_number} and any(
        is_theirs(known, nhs_number, row) for row in mothers
    )


def _as_at(rows: Sequence[Booking], at: datetime) -> ActiveBooking | None:
    """The pregnancy as it was booked by then; None if it was not.

    The provider is the one who had booked it by then; when it is due is as last told.
    """
    begun = [row for row in rows if (row.booked_at or row.told.published_at) <= at]
    if not begun:
        return None
    booked_at = max(_last(begun, lambda row: row.booked_at) or _published(begun))
    due = _only(_last(rows, lambda row: row.expected_due_date))
    return ActiveBooking(
        pregnancy_id=rows[0].pregnancy_id,
        provider=_only(_last(begun, lambda row: row.provider)),
        booked_at=booked_at,
        expected_due_date=due if due and is_possible_due_date(due, booked_at) else None,
    )


def _published(rows: Sequence[Booking]) -> frozenset[datetime]:
    return frozenset({min(row.told.published_at for row in rows)})


def _latest(booked: Sequence[ActiveBooking]) -> list[ActiveBooking]:
    last = max((one.booked_at for one in booked), default=None)
    return [one for one in booked if one.booked_at == last]


def _last(rows: Sequence[Booking], told: Callable[[Booking], T | None]) -> frozenset[T]:
    """What is told last of one field: more than one value if that contradicts itself."""
    giving = [(row.told.place, value) for row in rows if (value := told(row)) is not None]
    last = max((place for place, _ in giving), default=None)
    return frozenset(value for place, value in giving if place == last)


def _only(values: frozenset[T]) -> T | None:
    return next(iter(values)) if len(values) == 1 else None


def _agreed(values: set[T | None]) -> T | None:
    return values.pop() if len(values) == 1 else None
