from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.calendar_loader import load_calendar
from routing_rules.service_hours import ROUND_THE_CLOCK, ServiceHours, read_hours
from routing_rules.source_text import Position, Problems, Scalar
from routing_rules.working_time import LONDON, Calendar, Term, is_open, respond_by
from schemas.values import Urgency
from tests.unit.routing_rules.shipped import FILES, shipped_settings

SETTINGS = shipped_settings()
CALENDAR = load_calendar(FILES, Problems())


def _hours(text: str) -> ServiceHours:
    hours = read_hours(Scalar(text, Position("hours")), Problems())
    assert hours is not None
    return hours


OFFICE = _hours("Mon-Fri 09:00-17:00")
PRACTICE = _hours("Mon-Fri 08:00-18:30")
MASH = _hours("Mon-Fri 08:00-18:00 Sat 09:00-13:00")
TEAMS = (ROUND_THE_CLOCK, OFFICE, PRACTICE, MASH, _hours("Mon-Wed 09:00-12:00 Sun 00:00-01:30"))
IN_WORKING_DAYS = (Urgency.SAME_DAY, Urgency.NEXT_WORKING_DAY, Urgency.ROUTINE)


def _due(urgency: Urgency, published: str, hours: ServiceHours = OFFICE) -> str:
    at = datetime.fromisoformat(published)
    due = respond_by(urgency, at, hours=hours, calendar=CALENDAR, settings=SETTINGS)
    assert due.tzinfo is UTC
    return due.strftime("%Y-%m-%dT%H:%MZ")


def test_the_example_of_the_contract_friday_night_is_due_at_the_close_of_monday() -> None:
    due = _due(Urgency.NEXT_WORKING_DAY, "2026-03-06T22:40:00+00:00", ROUND_THE_CLOCK)

    assert due == "2026-03-09T17:00Z"


@pytest.mark.parametrize(
    ("published", "due"),
    [
        ("2026-03-06T22:40:00+00:00", "2026-03-07T02:40Z"),
        ("2026-03-28T22:30:00+00:00", "2026-03-29T02:30Z"),
        ("2026-03-29T00:30:00+00:00", "2026-03-29T04:30Z"),
        ("2026-10-25T01:30:00+01:00", "2026-10-25T04:30Z"),
    ],
)
def test_immediate_is_four_elapsed_hours_by_night_and_when_clocks_change(
    published: str, due: str
) -> None:
    assert _due(Urgency.IMMEDIATE, published) == due


def test_elapsed_hours_are_not_wall_clock_hours_of_the_publishers_zone() -> None:
    published = datetime(2026, 3, 28, 23, 30, tzinfo=ZoneInfo("Europe/London"))

    due = respond_by(
        Urgency.IMMEDIATE, published, hours=OFFICE, calendar=CALENDAR, settings=SETTINGS
    )

    assert due == datetime(2026, 3, 29, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("published", "hours", "due"),
    [
        ("2026-03-06T05:00:00+00:00", OFFICE, "2026-03-06T17:00Z"),
        ("2026-03-06T16:59:59+00:00", OFFICE, "2026-03-06T17:00Z"),
        ("2026-03-06T17:00:00+00:00", OFFICE, "2026-03-09T17:00Z"),
        ("2026-03-06T17:00:00+00:00", PRACTICE, "2026-03-06T18:30Z"),
        ("2026-03-06T10:00:00+00:00", ROUND_THE_CLOCK, "2026-03-06T17:00Z"),
        ("2026-03-07T10:00:00+00:00", ROUND_THE_CLOCK, "2026-03-09T17:00Z"),
        ("2026-07-06T16:30:00+00:00", OFFICE, "2026-07-07T16:00Z"),
        ("2026-07-06T23:30:00+00:00", OFFICE, "2026-07-07T16:00Z"),
        ("2026-04-02T18:00:00+01:00", OFFICE, "2026-04-07T16:00Z"),
        ("2026-12-24T18:00:00+00:00", OFFICE, "2026-12-29T17:00Z"),
    ],
    ids=[
        "before it opens",
        "a second before it closes",
        "when it closes",
        "a practice is still open",
        "round the clock: office hours",
        "round the clock: not at the week-end",
        "in summer it closes at 16:00 UTC",
        "the London day counts",
        "over Easter",
        "over Christmas and a substitute day",
    ],
)
def test_same_day_is_the_next_close(published: str, hours: ServiceHours, due: str) -> None:
    assert _due(Urgency.SAME_DAY, published, hours) == due


def test_same_day_counts_the_saturday_of_a_team_that_works_then() -> None:
    assert _due(Urgency.SAME_DAY, "2026-03-06T22:40:00+00:00", MASH) == "2026-03-07T13:00Z"


def test_a_saturday_is_no_working_day_even_of_a_team_that_works_then() -> None:
    assert _due(Urgency.NEXT_WORKING_DAY, "2026-03-06T12:00:00+00:00", MASH) == "2026-03-09T18:00Z"


