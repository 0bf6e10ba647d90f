"""The people of the synthetic county: households with parents, children and unborn children.

They are made from a seed and stay the same from day to day: birthdays are fixed, children grow up.
NHS numbers begin 999 and postcodes ZZ99, so that nobody real can be meant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from nhs_number.validate import calculate_checksum

from schemas.values import Service
from services.sandbox.county_places import District, Places, School
from services.sandbox.county_pregnancies import Draw, drawn_pregnancies
from services.sandbox.county_residents import Pregnancy, Resident

HOMES = 400
"""Households of a county, unless somebody asks for more."""
_ANCHOR = date(2026, 9, 1)
"""The day as of which ages are drawn."""
_FIRST_SERIAL = 500_000
"""Numbers below are left to examples and tests."""
_OF_BABIES = 700_000
_OF_DUPLICATES = 900_000
_BUSY = 12
"""How often more than others something happens to the few to whom much happens."""
_EXPECTING = 0.6
_RECORDED_TWICE = 0.06
_YEAR = 365.25
_YOUNGEST_PARENT = 17
_GIVEN = {
    "female": ("Asha", "Beth", "Cerys", "Dalia", "Edie", "Farah", "Grace", "Hana", "Isla", "Jaya"),
    "male": ("Adam", "Bilal", "Colm", "Dev", "Euan", "Felix", "Gwil", "Hari", "Idris", "Jonas"),
}
_FAMILY = ("Alder", "Bracken", "Clover", "Dunlin", "Elder", "Fescue", "Gorse", "Heron", "Ivy")
_ROADS = ("Test Road", "Sample Street", "Fictitious Lane", "Specimen Avenue", "Trial Close")


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
    pregnancies: tuple[Pregnancy, ...] = ()
    """The mother's, one after another, over the years."""
    duplicates: Mapping[str, str] = field(default_factory=dict)
    """By NHS number: a second one under which somebody was registered by mistake."""

    @property
    def residents(self) -> tuple[Resident, ...]:
        """Everybody who belongs to the story, wherever they live, and those not yet born."""
        partner = () if self.partner is None else (self.partner,)
        babies = (baby.who for one in self.pregnancies for baby in one.babies)
        elsewhere = (one.child for one in self.children_elsewhere)
        return (self.mother, *partner, *self.children, *elsewhere, *babies)

    def children_on(self, on: date) -> tuple[Resident, ...]:
        """The children who live there on a day, babies included."""
        born = (
            baby.who
            for one in self.pregnancies
            for baby in one.babies
            if baby.lives and baby.who.date_of_birth <= on
        )
        return (*self.children, *born)

    def pregnancy_on(self, on: date) -> Pregnancy | None:
        """The pregnancy that is under way on a day."""
        return next((one for one in self.pregnancies if one.is_under_way(on)), None)


@dataclass(frozen=True, slots=True)
class _Entries:
    """Where people get their NHS numbers, and whom there is: no two have one name and birthday."""

    numbers: Iterator[str]
    of_babies: Iterator[str]
    of_duplicates: Iterator[str]
    taken: set[tuple[str, str, date]] = field(default_factory=set)

    def entered(self, who: Resident) -> Resident:
        """Somebody, born some days later if another one is called and born the same."""
        while (who.given, who.family, who.date_of_birth) in self.taken:
            who = replace(who, date_of_birth=who.date_of_birth + timedelta(days=1))
        self.taken.add((who.given, who.family, who.date_of_birth))
        return who


def households_of(places: Places, *, seed: int, count: int = HOMES) -> tuple[Household, ...]:
    """The county's households; the same for the same places, seed and count."""
    entries = _Entries(
        _nhs_numbers(_FIRST_SERIAL), _nhs_numbers(_OF_BABIES), _nhs_numbers(_OF_DUPLICATES)
    )
    return tuple(
        _household(number, places, Random(f"{seed}/household/{number}"), entries)
        for number in range(1, count + 1)
    )


