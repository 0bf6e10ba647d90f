from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.ages import age_at, school_stage
from routing_rules.settings import DayOfYear, StartOfSchool
from tests.unit.routing_rules.shipped import shipped_settings

SETTINGS = shipped_settings()


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2016, 10, 12), date(2026, 10, 11), 9),
        (date(2016, 10, 12), date(2026, 10, 12), 10),
        (date(2026, 3, 6), date(2026, 3, 6), 0),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(1896, 3, 6), date(2026, 3, 6), 130),
        (date(1895, 3, 6), date(2026, 3, 6), None),
        (date(2026, 3, 7), date(2026, 3, 6), None),
        (None, date(2026, 3, 6), None),
    ],
)
def test_age_counts_birthdays_and_is_unknown_where_it_cannot_be_true(
    born: date | None, on: date, age: int | None
) -> None:
    assert age_at(born, on) == age


@pytest.mark.parametrize(
    ("born", "on", "stage"),
    [
        (date(2022, 8, 31), date(2026, 8, 31), "before school"),
        (date(2022, 8, 31), date(2026, 9, 1), "starting school"),
        (date(2022, 9, 1), date(2026, 9, 1), "before school"),
        (date(2022, 9, 1), date(2027, 8, 31), "before school"),
        (date(2022, 9, 1), date(2027, 9, 1), "starting school"),
        (date(2022, 8, 31), date(2026, 12, 31), "starting school"),
        (date(2022, 8, 31), date(2027, 1, 1), "school age"),
        (date(2020, 2, 29), date(2024, 8, 31), "before school"),
        (date(2020, 2, 29), date(2024, 9, 1), "starting school"),
        (date(2008, 3, 7), date(2026, 3, 6), "school age"),
        (date(2008, 3, 6), date(2026, 3, 6), "adult"),
        (date(2026, 3, 6), date(2026, 3, 6), "before school"),
        (date(2026, 3, 7), date(2026, 3, 6), "unknown"),
        (date(1890, 1, 1), date(2026, 3, 6), "unknown"),
        (None, date(2026, 3, 6), "unknown"),
    ],
)
def test_the_stage_follows_the_school_year_and_not_the_fifth_birthday(
    born: date | None, on: date, stage: str
) -> None:
    assert school_stage(born, on, SETTINGS) == stage


def test_an_overlap_may_end_in_the_year_after_reception_starts() -> None:
    until_easter = replace(
        SETTINGS, start_of_school=StartOfSchool(DayOfYear(9, 1), DayOfYear(3, 31))
    )

    assert school_stage(date(2022, 8, 31), date(2027, 3, 31), until_easter) == "starting school"
    assert school_stage(date(2022, 8, 31), date(2027, 4, 1), until_easter) == "school age"


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 9000))
def test_a_child_only_ever_moves_on(born: date, days: int) -> None:
    stages = ("before school", "starting school", "school age", "adult")
    on = born + timedelta(days=days)

    today = school_stage(born, on, SETTINGS)
    tomorrow = school_stage(born, on + timedelta(days=1), SETTINGS)

    assert stages.index(tomorrow) - stages.index(today) in (0, 1)
