"""Households of the synthetic county to which happens what is too rare to wait for.

Their stories are told once in every county, early on. The strangers are known to no register at
first, and of some of their children nobody knows the age; the others expect a child.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from nhs_number.validate import calculate_checksum

from services.sandbox.county_people import Household
from services.sandbox.county_places import District, Places, School
from services.sandbox.county_reports import Report, Told
from services.sandbox.county_residents import Newborn, Pregnancy, Resident

_HOME_EDUCATED = "home_educated"
_FIRST_SERIAL = 960_000
_FIRST_HOUSEHOLD = 9_001
_ALWAYS = (date(2000, 1, 1), date(2100, 1, 1))
_BORN = {"mother": date(1996, 4, 11), "girl": date(2009, 12, 24)}
_OF_UNKNOWN_AGE = frozenset({"Quill", "Rowan", "Sorrel"})
STRANGERS, EXPECTING, BEREAVED, YOUNG, PROTECTED = range(_FIRST_HOUSEHOLD, _FIRST_HOUSEHOLD + 5)


def rare_households(places: Places) -> dict[int, Household]:
    """Five households, by number; the same for the same places."""
    district = next((each for each in places.districts if each.schools), places.districts[0])
    provider = next(iter(places.maternity), None)
    making = _Making(district, provider, _nhs_numbers())
    strangers = replace(making.household(STRANGERS), booked_with=None)
    families = (
        replace(strangers, children=_strangers(making)),
        making.household(EXPECTING, ("live", "stillborn")),
        making.household(BEREAVED),
        making.household(YOUNG, born=_BORN["girl"]),
        _protected(making.household(PROTECTED), making.numbers),
    )
    return {home.number: home for home in families}


def _nhs_numbers() -> Iterator[str]:
    """Synthetic NHS numbers in order, of a range of their own."""
    for serial in range(_FIRST_SERIAL, 1_000_000):
        digits = f"999{serial:06d}"
        check = calculate_checksum(digits)
        if check is not None and check < 10:
            yield f"{digits}{check}"


@dataclass(frozen=True, slots=True)
class _Making:
    """Where they live, where they book, and their NHS numbers."""

    district: District
    provider: str | None
    numbers: Iterator[str]

    def household(
        self, number: int, babies: tuple[str, ...] = (), *, born: date = _BORN["mother"]
    ) -> Household:
        """A mother, a child at school, and those who are born, by how that ends."""
        family = f"Rarely{number - _FIRST_HOUSEHOLD}"
        practice = self.district.practices[0]
        mother = Resident(next(self.numbers), "Nell", family, born, "female", practice)
        school = _school(self.district)
        started = date(2018, 5, 5)
        child = Resident(next(self.numbers), "Otto", family, started, "male", practice, school)
        return Household(
            number=number,
            district=self.district,
            lines=(f"{number} Unlikely Road",),
            postcode="ZZ99 3RR",
            is_restricted=False,
            mother=mother,
            partner=None,
            partner_lives_here=False,
            children=(child,),
            booked_with=self.provider,
            pregnancies=(self._pregnancy(mother, babies),),
        )

    def _pregnancy(self, mother: Resident, outcomes: tuple[str, ...]) -> Pregnancy:
        begun, ends_on = _ALWAYS
        named = enumerate(zip(("Una", "Vera"), outcomes, strict=False), start=1)
        practice = mother.practice
        newborns = tuple(
            Newborn(
                Resident(next(self.numbers), given, mother.family, begun, "female", practice),
                order,
                outcome,
            )
            for order, (given, outcome) in named
        )
        pregnancy_id = f"MAT-{mother.nhs_number[3:]}-RARE"
        return Pregnancy(pregnancy_id, begun, begun, ends_on, ends_on, "birth", newborns)


def _school(district: District, kind: str = "state") -> School:
    return next((each for each in district.schools if each.type == kind), School(None, kind))


def _strangers(making: _Making) -> tuple[Resident, ...]:
    """Pupils of every kind, a baby, and three children of whom nobody knows the age."""
    district = making.district
    schools = {
        "Anise": (date(2016, 2, 3), School(None, _HOME_EDUCATED)),
        "Basil": (date(2014, 6, 7), School(None, "none")),
        "Clove": (date(2017, 8, 9), _school(district, "independent")),
        "Dill": (date(2012, 3, 4), _school(district)),
        "Eddo": (date(2026, 6, 5), None),
        "Fern": (date(2015, 1, 2), School(None, _HOME_EDUCATED)),
        "Quill": (date(2013, 1, 1), School(None, _HOME_EDUCATED)),
        "Rowan": (date(2013, 1, 1), School(None, "none")),
        "Sorrel": (date(2013, 1, 1), _school(district)),
    }
    practice = district.practices[0]
    return tuple(
        Resident(next(making.numbers), given, "Rarely0", born, "female", practice, school)
        for given, (born, school) in schools.items()
    )


def _protected(home: Household, numbers: Iterator[str]) -> Household:
    """A child with a second record, and one whose identity is protected."""
    child = home.children[0]
    other = replace(child, nhs_number=next(numbers), given="Piers", date_of_birth=date(2019, 4, 4))
    second = {child.nhs_number: next(numbers), other.nhs_number: next(numbers)}
    return replace(home, children=(child, other), duplicates=second)


def as_of(home: Household, on: date) -> Household:
    """The household on a day: its pregnancy is half over, or just over."""
    expected = [
        replace(
            one,
            due=on + timedelta(days=120),
            booked_on=on - timedelta(days=80),
            babies=tuple(
                replace(baby, who=replace(baby.who, date_of_birth=on)) for baby in one.babies
            ),
        )
        for one in home.pregnancies
    ]
    return replace(home, pregnancies=tuple(expected))


def told_rarely(report: Report, home: Household) -> Report:
    """A report of such a household without a mistake, and as much as is known of each of them."""
    data: dict[str, Any] = {name: told for name, told in report.data.items() if told is not None}
    by_name = {(who.given, who.family): who for who in home.residents}
    for name in ("patient", "mother", "person"):
        if name in data:
            data[name] = _as_known(data[name], by_name, home.booked_with)
    for name in ("people", "babies"):
        if name in data:
            data[name] = [_as_known(each, by_name, home.booked_with) for each in data[name]]
    everybody = [data[name] for name in ("patient", "mother") if name in data]
    everybody += [each for name in ("people", "babies") for each in data.get(name, ())]
    refs = {each["ref"] for each in everybody}
    for each in everybody:
        links = [link for link in each.pop("relationships", ()) if link["to"] in refs]
        each.update({"relationships": links} if links else {})
    return replace(report, data=data, is_flawless=True)


def _as_known(told: Told, by_name: dict[tuple[str, str], Resident], provider: str | None) -> Told:
    name: Any = told.get("name", {})
    who = by_name.get((name.get("given"), name.get("family")))
    if who is None or told.get("outcome") == "stillborn":
        return {**told}
    found: dict[str, Any] = {"nhs_number": who.nhs_number, **told, "nhs_number_status": "verified"}
    if who.school is not None:
        urn = {} if who.school.urn is None else {"urn": who.school.urn}
        found["school"] = {"type": who.school.type, **urn}
    if who.given in _OF_UNKNOWN_AGE:
        del found["date_of_birth"]
    if provider is None:
        found.pop("maternity_provider", None)
    return found
