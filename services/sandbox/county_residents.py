"""Who lives in the synthetic county, and whom its women expect."""

from dataclasses import dataclass
from datetime import date

from services.sandbox.county_places import School


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who lives in the county."""

    nhs_number: str
    given: str
    family: str
    date_of_birth: date
    sex: str
    practice: str
    school: School | None = None
    """For a child: the school that they go to once they are of age."""

    def age(self, on: date) -> int:
        """Full years on a day."""
        had_birthday = (on.month, on.day) >= (self.date_of_birth.month, self.date_of_birth.day)
        return on.year - self.date_of_birth.year - (not had_birthday)

    def is_at_school(self, on: date) -> bool:
        """From the September after the fourth birthday until the eighteenth."""
        starts = date(on.year if on.month >= 9 else on.year - 1, 9, 1)
        return self.age(starts) >= 4 and self.age(on) < 18


@dataclass(frozen=True, slots=True)
class Newborn:
    """A baby, and how its birth ends for it: `live`, `stillborn` or `died`."""

    who: Resident
    order: int
    outcome: str

    @property
    def lives(self) -> bool:
        """Whether it grows up in the county."""
        return self.outcome == "live"


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """A pregnancy from its first day to its last; `outcome` is that of the contracts.

    Babies are those who are born; a pregnancy that is lost early has none.
    """

    pregnancy_id: str
    begun: date
    booked_on: date
    due: date
    ends_on: date
    outcome: str
    babies: tuple[Newborn, ...] = ()

    def is_under_way(self, on: date) -> bool:
        """Whether she is expecting on a day."""
        return self.begun <= on < self.ends_on
