"""The people of the synthetic county: households with parents, children and unborn children.

They are made from a seed and stay the same from day to day: birthdays are fixed, children grow up.
NHS numbers begin 999 and postcodes ZZ99, so that nobody real can be meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from nhs_number.validate import calculate_checksum

from schemas.values import Service
from services.sandbox.county_places import District, Places, School

_ANCHOR = date(2026, 9, 1)
"""The day as of which ages are drawn."""
_FIRST_SERIAL = 500_000
"""Numbers below are left to examples and tests."""
PREGNANCY_DAYS = 280
_BUSY = 12
"""How often more than others something happens to the few to whom much happens."""
_LATE = 14
_YEAR = 365.25
_YOUNGEST_PARENT = 17
_GIVEN = {
    "female": ("Asha", "Beth", "Cerys", "Dalia", "Edie", "Farah", "Grace", "Hana", "Isla", "Jaya"),
    "male": ("Adam", "Bilal", "Colm", "Dev", "Euan", "Felix", "Gwil", "Hari", "Idris", "Jonas"),
}
_FAMILY = ("Alder", "Bracken", "Clover", "Dunlin", "Elder", "Fescue", "Gorse", "Heron", "Ivy")
_ROADS = ("Test Road", "Sample Street", "Fictitious Lane", "Specimen Avenue", "Trial Close")


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
    due_phase: int | None = None
    """For a woman who is expecting: which day of every 280 is her expected day."""

    def age(self, on: date) -> int:
        """Full years on a day."""
        had_birthday = (on.month, on.day) >= (self.date_of_birth.month, self.date_of_birth.day)
        return on.year - self.date_of_birth.year - (not had_birthday)

    def is_at_school(self, on: date) -> bool:
        """From the September after the fourth birthday until the eighteenth."""
        starts = date(on.year if on.month >= 9 else on.year - 1, 9, 1)
        return self.age(starts) >= 4 and self.age(on) < 18

    def due_on(self, on: date) -> date | None:
        """The expected day of birth of a pregnancy that is under way on a day."""
        if self.due_phase is None:
            return None
        earliest = on.toordinal() - _LATE
        return date.fromordinal(earliest + (self.due_phase - earliest) % PREGNANCY_DAYS)


@dataclass(frozen=True, slots=True)
class ChildElsewhere:
    """A child in another household, whom only the register knows to be this parent's."""

    child: Resident
    parent: Resident
    district: District
    postcode: str


@dataclass(frozen=True, slots=True)
class Household:
    """People at one address. A partner who has moved out still belongs to the story."""

    number: int
    district: District
    lines: tuple[str, ...]
    postcode: str
    is_restricted: bool
    mother: Resident
    partner: Resident | None
    partner_lives_here: bool
    children: tuple[Resident, ...]
    children_elsewhere: tuple[ChildElsewhere, ...] = ()
    booked_with: str | None = None
    """Where the mother books her pregnancies: not always at the home's own trust."""
    busyness: int = 1
    """How often something happens to them, beside others."""

    @property
    def residents(self) -> tuple[Resident, ...]:
        """Everybody who belongs to the story, wherever they live."""
        partner = () if self.partner is None else (self.partner,)
        return (self.mother, *partner, *self.children, *(e.child for e in self.children_elsewhere))


def households_of(places: Places, *, seed: int, count: int = 400) -> tuple[Household, ...]:
    """The county's households; the same for the same places, seed and count."""
    numbers = _nhs_numbers()
    return tuple(
        _household(number, places, Random(f"{seed}/household/{number}"), numbers)
        for number in range(1, count + 1)
    )


def _nhs_numbers() -> Iterator[str]:
    """Synthetic NHS numbers with a right check digit, in order."""
    for serial in range(_FIRST_SERIAL, 1_000_000):
        digits = f"999{serial:06d}"
        check = calculate_checksum(digits)
        if check is not None and check < 10:
            yield f"{digits}{check}"


def _household(number: int, places: Places, chance: Random, numbers: Iterator[str]) -> Household:
    district = chance.choice(places.districts)
    practice = chance.choice(district.practices)
    family = chance.choice(_FAMILY)
    mother = _adult("female", family, practice, chance, numbers)
    with_partner = chance.random() < 0.8
    partner = _adult("male", chance.choice(_FAMILY), practice, chance, numbers)
    children = chance.choice((0, 1, 1, 1, 2, 2, 3))
    return Household(
        number=number,
        district=district,
        lines=(f"{chance.randint(1, 99)} {chance.choice(_ROADS)}",),
        postcode=_postcode(chance),
        is_restricted=chance.random() < 0.05,
        mother=mother,
        partner=partner if with_partner else None,
        partner_lives_here=chance.random() < 0.7,
        children=tuple(
            _child(mother, practice, district, chance, numbers) for _ in range(children)
        ),
        children_elsewhere=tuple(
            _child_elsewhere(partner if with_partner else mother, places, chance, numbers)
            for _ in range(chance.random() < 0.15)
        ),
        booked_with=_booked_with(district, places, chance),
        busyness=_BUSY if chance.random() < 0.05 else 1,
    )


def _postcode(chance: Random) -> str:
    letters = "".join(chance.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(2))
    return f"ZZ99 {chance.randint(1, 9)}{letters}"


def _booked_with(district: District, places: Places, chance: Random) -> str | None:
    """The home's own trust more often than not, if it publishes its bookings."""
    if not places.maternity:
        return None
    own = district.organisations.get(Service.MIDWIFERY)
    if own in places.maternity and chance.random() < 0.8:
        return own
    return chance.choice(tuple(places.maternity))


def _child_elsewhere(
    parent: Resident, places: Places, chance: Random, numbers: Iterator[str]
) -> ChildElsewhere:
    district = chance.choice(places.districts)
    practice = chance.choice(district.practices)
    child = _child(parent, practice, district, chance, numbers)
    return ChildElsewhere(child, parent, district, _postcode(chance))


def _adult(
    sex: str, family: str, practice: str, chance: Random, numbers: Iterator[str]
) -> Resident:
    is_expecting = sex == "female" and chance.random() < 0.3
    return Resident(
        nhs_number=next(numbers),
        given=chance.choice(_GIVEN[sex]),
        family=family,
        date_of_birth=_born(chance.uniform(19, 41)),
        sex=sex,
        practice=practice,
        due_phase=chance.randrange(PREGNANCY_DAYS) if is_expecting else None,
    )


def _child(
    parent: Resident, practice: str, district: District, chance: Random, numbers: Iterator[str]
) -> Resident:
    oldest = (_ANCHOR - parent.date_of_birth).days / _YEAR - _YOUNGEST_PARENT
    sex = chance.choice(("female", "male"))
    return Resident(
        nhs_number=next(numbers),
        given=chance.choice(_GIVEN[sex]),
        family=parent.family,
        date_of_birth=_born(chance.uniform(0.2, min(17, oldest))),
        sex=sex,
        practice=practice,
        school=_school(district, chance),
    )


def _school(district: District, chance: Random) -> School:
    if not district.schools or chance.random() < 0.03:
        return School(None, "home_educated")
    common = [school for school in district.schools if school.type in {"state", "academy"}]
    listed = common if common and chance.random() < 0.85 else district.schools
    return chance.choice(listed)


def _born(years_ago: float) -> date:
    return _ANCHOR - timedelta(days=round(years_ago * _YEAR))
