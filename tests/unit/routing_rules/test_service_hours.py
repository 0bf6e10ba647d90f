from datetime import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from routing_rules.service_hours import ROUND_THE_CLOCK, Session, read_hours
from routing_rules.source_text import Position, Problems, Scalar

PLACE = Position("directory/teams.csv", 3, 7)
EXAMPLE = "write '24h' or as 'Mon-Fri 09:00-17:00 Sat 09:00-13:00'"


def test_days_and_spans_are_read_in_the_order_of_the_week() -> None:
    problems = Problems()

    hours = read_hours(Scalar("Sat 09:00-13:00  Thu-Fri 08:00-18:00", PLACE), problems)

    assert problems.found == []
    assert hours is not None
    assert hours.text == "Sat 09:00-13:00 Thu-Fri 08:00-18:00"
    assert hours.sessions == (
        Session(3, time(8), time(18)),
        Session(4, time(8), time(18)),
        Session(5, time(9), time(13)),
    )
    assert not hours.always_open


def test_round_the_clock_has_no_sessions() -> None:
    hours = read_hours(Scalar(" 24h ", PLACE), Problems())

    assert hours == ROUND_THE_CLOCK
    assert ROUND_THE_CLOCK.always_open


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"'' are not hours; {EXAMPLE}"),
        ("always", f"'always' are not hours; {EXAMPLE}"),
        ("Mon-Fri 9:00-17:00", f"'Mon-Fri 9:00-17:00' are not hours; {EXAMPLE}"),
        ("Mon 09:00-24:00", f"'Mon 09:00-24:00' are not hours; {EXAMPLE}"),
        ("Mon 09:00-17:00 and", f"'Mon 09:00-17:00 and' are not hours; {EXAMPLE}"),
        ("Mon 17:00-09:00", "'Mon 17:00-09:00': it closes before it opens"),
        ("Mon 09:00-09:00", "'Mon 09:00-09:00': it closes before it opens"),
        (
            "Mon 09:00-10:00 Fri-Mon 11:00-12:00",
            "'Mon 09:00-10:00 Fri-Mon 11:00-12:00': its days run backwards",
        ),
        (
            "Mon-Fri 09:00-17:00 Tue 16:00-18:00",
            "'Mon-Fri 09:00-17:00 Tue 16:00-18:00': two spans of one day overlap",
        ),
    ],
)
def test_hours_that_cannot_be_understood_are_problems_where_they_stand(
    text: str, message: str
) -> None:
    problems = Problems()

    assert read_hours(Scalar(text, PLACE), problems) is None
    assert [str(problem) for problem in problems.found] == [f"directory/teams.csv:3:7: {message}"]


@given(st.text(alphabet="MonTueWdhFriSatu 0123456789:-4h\u0661", max_size=40))
@example("\u0661\u0661h")
def test_any_text_gives_hours_or_one_problem(text: str) -> None:
    problems = Problems()

    hours = read_hours(Scalar(text, PLACE), problems)

    assert (hours is None) == (len(problems.found) == 1)
