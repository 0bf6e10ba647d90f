"""How pregnancies ended, as far as the register knows, and what became of each baby.

What nobody has told is not known: it is neither a birth nor a loss.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from routing_rules.known import Booking, Ending, Known, Newborn
from routing_rules.register_people import is_theirs
from routing_rules.working_time import LONDON
from schemas.values import BabyOutcome, PregnancyOutcome

LOST = frozenset({BabyOutcome.STILLBORN, BabyOutcome.DIED})
_OF_ONE_BABY = {
    PregnancyOutcome.NEONATAL_DEATH: BabyOutcome.DIED,
    PregnancyOutcome.STILLBIRTH: BabyOutcome.STILLBORN,
}
"""Ends that may be those of one of several babies, as a birth tells them of it."""
_LONGEST = timedelta(weeks=44)
_TOLD_TOGETHER = timedelta(days=60)
"""Endings of one mother that lie no further apart are of one pregnancy."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A pregnancy that is over. `is_lost`: it ended otherwise than by a birth."""

    ended_at: datetime
    is_lost: bool
    babies: Mapping[int, Newborn] = field(default_factory=dict)

    def baby(self, order: int | None) -> Newborn | None:
        """The baby of this place, if it was born and lives on; without a place, the only one."""
        if order is None and len(self.babies) != 1:
            return None
        found = self.babies.get(order or min(self.babies))
        return None if found is None or found.outcome in LOST else found

    def has_lost(self, order: int | None) -> bool:
        """Whether the unborn child of this place was lost, or died; without a place, every one."""
        found = None if order is None else self.babies.get(order)
        if order is None:
            return self.has_lost_all
        return self.is_lost if found is None else found.outcome in LOST

    def lost_baby(self, nhs_number: str | None, order: int | None) -> Newborn | None:
        """The baby of this number, else of this place, if it was lost, or died.

        Without either it is one of them only where none lives on: twins are not guessed at.
        """
        babies = self.babies.values()
        if nhs_number is not None:
            found = [baby for baby in babies if baby.nhs_number == nhs_number]
        elif order is not None:
            found = [baby for baby in babies if baby.order == order]
        else:
            found = [*babies] if self.has_lost_all else []
        return next((baby for baby in found if baby.outcome in LOST), None)

    @property
    def has_lost_all(self) -> bool:
        """Whether no baby of the pregnancy lives on, as far as is told."""
        told = [baby.outcome in LOST for baby in self.babies.values()]
        return all(told) if told else self.is_lost


def ended_after(
    known: Known, mother: str, at: datetime, pregnancy_id: str | None = None
) -> Ended | None:
    """How the pregnancy ended in which somebody was at a time (aware); None: nobody told.

    An ending of which it is known that it is of another pregnancy is not that one's.
    """
    told = [
        row
        for row in endings_of(known, mother)
        if at.astimezone(LONDON).date() <= _day_of(row)
        and row.ended_at <= at + _LONGEST
        and not _is_another(row, pregnancy_id)
    ]
    return _together(told)


def ended_before(
    known: Known, mother: str, at: datetime, pregnancy_id: str | None = None
) -> Ended | None:
    """How the last pregnancy of somebody ended that was over before the day of a time (aware)."""
    told = [
        row
        for row in endings_of(known, mother)
        if _day_of(row) < at.astimezone(LONDON).date() and not _is_another(row, pregnancy_id)
    ]
    last = max((row.ended_at for row in told), default=at)
    return _together([row for row in told if last - row.ended_at <= _TOLD_TOGETHER])


def ended_around(
    known: Known, mother: str, at: datetime, pregnancy_id: str | None = None
) -> Ended | None:
    """How the pregnancy ended of which a birth, or a transfer to others, tells at a time (aware).

    Whatever is told of that pregnancy, and what is told near that time and not known to be of
    another: nobody is delivered of two so soon after one another.
    """
    told = [
        row
        for row in endings_of(known, mother)
        if None is not row.pregnancy_id == pregnancy_id
        or (abs(row.ended_at - at) <= _TOLD_TOGETHER and not _is_another(row, pregnancy_id))
    ]
    return _together(told)


def endings_of(known: Known, mother: str) -> list[Ending]:
    """The endings that stand and are this mother's, the earliest first."""
    return sorted(
        (
            row
            for row in known.endings.get(mother, ())
            if row.stands and row.mother == mother and is_theirs(known, mother, row)
        ),
        key=lambda row: (row.ended_at, row.occurrence_id),
    )


