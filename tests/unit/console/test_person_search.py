"""What is typed to find a person: taken kindly, and refused in words that say what to do."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.asking import Form
from services.console.person_page import _place
from services.console.person_search import _asked
from services.ledger.person_story import Place

AT = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)
NUMBER = "9990000018"
BY_NUMBER = {
    "nhs-number": NUMBER,
    "born-day": "11",
    "born-month": "4",
    "born-year": "1996",
    "reason": "review",
}


def told(way: str = "number", **typed: str) -> list[str]:
    """The mistakes of a form, in order."""
    form = Form({**BY_NUMBER, **{name.replace("_", "-"): text for name, text in typed.items()}})
    _asked(form, way, AT)
    return [mistake.told for mistake in form.mistakes]


@pytest.mark.parametrize("number", [NUMBER, "999 000 0018", "999-000-0018", " 9990000018 "])
def test_a_number_is_taken_as_people_write_it(number: str) -> None:
    form = Form({**BY_NUMBER, "nhs-number": number})

    asked = _asked(form, "number", AT)

    assert (form.mistakes, asked.number, asked.born) == ([], NUMBER, date(1996, 4, 11))
    assert asked.reason == "Case review"


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("", "Enter the NHS number: it has 10 digits"),
        ("999000001", "Enter the NHS number: it has 10 digits"),
        ("٩٩٩٠٠٠٠٠١٨", "Check the NHS number: a digit is wrong, or two are the wrong way round"),
        ("9990000019", "Check the NHS number: a digit is wrong, or two are the wrong way round"),
        ("9999999999", "Check the NHS number: a digit is wrong, or two are the wrong way round"),
        ("<script>", "Enter the NHS number: it has 10 digits"),
    ],
)
def test_a_number_that_cannot_be_one_is_told_kindly(number: str, answer: str) -> None:
    assert told(nhs_number=number) == [answer]


@pytest.mark.parametrize(
    ("day", "month", "year", "answer"),
    [
        ("", "", "", "Enter the date of birth"),
        ("11", "4", "", "The date of birth must include a year"),
        ("", "4", "", "The date of birth must include a day and a year"),
        ("31", "2", "1996", "The date of birth must be a real date, such as 11 4 2019"),
        ("11", "April", "1996", "The date of birth must be a real date, such as 11 4 2019"),
        ("11", "4", "96", "The date of birth must be a real date, such as 11 4 2019"),
        ("11", "4", "0000", "The date of birth must be a real date, such as 11 4 2019"),
        (
            "7",
            "3",
            "2026",
            "The date of birth must be in the past. An unborn child has an event reference",
        ),
    ],
)
def test_a_date_of_birth_that_cannot_be_one_is_told(
    day: str, month: str, year: str, answer: str
) -> None:
    assert told(born_day=day, born_month=month, born_year=year) == [answer]


def test_somebody_born_today_by_londons_clock_can_be_found() -> None:
    assert told(born_day="6", born_month="3", born_year="2026") == []


@pytest.mark.parametrize("reason", ["", "   ", "because", "<script>"])
def test_a_reason_must_be_chosen(reason: str) -> None:
    assert told(reason=reason) == ["Choose why you look at this person"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", ["Say why you look at this person"]),
        (" \t\n ", ["Say why you look at this person"]),
        ("x" * 501, ["Use 500 characters or fewer"]),
        ("a court asks", []),
    ],
)
def test_another_reason_needs_words(words: str, answer: list[str]) -> None:
    assert told(reason="other", reason_words=words) == answer


def test_every_mistake_is_told_at_once() -> None:
    assert told("name", reason="", born_year="") == [
        "Enter the given name, in full",
        "Enter the family name, in full",
        "The date of birth must include a year",
        "Choose why you look at this person",
    ]
    assert told("reference") == [
        "Enter the reference of the event",
        "Enter the person's reference in the event, such as p1",
    ]


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 2**63 - 1), st.uuids())
def test_a_place_in_a_timeline_survives_an_address(at: datetime, place: int, one: UUID) -> None:
    written = f"{at.isoformat()}/arrival/{place}/{one}"

    assert _place(Form({"after": written})) == Place(at, "arrival", place, one)


@given(st.text(max_size=80))
def test_what_is_no_place_is_the_beginning(typed: str) -> None:
    found = _place(Form({"after": typed}))

    assert found == Place() or f"{found.place}" in typed
