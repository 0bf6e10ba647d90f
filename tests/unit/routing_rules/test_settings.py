from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.settings import (
    DayOfYear,
    Elapsed,
    FrequentAttendance,
    OnwardArrival,
    RulebookSettings,
    StartOfSchool,
    WorkingDays,
)
from routing_rules.settings_loader import load_settings
from routing_rules.source_text import Problems
from routing_rules.sources import Counted
from schemas.values import Family, Urgency
from tests.unit.routing_rules.shipped import FILES, shipped_settings

TEXT = FILES["settings.yaml"]


def _problems_of(text: str) -> list[str]:
    problems = Problems()
    load_settings(text, problems)
    return [str(problem) for problem in sorted(problems.found)]


def _line(text: str, start: str) -> int:
    return next(n for n, line in enumerate(text.split("\n"), 1) if line.startswith(start))


def test_the_shipped_settings_say_what_the_design_says() -> None:
    settings: RulebookSettings = shipped_settings()

    assert settings.name == "staffordshire"
    assert settings.county["E07000193"] == "East Staffordshire"
    assert len(settings.county) == 8
    assert settings.neighbours == {"E06000021": "Stoke-on-Trent"}
    assert settings.districts == {**settings.county, **settings.neighbours}
    assert settings.response_times == {
        Urgency.IMMEDIATE: Elapsed(timedelta(hours=4)),
        Urgency.SAME_DAY: WorkingDays(0),
        Urgency.NEXT_WORKING_DAY: WorkingDays(1),
        Urgency.ROUTINE: WorkingDays(2),
    }
    assert settings.look_back == timedelta(days=90)
    assert settings.departure_overdue_after == timedelta(hours=4)
    assert settings.onward_arrival == OnwardArrival(
        overdue_after=timedelta(hours=4),
        at_the_latest_after=timedelta(days=7),
        still_overdue_after=timedelta(hours=4),
    )
    assert settings.pregnancy_active_after_due_date == timedelta(days=42)
    assert settings.frequent_attendance == (
        FrequentAttendance(4, 183),
        FrequentAttendance(3, 91, under_age=1),
    )
    assert settings.start_of_school == StartOfSchool(DayOfYear(9, 1), DayOfYear(12, 31))
    assert settings.office_hours.text == "Mon-Fri 09:00-17:00"
    assert settings.practice_hours.text == "Mon-Fri 08:00-18:30"
    assert settings.basis.lawful_basis.startswith("UK GDPR Article 6(1)(e)")
    assert "\n" not in settings.basis.lawful_basis
    assert settings.basis.consent


def test_the_shipped_sources_are_those_of_the_county() -> None:
    sources = shipped_settings().sources

    assert {source.publisher for source in sources} >= {"staffordshire-police", "registration"}
    assert all(source.counted is Counted.YES for source in sources)
    assert {source.family for source in sources} == set(Family)