def births_of(known: Known, nhs_number: str) -> list[Ending]:
    """The births that stand and in which somebody is the mother, or a baby."""
    return [
        row
        for row in known.endings.get(nhs_number, ())
        if row.stands and row.babies and (row.mother is None or is_theirs(known, row.mother, row))
    ]


def is_over(known: Known, mother: str, bookings: Sequence[Booking], at: datetime) -> bool:
    """Whether the pregnancy of these bookings had ended before the day of a time (aware).

    One that another source ended counts if it was booked before, and is not known to be another.
    """
    one = bookings[0]
    begun = min(row.booked_at or row.told.published_at for row in bookings)
    return any(
        _day_of(row) < at.astimezone(LONDON).date()
        and (
            row.pregnancy == one.pregnancy
            or (begun <= row.ended_at and not _is_another(row, one.pregnancy_id))
        )
        for row in endings_of(known, mother)
    )


def is_lost_baby(known: Known, nhs_number: str) -> bool:
    """Whether a birth says of the person with this number that it was stillborn, or died."""
    return any(
        baby.nhs_number == nhs_number and baby.outcome in LOST
        for row in known.endings.get(nhs_number, ())
        if row.stands
        for baby in (_after(row, known) or {}).values()
    )


def has_unclear_loss(known: Known, mother: str) -> bool:
    """Whether a baby of several was lost, of one pregnancy, and nobody tells which of them.

    A birth tells it that gives a baby this end, and nothing is unclear where none lives on.
    """
    rows = endings_of(known, mother)
    return any(_is_unclear(row, rows) for row in rows if row.outcome in _OF_ONE_BABY)


def _is_unclear(loss: Ending, rows: Sequence[Ending]) -> bool:
    told = [row for row in rows if abs(row.ended_at - loss.ended_at) <= _TOLD_TOGETHER]
    same = [row for row in told if not _is_another(row, loss.pregnancy_id)]
    babies = {baby.order: baby.outcome for row in same for baby in row.babies}
    is_told = _OF_ONE_BABY[loss.outcome] in babies.values()
    return len(babies) > 1 and not is_told and not LOST.issuperset(babies.values())


def living_babies(told: Iterable[Ending]) -> frozenset[str]:
    """The numbers of those who were born, and of whom none of these tells that they were lost.

    They are all the endings that stand of one pregnancy.
    """
    rows = [*told]
    losses = [row for row in rows if row.outcome is not PregnancyOutcome.BIRTH]
    babies = [baby for row in rows for baby in _babies([row], losses).values()]
    lost = {baby.nhs_number for baby in babies if baby.outcome in LOST}
    return frozenset(b.nhs_number for b in babies if b.nhs_number) - lost


def _day_of(row: Ending) -> date:
    """The day, in London, on which it ended; until then she was pregnant."""
    return row.ended_at.astimezone(LONDON).date()


def _is_another(row: Ending, pregnancy_id: str | None) -> bool:
    return None not in (row.pregnancy_id, pregnancy_id) and row.pregnancy_id != pregnancy_id


def _together(rows: Sequence[Ending]) -> Ended | None:
    """What those that tell of the earliest pregnancy say together."""
    if not rows:
        return None
    first = rows[0].ended_at
    rows = [row for row in rows if row.ended_at - first <= _TOLD_TOGETHER]
    losses = [row for row in rows if row.outcome is not PregnancyOutcome.BIRTH]
    return Ended(first, is_lost=bool(losses), babies=_babies(rows, losses))


def _babies(rows: Iterable[Ending], losses: Sequence[Ending]) -> dict[int, Newborn]:
    """What became of each; where only one was born, a death afterwards can only be that one's."""
    babies = {baby.order: baby for row in rows for baby in row.babies}
    died = any(row.outcome is PregnancyOutcome.NEONATAL_DEATH for row in losses)
    if died and len(babies) == 1:
        return {order: _died(baby) for order, baby in babies.items()}
    return babies


def _after(row: Ending, known: Known) -> dict[int, Newborn]:
    """The babies of a birth, with what is told of the same pregnancy elsewhere."""
    numbers = row.numbers
    same = [
        each
        for number in numbers
        for each in known.endings.get(number, ())
        if each.stands and each.pregnancy == row.pregnancy
    ]
    losses = [each for each in same if each.outcome is not PregnancyOutcome.BIRTH]
    return _babies([row], losses)


def _died(baby: Newborn) -> Newborn:
    return Newborn(baby.order, BabyOutcome.DIED, baby.nhs_number, baby.name, baby.date_of_birth)
