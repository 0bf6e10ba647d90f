"""Before the start of the next school day (P03), and otherwise by the next working day."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.clocks import due_by
from routing_rules.directory import Team
from schemas.values import Urgency
from tests.builders import rulebook_files, rulebook_with, staffordshire

ON = date(2026, 3, 6)
NURSES = "RYW:school-nursing:E07000193"
NEXT = Urgency.NEXT_WORKING_DAY


def team(recipient: str = NURSES) -> Team:
    found = staffordshire().directory.team_by_recipient(recipient, ON)
    assert found is not None
    return found


def due(published: str, urgency: Urgency = NEXT, recipient: str = NURSES) -> str:
    at = datetime.fromisoformat(published)
    found = due_by(staffordshire(), urgency, at, team(recipient))
    assert found.tzinfo is UTC
    return found.strftime("%Y-%m-%dT%H:%MZ")


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2026-03-04T14:00:00+00:00", "2026-03-05T09:00Z"),
        ("2026-03-04T22:10:00+00:00", "2026-03-05T10:00Z"),
        ("2026-03-05T07:30:00+00:00", "2026-03-05T10:00Z"),
        ("2026-03-05T09:00:00+00:00", "2026-03-06T09:00Z"),
        ("2026-03-06T22:10:00+00:00", "2026-03-09T10:00Z"),
        ("2026-03-26T12:00:00+00:00", "2026-03-27T09:00Z"),
        ("2026-03-27T18:00:00+00:00", "2026-03-30T16:00Z"),
        ("2026-04-02T18:00:00+01:00", "2026-04-07T16:00Z"),
        ("2026-12-18T15:00:00+00:00", "2026-12-21T17:00Z"),
        ("2026-06-05T22:00:00+01:00", "2026-06-08T09:00Z"),
        ("2040-03-07T14:00:00+00:00", "2040-03-08T17:00Z"),
    ],
    ids=[
        "the team can still work on it today",
        "at night: its first hour",
        "before school on the day itself",
        "as school starts it is the next day's",
        "over a week-end",
        "the last day of term",
        "in the holidays: the working day, into summer time",
        "in the Easter holidays and over bank holidays",
        "before Christmas",
        "in summer nine o'clock is eight in UTC",
        "beyond the terms that are known: the working day",
    ],
)
def test_school_nursing_answers_before_the_next_school_day(published: str, expected: str) -> None:
    assert due(published) == expected


def test_what_is_due_the_same_day_is_never_due_after_what_is_due_the_next() -> None:
    assert due("2026-03-04T17:30:00+00:00", Urgency.SAME_DAY) == "2026-03-05T10:00Z"


def test_routine_and_immediate_keep_their_own_clocks() -> None:
    assert due("2026-03-04T14:00:00+00:00", Urgency.ROUTINE) == "2026-03-06T17:00Z"
    assert due("2026-03-04T14:00:00+00:00", Urgency.IMMEDIATE) == "2026-03-04T18:00Z"


def test_other_services_have_no_school_clock() -> None:
    assert due("2026-03-04T14:00:00+00:00", NEXT, "R1E:health-visiting:E07000193") == (
        "2026-03-05T17:00Z"
    )


def test_where_no_council_is_known_the_working_day_counts() -> None:
    files = rulebook_files("staffordshire")
    teams = files["directory/teams.csv"].splitlines()
    without = "\n".join(line for line in teams if not line.startswith("860:social-care,"))
    rulebook = rulebook_with(**{"directory/teams.csv": without})
    at = datetime(2026, 3, 4, 14, tzinfo=UTC)

    assert due_by(rulebook, NEXT, at, team()) == datetime(2026, 3, 5, 17, tzinfo=UTC)


PUBLISHED = st.one_of(
    *(
        st.datetimes(datetime(*first), datetime(*last))  # noqa: DTZ001 - made aware below
        for first, last in (
            ((2026, 3, 20), (2026, 4, 14)),
            ((2026, 10, 20), (2026, 11, 3)),
            ((2026, 12, 15), (2027, 1, 6)),
            ((2025, 8, 1), (2029, 1, 1)),
        )
    )
).map(lambda at: at.replace(tzinfo=UTC))


@given(times=st.tuples(PUBLISHED, PUBLISHED).map(sorted), urgency=st.sampled_from(Urgency))
def test_what_is_published_later_is_never_due_earlier(
    times: list[datetime], urgency: Urgency
) -> None:
    first, second = (due_by(staffordshire(), urgency, at, team()) for at in times)

    assert times[0] < first <= second


@given(published=PUBLISHED)
def test_urgency_keeps_its_order_under_the_school_clock(published: datetime) -> None:
    dues = [
        due_by(staffordshire(), urgency, published, team())
        for urgency in (Urgency.SAME_DAY, NEXT, Urgency.ROUTINE)
    ]

    assert dues == sorted(dues)
