from datetime import date, timedelta
from itertools import pairwise

import pytest

from schemas.nhs_number import checked_nhs_number
from services.sandbox.county_people import households_of
from services.sandbox.county_places import District, Places, School, Site
from services.sandbox.county_residents import Resident

PLACES = Places(
    districts=(District("E07000193", ("Y90004",), (School("900006", "state"),), {}),),
    sites=(Site("RJF-QUEENS-ED", "rjf-queens-ed", "ed"),),
    police="staffordshire-police",
    marac="staffordshire-marac",
)


def resident(born: date) -> Resident:
    return Resident("9995000008", "Asha", "Alder", born, "female", "Y90004")


def test_every_nhs_number_is_right_and_used_once() -> None:
    homes = households_of(PLACES, seed=1, count=100)
    numbers = [who.nhs_number for home in homes for who in home.residents]
    numbers += [second for home in homes for second in home.duplicates.values()]

    assert [checked_nhs_number(number) for number in numbers] == numbers
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("on", "age"), [(date(2026, 3, 5), 9), (date(2026, 3, 6), 10), (date(2027, 1, 1), 10)]
)
def test_age_is_in_full_years(on: date, age: int) -> None:
    assert resident(date(2016, 3, 6)).age(on) == age


@pytest.mark.parametrize(
    ("born", "on", "is_at_school"),
    [
        (date(2022, 8, 31), date(2026, 8, 31), False),
        (date(2022, 8, 31), date(2026, 9, 1), True),
        (date(2022, 9, 2), date(2026, 9, 1), False),
        (date(2009, 1, 1), date(2026, 12, 31), True),
        (date(2009, 1, 1), date(2027, 1, 1), False),
    ],
)
def test_school_begins_in_the_september_after_the_fourth_birthday(
    born: date, on: date, *, is_at_school: bool
) -> None:
    assert resident(born).is_at_school(on) is is_at_school


def test_pregnancies_follow_each_other_and_each_ends_with_what_it_comes_to() -> None:
    homes = households_of(PLACES, seed=1, count=200)
    pregnancies = [one for home in homes for one in home.pregnancies]
    ends = {one.outcome for one in pregnancies}
    twins = [one for one in pregnancies if len(one.babies) == 2]

    assert {"birth", "miscarriage"} <= ends
    assert twins
    assert all(one.begun < one.booked_on < one.ends_on for one in pregnancies)
    assert all(one.babies if one.outcome == "birth" else not one.babies for one in pregnancies)
    assert all(len({baby.who.given for baby in one.babies}) == 2 for one in twins)
    for home in homes:
        for before, after in pairwise(home.pregnancies):
            assert before.ends_on < after.begun


def test_a_baby_is_a_child_of_the_household_from_its_birth_on() -> None:
    homes = households_of(PLACES, seed=1, count=200)
    home, born = next(
        (h, p) for h in homes for p in h.pregnancies if any(b.lives for b in p.babies)
    )
    [baby, *_] = [each.who for each in born.babies if each.lives]

    before, after = born.ends_on - timedelta(days=1), born.ends_on
    assert baby not in home.children_on(before)
    assert baby in home.children_on(after)
    assert home.pregnancy_on(before) == born
    assert home.pregnancy_on(after) != born


def test_no_two_are_called_and_born_the_same() -> None:
    homes = households_of(PLACES, seed=1)
    people = [who for home in homes for who in home.residents]
    called = [(who.given, who.family, who.date_of_birth) for who in people]

    assert len(set(called)) == len(called)