@pytest.mark.parametrize(
    ("urgency", "published", "due"),
    [
        (Urgency.NEXT_WORKING_DAY, "2026-03-04T08:00:00+00:00", "2026-03-05T17:00Z"),
        (Urgency.NEXT_WORKING_DAY, "2026-03-27T12:00:00+00:00", "2026-03-30T16:00Z"),
        (Urgency.NEXT_WORKING_DAY, "2026-10-23T12:00:00+01:00", "2026-10-26T17:00Z"),
        (Urgency.ROUTINE, "2026-03-04T08:00:00+00:00", "2026-03-06T17:00Z"),
        (Urgency.ROUTINE, "2026-04-02T12:00:00+01:00", "2026-04-08T16:00Z"),
        (Urgency.ROUTINE, "2022-09-16T12:00:00+01:00", "2022-09-21T16:00Z"),
    ],
    ids=["next", "into summer", "into winter", "routine", "over Easter", "a proclaimed holiday"],
)
def test_working_days_pass_over_week_ends_and_bank_holidays(
    urgency: Urgency, published: str, due: str
) -> None:
    assert _due(urgency, published) == due


def test_a_team_that_does_not_work_on_the_working_day_answers_on_its_next_one() -> None:
    part_week = _hours("Mon-Wed 09:00-16:00")

    assert _due(Urgency.NEXT_WORKING_DAY, "2026-03-04T12:00:00+00:00", part_week) == (
        "2026-03-09T16:00Z"
    )


_AROUND_CHANGES = st.one_of(
    st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 10)),  # noqa: DTZ001 - made aware below
    st.datetimes(datetime(2026, 10, 20), datetime(2026, 11, 2)),  # noqa: DTZ001
    st.datetimes(datetime(2012, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001
).map(lambda at: at.replace(tzinfo=UTC))


@given(published=_AROUND_CHANGES, hours=st.sampled_from(TEAMS))
def test_an_answer_is_due_after_publication_and_sooner_when_more_urgent(
    published: datetime, hours: ServiceHours
) -> None:
    due = {
        urgency: respond_by(urgency, published, hours=hours, calendar=CALENDAR, settings=SETTINGS)
        for urgency in Urgency
    }

    assert due[Urgency.IMMEDIATE] - published == timedelta(hours=4)
    in_order = [published, *(due[urgency] for urgency in IN_WORKING_DAYS)]
    assert in_order == sorted(in_order)
    assert due[Urgency.SAME_DAY] > published


@given(
    times=st.tuples(_AROUND_CHANGES, _AROUND_CHANGES).map(sorted),
    hours=st.sampled_from(TEAMS),
    urgency=st.sampled_from(Urgency),
)
def test_what_is_published_later_is_never_due_earlier(
    times: list[datetime], hours: ServiceHours, urgency: Urgency
) -> None:
    first, second = (
        respond_by(urgency, at, hours=hours, calendar=CALENDAR, settings=SETTINGS) for at in times
    )

    assert first <= second


@given(published=_AROUND_CHANGES, urgency=st.sampled_from(IN_WORKING_DAYS))
def test_the_close_is_the_same_on_londons_clocks_all_year(
    published: datetime, urgency: Urgency
) -> None:
    due = respond_by(urgency, published, hours=OFFICE, calendar=CALENDAR, settings=SETTINGS)

    in_london = due.astimezone(LONDON)
    assert in_london.strftime("%H:%M") == "17:00"
    assert CALENDAR.is_working_day(in_london.date())


@pytest.mark.parametrize(
    ("at", "hours", "open_then"),
    [
        ("2026-03-06T09:00:00+00:00", OFFICE, True),
        ("2026-03-06T08:59:59+00:00", OFFICE, False),
        ("2026-03-06T17:00:00+00:00", OFFICE, False),
        ("2026-07-06T08:00:00+00:00", OFFICE, True),
        ("2026-03-07T12:00:00+00:00", OFFICE, False),
        ("2026-03-07T12:00:00+00:00", MASH, True),
        ("2026-04-03T12:00:00+01:00", OFFICE, False),
        ("2026-04-03T03:00:00+01:00", ROUND_THE_CLOCK, True),
        ("2026-03-06T12:30:00+00:00", _hours("Fri 09:00-12:00 Fri 13:00-17:00"), False),
        ("2026-03-06T13:30:00+00:00", _hours("Fri 09:00-12:00 Fri 13:00-17:00"), True),
    ],
)
def test_a_team_is_open_from_its_opening_until_just_before_its_close(
    at: str, hours: ServiceHours, open_then: bool
) -> None:
    assert is_open(hours, datetime.fromisoformat(at), calendar=CALENDAR) is open_then


def test_school_days_are_working_days_in_term_and_are_unknown_beyond_what_the_county_gave() -> None:
    bank_holiday = date(2026, 5, 4)
    terms = (
        Term(date(2026, 4, 13), date(2026, 5, 22)),
        Term(date(2026, 6, 1), date(2026, 7, 20)),
    )
    calendar = Calendar({bank_holiday: "May Day"}, {"860": terms})

    assert calendar.is_school_day("860", date(2026, 4, 13)) is True
    assert calendar.is_school_day("860", date(2026, 4, 18)) is False
    assert calendar.is_school_day("860", bank_holiday) is False
    assert calendar.is_school_day("860", date(2026, 5, 26)) is False
    assert calendar.is_school_day("860", date(2026, 4, 12)) is None
    assert calendar.is_school_day("860", date(2026, 7, 21)) is None
    assert calendar.is_school_day("999", date(2026, 4, 13)) is None
