from datetime import date, timedelta

import pytest

from schemas.nhs_number import checked_nhs_number
from services.sandbox.county_people import Resident, households_of
from services.sandbox.county_places import District, Places, School, Site

PLACES = Places(
    districts=(District("E07000193", ("Y90004",), (School("900006", "state"),), {}),),
    sites=(Site("RJF-QUEENS-ED", "rjf-queens-ed", "ed"),),
    police="staffordshire-police",
    marac="staffordshire-marac",
)


def resident(born: date, due_phase: int | None = None) -> Resident:
    return Resident("9995000008", "Asha", "Alder", born, "female", "Y90004", due_phase=due_phase)


def test_every_nhs_number_is_right_and_used_once() -> None:
    homes = households_of(PLACES, seed=1, count=100)
    people = [p for h in homes for p in (h.mother, h.partner, *h.children) if p]
    numbers = [person.nhs_number for person in people]

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


def test_an_expected_day_lies_ahead_and_stays_until_it_is_two_weeks_past() -> None:
    woman = resident(date(1996, 4, 11), due_phase=7)
    today = date(2026, 11, 22)
    due = woman.due_on(today)
    assert due is not None

    last_day = due + timedelta(days=14)

    assert timedelta(days=-14) <= due - today < timedelta(days=266)
    assert woman.due_on(last_day) == due
    assert woman.due_on(last_day + timedelta(days=1)) == due + timedelta(days=280)


def test_somebody_who_does_not_expect_has_no_expected_day() -> None:
    assert resident(date(1996, 4, 11)).due_on(date(2026, 11, 22)) is None