@pytest.mark.parametrize(
    ("old", "new", "start", "problem"),
    [
        ("name: staff", "named: staff", "named:", "1: 'named' is not known here; allowed: name,"),
        ("immediate: 4 hours", "immediate: soon", "  immediate",
         "14: 'soon' is not a response time; write it as '4 hours' or '2 working days'"),
        ("immediate: 4 hours", "immediate: 0 hours", "  immediate",
         "14: '0 hours' is not a response time; write it as '4 hours' or '2 working days'"),
        ("immediate: 4 hours", "immediately: 4 hours", "  immediately:",
         ("3: 'immediately' is not known here; allowed: immediate, same day, next working day,"
         " routine; did you mean 'immediate'?")),
        ("routine: 2 working", "routine: 0 working", "  immediate",
         "3: a more urgent duty cannot have more working days"),
        ("look back: 90 days", "look back: 90 moons", "look back",
         "12: '90 moons' is not a length of time; write it as '4 hours' or '90 days'"),
        ("look back: 90 days", "look back: 99999 days", "look back",
         "12: '99999 days' is not a length of time; write it as '4 hours' or '90 days'"),
        ("look back: 90 days", "look back: [90 days]", "look back",
         "12: a text is expected here, not a list or a mapping"),
        ("look back: 90 days", "look back: ''", "look back",
         "12: something must stand here"),
        ("4 in 183 days", "often", "  - often",
         ("5: 'often' is not a number of attendances; write it as '4 in 183 days' or"
         " '3 in 91 days under 1'")),
        ("4 in 183 days", "0 in 183 days", "  - 0",
         ("5: '0 in 183 days' is not a number of attendances; write it as '4 in 183 days' or"
         " '3 in 91 days under 1'")),
        ("1 September", "31 September", "  reception",
         "21: '31 September' is not a day of every year; write it as '1 September'"),
        ("1 September", "29 February", "  reception",
         "21: '29 February' is not a day of every year; write it as '1 September'"),
        ("1 September", "1 Septem", "  reception",
         "21: '1 Septem' is not a day of every year; write it as '1 September'"),
        ("school starts: 09:00", "school starts: nine", "  school starts",
         "18: 'nine' is not a time of day; write it as '09:00'"),
        ("services: [school nursing]", "services: [school nurses]", "  services",
         ("14: 'school nurses' is not a service; allowed: midwifery, health visiting,"
          " school nursing, gp, camhs, safeguarding, paediatric liaison, emergency,"
          " adult mental health, looked after health, social care, mash;"
          " did you mean 'school nursing'?")),
        ("1 September", "in autumn", "  reception",
         "21: 'in autumn' is not a day of every year; write it as '1 September'"),
        ("office hours: Mon-Fri 09:00-17:00", "office hours: 24h", "office hours",
         "15: office hours must close: teams of 24h answer by then"),
        ("office hours: Mon-Fri 09:00-17:00", "office hours: nine to five", "office hours",
         ("15: 'nine to five' are not hours; write '24h' or as"
         " 'Mon-Fri 09:00-17:00 Sat 09:00-13:00'")),
        ("E06000021: Stoke-on-Trent", "E06000021: Tamworth", "  E06000021",
         "14: 'Tamworth' already stands for something else"),
        ("E06000021: Stoke-on-Trent", "E07000199: Stoke-on-Trent", "  E07000199: Stoke",
         "3: 'E07000199' already stands for something else"),
        ("E06000021: Stoke-on-Trent", "E06000021: elsewhere", "  E06000021",
         "14: 'elsewhere' already stands for something else"),
        ("E06000021: Stoke-on-Trent", "E06 21: Stoke-on-Trent", "  E06 21",
         "3: 'E06 21' is not a code of letters, digits and hyphens"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(
    old: str, new: str, start: str, problem: str
) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)

    found = _problems_of(text)

    assert any(
        line.startswith(f"settings.yaml:{_line(text, start)}:{problem}") for line in found
    ), found


def test_every_setting_must_be_stated() -> None:
    found = _problems_of("name: staffordshire\n")

    assert found[:2] == [
        "settings.yaml:1:1: 'basis' is missing",
        "settings.yaml:1:1: 'county' is missing",
    ]
    assert len(found) == 14


def test_a_county_without_districts_is_refused() -> None:
    text = TEXT.replace("county:\n", "county: {}\nwere:\n")

    assert "settings.yaml:6:9: a county has at least one home district" in _problems_of(text)


def test_a_list_that_is_none_is_refused() -> None:
    text = TEXT.replace("frequent attendance:\n  - 4 in 183 days\n  - ", "frequent attendance: ")

    assert _problems_of(text) == [
        f"settings.yaml:{_line(text, 'frequent')}:22: a list is expected here"
    ]


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert _problems_of(text) == ["settings.yaml:1:1: no settings can be read here"]


def test_a_file_that_is_no_mapping_is_refused() -> None:
    assert _problems_of("- name") == ["settings.yaml:1:1: names with values are expected here"]


def test_all_problems_come_at_once() -> None:
    text = TEXT.replace(" after: 4 hours", " after: 4 ours").replace("90 days", "90 dais")

    assert len(_problems_of(text)) == 4


@given(st.text(max_size=200))
def test_any_text_is_settings_or_a_list_of_problems(text: str) -> None:
    assert _problems_of(text)


@given(st.data())
def test_damaged_settings_load_or_are_a_list_of_problems(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(TEXT)))
    length = data.draw(st.integers(0, 20))
    text = TEXT[:at] + data.draw(st.text(max_size=5)) + TEXT[at + length :]

    assert all(problem.startswith("settings.yaml:") for problem in _problems_of(text))
