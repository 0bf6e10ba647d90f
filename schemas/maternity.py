"""What maternity services tell: bookings, and what happens in a pregnancy until it is over."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from schemas.base import Day, Moment, Text
from schemas.event_data import EventData
from schemas.person import Code, Person
from schemas.problems import Problem, forget
from schemas.reasons import Reason
from schemas.values import (
    AntenatalAppointment,
    BabyOutcome,
    EventStatus,
    MaternalMentalHealth,
    MaternityConcernKind,
    PregnancyOutcome,
    ProtectionStatus,
    Recorded,
    YesNo,
)

_LONDON = ZoneInfo("Europe/London")
LONGEST_PREGNANCY = timedelta(weeks=44)
"""After its booking: it is counted from two weeks before conception, and not booked before that."""
_LONGEST_BEFORE_BOOKING = timedelta(weeks=6)
"""A pregnancy can be booked as late as its end, which may be some weeks after the due date."""


class OfPregnancy(EventData):
    """What all that happens in a pregnancy tells; `people` are others than the mother.

    `mother` has the role `patient` in it, an unborn child among the people the role `unborn`.
    """

    pregnancy_id: Code | None = None
    status: EventStatus = EventStatus.NEW
    provider: Code | None = None
    mother: Person
    people: tuple[Person, ...] = ()


class MaternityBooking(OfPregnancy):
    """A pregnancy booked with a provider. The occurrence is the source and `pregnancy_id`.

    It is kept in the register and routed: each of its events is a row of the register, and all of
    them together are one occurrence.
    """

    booked_at: Moment | None = None
    expected_due_date: Day | None = None


class MaternityConcern(OfPregnancy):
    """Concerns in a pregnancy (report, para 2.4, 3.5). The occurrence: pregnancy and day.

    `risk_to_girls` is whether a girl who is born, or lives there, is at risk of FGM;
    `police_informed` only says what was recorded: nothing here discharges the duty to report.
    Where no concern is named, it is unknown which it is.
    """

    identified_on: Day | None = None
    concerns: tuple[MaternityConcernKind, ...] = (MaternityConcernKind.UNKNOWN,)
    risk_to_girls: YesNo = YesNo.UNKNOWN
    police_informed: Recorded = Recorded.NOT_RECORDED
    narrative: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _blank_says_nothing(cls, told: object) -> object:
        """An empty list is left out, so that it adds no unknown concern to those told before."""
        if isinstance(told, Mapping) and told.get("concerns") in ([], ()):
            return {name: value for name, value in told.items() if name != "concerns"}
        return told


class AppointmentMissed(OfPregnancy):
    """An antenatal appointment that was missed (para 1.7). The occurrence: pregnancy and day.

    `missed_in_pregnancy` counts this one. `contacted`: whether somebody reached her since.
    """

    appointment_on: Day | None = None
    appointment: AntenatalAppointment = AntenatalAppointment.UNKNOWN
    missed_in_pregnancy: Annotated[int, Field(strict=True, ge=0)] | None = None
    safeguarding_marker: Recorded = Recorded.NOT_RECORDED
    contacted: Recorded = Recorded.NOT_RECORDED


class Baby(Person):
    """A baby that was born; its role is `child_present`, `order` its place among several."""

    outcome: BabyOutcome = BabyOutcome.UNKNOWN


class Birth(OfPregnancy):
    """The birth of one baby or several. The occurrence is the pregnancy."""

    born_on: Day | None = None
    babies: tuple[Baby, ...] = ()


class PregnancyEnded(EventData):
    """A pregnancy is no more. The occurrence is the pregnancy; whose it was need not be said."""

    pregnancy_id: Code | None = None
    status: EventStatus = EventStatus.NEW
    provider: Code | None = None
    mother: Person | None = None
    people: tuple[Person, ...] = ()
    ended_on: Day | None = None
    outcome: PregnancyOutcome = PregnancyOutcome.UNKNOWN


class PostnatalTransfer(OfPregnancy):
    """A mother and her babies pass from midwives to others (para 1.15). The occurrence: pregnancy.

    What safeguarding needs is here what the transfer itself says; a blank is `not_recorded`, or
    no text, and is never filled from elsewhere. `gp_practice` is the baby's.
    """

    transferred_on: Day | None = None
    babies: tuple[Baby, ...] = ()
    maternal_mental_health: MaternalMentalHealth = MaternalMentalHealth.NOT_RECORDED
    child_protection_status: ProtectionStatus = ProtectionStatus.NOT_RECORDED
    planned_mbu_transfer: Recorded = Recorded.NOT_RECORDED
    parental_responsibility: Text | None = None
    ethnicity: Text | None = None
    gp_practice: Code | None = None
    risk_marker: Recorded = Recorded.NOT_RECORDED


def is_possible_due_date(due: date, booked_at: datetime) -> bool:
    """Whether a pregnancy that was booked then can be due on that day.

    `booked_at` is aware; its day is the one in Europe/London.
    """
    away = due - booked_at.astimezone(_LONDON).date()
    return -_LONGEST_BEFORE_BOOKING <= away <= LONGEST_PREGNANCY


def problems(booking: MaternityBooking) -> list[Problem]:
    """What is well-formed in a booking and still cannot be so: "a pregnancy of 60 weeks"."""
    due, booked_at = booking.expected_due_date, booking.booked_at
    if due is None or booked_at is None or is_possible_due_date(due, booked_at):
        return []
    return [forget(("expected_due_date",), Reason.NOT_PLAUSIBLE)]
