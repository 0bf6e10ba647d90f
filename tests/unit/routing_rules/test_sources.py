from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.settings_loader import load_settings
from routing_rules.source_text import Problems
from routing_rules.sources import (
    Counted,
    ExpectedSpan,
    Source,
    day_in_london,
    expected_between,
    expected_on,
)
from schemas.values import Family
from tests.unit.routing_rules.shipped import FILES

WRITTEN = """\
  test-police:
    family: police
    counted: daily
    expected:
      every day 00:00-08:00: 1 an hour
      working days 09:00-17:00: 16 a day
      Sat: 1 a day
    silent after: 2 days
    contact: the duty sergeant,
      by telephone
"""
VALID = WRITTEN.replace("      Sat: 1 a day\n", "      Sat 10:00-12:30: 1 in 4 weeks\n")
BEFORE = FILES["settings.yaml"].split("sources:\n")[0] + "sources:\n"
FIRST_LINE = BEFORE.count("\n")
ONE_AN_HOUR = ExpectedSpan(frozenset(range(7)), False, timedelta(), timedelta(hours=24), 1.0)  # noqa: FBT003


def _read(text: str) -> tuple[tuple[Source, ...], list[str]]:
    problems = Problems()
    sources = load_settings(BEFORE + text, problems).sources
    return sources, [str(problem) for problem in sorted(problems.found)]


def test_a_source_is_read_as_it_is_written() -> None:
    (source,), problems = _read(VALID)

    assert problems == []
    assert source.publisher == "test-police"
    assert source.family is Family.POLICE
    assert source.counted is Counted.DAILY
    assert source.silent_after == timedelta(days=2)
    assert source.contact == "the duty sergeant, by telephone"
    assert [span.an_hour for span in source.expected] == [1.0, 2.0, 0.1]
    assert [span.working_days_only for span in source.expected] == [False, True, False]
    assert source.expected[1].weekdays == frozenset(range(5))
    assert source.expected[2].weekdays == {5}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("family: police", "family: polic", "2:13: 'polic' is not a family of events; allowed: "),
        ("counted: daily", "counted: dialy",
         "3:14: 'dialy' is not a way of counting; allowed: yes, daily, no; did you mean 'daily'?"),
        ("test-police:", "test police:",
         "1:3: 'test police' is not a code of letters, digits and hyphens"),
        ("    contact: the duty sergeant,\n      by telephone\n", "",
         "2:5: 'contact' is missing"),
        ("silent after: 2 days", "silent after: 0 days",
         "8:19: a source cannot be silent at once; write '12 hours'"),
        ("silent after: 2 days", "silent after: a while", "8:19: 'a while' is not a length of"),
        ("silent after", "silent afte",
         ("8:5: 'silent afte' is not known here; allowed: family, counted, expected, silent after,"
         " contact, organisation; did you mean 'silent after'?")),
        ("1 an hour", "often",
         ("5:30: 'often' does not say how many; write it as '3 an hour', '20 a day', '5 a week' or"
         " '1 in 4 weeks'")),
        ("working days 09", "workin days 09",
         ("6:7: 'workin days' are not days; allowed: every day, working days, Mon, Tue, Wed, Thu,"
         " Fri, Sat, Sun, or two with a hyphen; did you mean 'working days'?")),
        ("working days 09", "Fri-Mon 09", "6:7: 'Fri-Mon': its days run backwards"),
        ("working days 09:00-17:00", "working days",
         "6:7: 'working days' are not days and hours; write it as 'every day 00:00-24:00' or"),
        ("09:00-17:00", "17:00-09:00", "6:7: 'working days 17:00-09:00': these are not hours of"),
        ("09:00-17:00", "09:00-16:60", "6:7: 'working days 09:00-16:60': these are not hours of"),
        ("09:00-17:00", "09:00-24:01", "6:7: 'working days 09:00-24:01': these are not hours of"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_source_is_said_where_it_stands(
    old: str, new: str, problem: str
) -> None:
    assert old in VALID

    _, found = _read(VALID.replace(old, new, 1))

    line, rest = problem.split(":", 1)
    wanted = f"settings.yaml:{FIRST_LINE + int(line)}:{rest}"
    assert any(each.startswith(wanted) for each in found), found


def test_a_source_must_say_how_much_is_usual() -> None:
    text = "  test:\n    family: marac\n    counted: no\n    expected: {}\n"

    _, found = _read(text + "    silent after: 2 days\n    contact: someone\n")

    assert found[0].endswith(
        "how much is usual must be said; write it as '3 an hour', '20 a day', '5 a week' or"
        " '1 in 4 weeks'"
    )


def test_a_mapping_is_expected_for_each_source() -> None:
    _, found = _read("  test: marac\n")

    assert found == [f"settings.yaml:{FIRST_LINE + 1}:9: names with values are expected here"]


def test_nothing_is_expected_of_working_hours_on_a_bank_holiday() -> None:
    (source,), _ = _read(VALID)
    good_friday = date(2026, 4, 3)

    usual = expected_on(source.expected, good_friday)
    on_the_holiday = expected_on(source.expected, good_friday, bank_holidays={good_friday})

    assert (usual, on_the_holiday) == (24.0, 8.0)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)],
)
def test_a_day_is_as_long_as_it_is_when_the_clocks_change(day: date, hours: int) -> None:
    begin, end = day_in_london(day)

    assert end - begin == timedelta(hours=hours)
    assert expected_on([ONE_AN_HOUR], day) == pytest.approx(hours)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_what_is_expected_adds_up_over_parts_of_the_time(moments: list[datetime]) -> None:
    (source,), _ = _read(VALID)
    begin, middle, end = moments

    whole = expected_between(source.expected, begin, end)
    parts = expected_between(source.expected, begin, middle) + expected_between(
        source.expected, middle, end
    )

    assert whole == pytest.approx(parts)
    assert expected_between(source.expected, end, begin) == 0


@given(MOMENTS, st.integers(0, 2000))
def test_one_an_hour_is_one_an_hour_whatever_the_clocks_do(begin: datetime, hours: int) -> None:
    assert expected_between([ONE_AN_HOUR], begin, begin + timedelta(hours=hours)) == pytest.approx(
        hours
    )
