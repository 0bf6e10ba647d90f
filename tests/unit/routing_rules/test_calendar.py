from datetime import date
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.calendar_loader import load_calendar
from routing_rules.source_text import Problems
from routing_rules.working_time import Calendar, Term
from services.cli.bank_holidays import BankHolidaysUnavailable, bank_holidays_yaml
from tests.unit.routing_rules.shipped import FILES

BANK_HOLIDAYS = "working_time/bank-holidays.yaml"
TERMS = "working_time/terms.yaml"
SHIPPED = load_calendar(FILES, Problems())


def _problems_of(bank_holidays: str, terms: str | None = None) -> list[str]:
    files = {BANK_HOLIDAYS: bank_holidays} | ({} if terms is None else {TERMS: terms})
    problems = Problems()
    load_calendar(files, problems)
    return [str(problem) for problem in sorted(problems.found)]


def test_the_shipped_bank_holidays_are_what_the_command_writes() -> None:
    assert FILES[BANK_HOLIDAYS] == bank_holidays_yaml(2012, 2035)


def test_without_the_library_one_line_says_what_to_do() -> None:
    with pytest.raises(BankHolidaysUnavailable, match=r"^bank holidays come from .*: uv sync$"):
        bank_holidays_yaml(2026, 2026, library="holidays_that_nobody_installed")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 12, 28), "Boxing Day (observed)"),
        (date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        (date(2035, 12, 26), "Boxing Day"),
    ],
)
def test_the_shipped_calendar_knows_bank_holidays(day: date, name: str) -> None:
    assert SHIPPED.bank_holidays[day] == name
    assert not SHIPPED.is_working_day(day)


def test_the_shipped_terms_begin_and_end_on_school_days() -> None:
    days = chain.from_iterable((term.first, term.last) for term in SHIPPED.terms["860"])

    assert all(SHIPPED.is_school_day("860", day) for day in days)
    assert SHIPPED.terms.keys() == {"860", "861"}


def test_a_rulebook_may_have_no_terms() -> None:
    problems = Problems()

    calendar = load_calendar({BANK_HOLIDAYS: "bank holidays: {}"}, problems)

    assert problems.found == []
    assert calendar == Calendar({})


def test_terms_are_read_in_order() -> None:
    files = {
        BANK_HOLIDAYS: "bank holidays: {}",
        TERMS: "terms:\n  860:\n    - 2026-09-01 to 2026-10-23\n    - 2026-11-02 to 2026-12-18\n",
    }

    calendar = load_calendar(files, Problems())

    assert calendar.terms["860"] == (
        Term(date(2026, 9, 1), date(2026, 10, 23)),
        Term(date(2026, 11, 2), date(2026, 12, 18)),
    )


def test_bank_holidays_are_required() -> None:
    assert _problems_of("") == [f"{BANK_HOLIDAYS}:1:1: no bank holidays can be read here"]


def test_what_is_wrong_with_bank_holidays_is_said_where_it_stands() -> None:
    text = "bank holidays:\n  2026-02-30: Never\n  2026-12-25:\n"

    assert _problems_of(text) == [
        f"{BANK_HOLIDAYS}:2:3: '2026-02-30' is not a day of the calendar",
        f"{BANK_HOLIDAYS}:3:14: something must stand here",
    ]


def test_what_is_wrong_with_terms_is_said_where_it_stands() -> None:
    terms = (
        "terms:\n"
        "  860:\n    - 2026-09-01 to 2026-10-23\n    - 2026-10-23 to 2026-12-18\n"
        "  8 1:\n    - 2026-09-01\n"
        "  862:\n    - 2026-10-23 to 2026-09-01\n"
        "  863:\n    - 2026-09-31 to 2026-10-23\n    - 2026-09-01 to soon\n"
    )

    assert _problems_of("bank holidays: {}", terms) == [
        f"{TERMS}:2:3: its terms overlap, or are not in order",
        f"{TERMS}:5:3: '8 1' is not a code of letters, digits and hyphens",
        f"{TERMS}:6:7: '2026-09-01' is not a term; write it as 2026-09-01 to 2026-10-23",
        f"{TERMS}:8:7: the term ends before it begins",
        f"{TERMS}:10:7: '2026-09-31' is not a day of the calendar",
        f"{TERMS}:11:7: 'soon' is not a date; write it as 2026-03-09",
    ]


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_text_is_a_calendar_or_a_list_of_problems(bank_holidays: str, terms: str) -> None:
    assert _problems_of(bank_holidays, terms)