def _nhs_numbers(first: int) -> Iterator[str]:
    """Synthetic NHS numbers with a right check digit, in order."""
    for serial in range(first, 1_000_000):
        digits = f"999{serial:06d}"
        check = calculate_checksum(digits)
        if check is not None and check < 10:
            yield f"{digits}{check}"


def _household(number: int, places: Places, chance: Random, entries: _Entries) -> Household:
    district = chance.choice(places.districts)
    practice = chance.choice(district.practices)
    family = chance.choice(_FAMILY)
    mother = _adult("female", family, practice, chance, entries)
    with_partner = chance.random() < 0.8
    partner = _adult("male", chance.choice(_FAMILY), practice, chance, entries)
    children = tuple(
        _child(mother, practice, district, chance, entries)
        for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3)))
    )
    return Household(
        number=number,
        district=district,
        lines=(f"{chance.randint(1, 99)} {chance.choice(_ROADS)}",),
        postcode=_postcode(chance),
        is_restricted=chance.random() < 0.05,
        mother=mother,
        partner=partner if with_partner else None,
        partner_lives_here=chance.random() < 0.7,
        children=children,
        children_elsewhere=tuple(
            _child_elsewhere(partner if with_partner else mother, places, chance, entries)
            for _ in range(chance.random() < 0.15)
        ),
        booked_with=_booked_with(district, places, chance),
        busyness=_BUSY if chance.random() < 0.05 else 1,
        pregnancies=_pregnancies(mother, children, chance, entries),
        duplicates={
            who.nhs_number: next(entries.of_duplicates)
            for who in children
            if chance.random() < _RECORDED_TWICE
        },
    )


def _pregnancies(
    mother: Resident, children: tuple[Resident, ...], chance: Random, entries: _Entries
) -> tuple[Pregnancy, ...]:
    """Those of a woman who expects now and then; none begins while the youngest is newborn."""
    if chance.random() >= _EXPECTING:
        return ()
    youngest = max((child.date_of_birth for child in children), default=date.min)
    found = drawn_pregnancies(mother, _ANCHOR, Draw(chance, entries.of_babies, _GIVEN))
    return tuple(
        replace(one, babies=tuple(replace(b, who=entries.entered(b.who)) for b in one.babies))
        for one in found
        if one.begun > youngest + timedelta(days=60)
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
    parent: Resident, places: Places, chance: Random, entries: _Entries
) -> ChildElsewhere:
    district = chance.choice(places.districts)
    practice = chance.choice(district.practices)
    child = _child(parent, practice, district, chance, entries)
    return ChildElsewhere(child, parent, district, _postcode(chance))


def _adult(sex: str, family: str, practice: str, chance: Random, entries: _Entries) -> Resident:
    someone = Resident(
        nhs_number=next(entries.numbers),
        given=chance.choice(_GIVEN[sex]),
        family=family,
        date_of_birth=_born(chance.uniform(19, 41)),
        sex=sex,
        practice=practice,
    )
    return entries.entered(someone)


def _child(
    parent: Resident, practice: str, district: District, chance: Random, entries: _Entries
) -> Resident:
    oldest = (_ANCHOR - parent.date_of_birth).days / _YEAR - _YOUNGEST_PARENT
    sex = chance.choice(("female", "male"))
    someone = Resident(
        nhs_number=next(entries.numbers),
        given=chance.choice(_GIVEN[sex]),
        family=parent.family,
        date_of_birth=_born(chance.uniform(0.2, min(17, oldest))),
        sex=sex,
        practice=practice,
        school=_school(district, chance),
    )
    return entries.entered(someone)


def _school(district: District, chance: Random) -> School:
    if not district.schools or chance.random() < 0.03:
        return School(None, "home_educated")
    common = [school for school in district.schools if school.type in {"state", "academy"}]
    listed = common if common and chance.random() < 0.85 else district.schools
    return chance.choice(listed)


def _born(years_ago: float) -> date:
    return _ANCHOR - timedelta(days=round(years_ago * _YEAR))
