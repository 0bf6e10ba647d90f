"""Wording, forms, bars, rates, the content of a notice, and what npm fetched."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from schemas.values import Service
from services.console import wording
from services.console.asking import Form, a_day, digits
from services.console.assets import AssetsMissing, read_assets
from services.console.bars import bars_of
from services.console.gather_assets import gather
from services.console.missed_page import asked_for
from services.console.ordering import seen_of
from services.console.rate import Rate
from services.console.showing import Line, shown_content
from services.ledger.missed_causes import MissedCause

AT = datetime(2026, 3, 6, 2, tzinfo=UTC)


def test_every_cause_has_words() -> None:
    assert set(wording.CAUSES) == set(MissedCause)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=-5), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_an_age_is_worded_in_its_largest_unit(length: timedelta, words: str) -> None:
    assert wording.age(length) == words


def test_what_is_due_and_what_is_overdue_read_differently() -> None:
    assert wording.due_words(AT + timedelta(hours=3), AT) == "due in 3 hours"
    assert wording.due_words(AT, AT) == "overdue by 0 minutes"


def test_numbers_and_codes_are_written_as_people_read_them() -> None:
    assert wording.spaced_nhs_number("9990000018") == "999 000 0018"
    assert wording.publisher("urn:fieldfare:source:rjf-queens-ed") == "RJF queens ED"
    assert wording.event_words("fieldfare.marac.outcome.v1") == "MARAC outcome"
    assert wording.day("2019-04-11") == "11 April 2019"
    assert wording.day(None) == "Not known"
    assert wording.short(datetime(2026, 7, 1, 12, tzinfo=UTC)) == "Wed 1 Jul 13:00"
    assert wording.day_of(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026"


@pytest.mark.parametrize(("hour", "zone"), [(0, "BST"), (1, "GMT")])
def test_the_hour_that_comes_twice_in_autumn_is_told_apart(hour: int, zone: str) -> None:
    at = datetime(2026, 10, 25, hour, 30, 5, tzinfo=UTC)

    assert wording.short(at) == f"Sun 25 Oct 01:30 {zone}"
    assert wording.london(at) == f"Sun 25 October 2026, 01:30 {zone}"
    assert wording.clock(at) == f"Sun 25 Oct 01:30:05 {zone}"


@pytest.mark.parametrize(
    ("number", "thing", "words"),
    [
        (1, "duty", "1 duty"),
        (0, "duty", "0 duties"),
        (2, "day", "2 days"),
        (3, "survey", "3 surveys"),
        (1200, "event", "1,200 events"),
        (2, "pregnancy", "2 pregnancies"),
    ],
)
def test_a_number_of_things_has_the_plural_that_people_write(
    number: int, thing: str, words: str
) -> None:
    assert wording.counted(number, thing) == words


@pytest.mark.parametrize(
    "typed", ["2026-02-28", "28/2/2026", "28 02 2026", "28.2.2026", "28-2-2026"]
)
def test_a_day_is_understood_however_it_is_typed(typed: str) -> None:
    assert a_day(typed) == date(2026, 2, 28)


@pytest.mark.parametrize(
    "typed",
    ["", "yesterday", "30/2/2026", "2026", "1/1/1/1", "11/4/19", "1/1/1", "31/12/9999"],
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert a_day(typed) is None


def test_an_nhs_number_may_be_typed_with_spaces() -> None:
    assert digits("999 000-0018") == "9990000018"


def test_what_must_be_typed_is_asked_for_and_what_is_too_long_is_said() -> None:
    form = Form({"why": "   ", "note": "a" * 501, "nul": "a\0b"})

    form.needed("why", "Say why")
    form.short("note")

    assert [(m.field, m.told) for m in form.mistakes] == [
        ("why", "Say why"),
        ("note", "Use 500 characters or fewer"),
    ]
    assert "\0" not in (form.text("nul") or "")


@pytest.mark.parametrize(("given", "seen"), [("12", 12), ("", None), ("x", None), ("9" * 30, None)])
def test_the_last_change_that_was_seen_is_a_number_or_none(given: str, seen: int | None) -> None:
    assert seen_of(Form({"seen": given})) == seen


def test_a_filter_is_understood_and_what_is_not_is_left_out_and_said() -> None:
    asked = asked_for(
        Form({"from": "1/2/2026", "to": "x", "service": "gp", "cause": "nonsense", "district": ""})
    )

    assert asked.which.service is Service.GP
    assert asked.which.cause is None
    assert asked.which.since == datetime(2026, 2, 1, tzinfo=UTC)
    assert [mistake.field for mistake in asked.mistakes] == ["to", "cause"]
    assert asked.query == "from=1%2F2%2F2026&to=x&service=gp&cause=nonsense"


def test_a_period_that_ends_before_it_begins_is_said() -> None:
    asked = asked_for(Form({"from": "2026-02-02", "to": "2026-02-01"}))

    assert [mistake.field for mistake in asked.mistakes] == ["to"]


def test_bars_are_as_high_as_their_counts_and_never_nothing_for_something() -> None:
    none, one, many = bars_of(["a", "b", "c"], [0, 1, 1000])

    assert (none.height, one.height, many.height) == (0, 2, 100)
    assert (none.x, one.x, many.y) == (0, 20, 0)
    assert bars_of([], []) == ()


def test_a_rate_counts_each_by_itself_and_forgets_what_is_long_ago() -> None:
    rate = Rate(2, timedelta(minutes=1))

    assert [rate.allows("a", AT) for _ in range(3)] == [True, True, False]
    assert rate.allows("b", AT)
    assert rate.allows("a", AT + timedelta(minutes=1))


def test_nothing_of_a_content_is_left_out() -> None:
    lines = shown_content(
        {
            "risk": "high",
            "incident_types": ["coercive_control", "physical"],
            "children_present": True,
            "people": [{"name": {"given": "Asha", "family": "Example"}, "role": "victim"}],
            "arrived_at": "2026-03-06T02:00:00+00:00",
            "due": "2026-08-20",
            "summary": "She said <b>no</b>.",
            "nhs_number": "9990000018",
            "empty": [],
        }
    )

    assert lines == (
        Line("Risk", "High"),
        Line("Incident types", "Coercive control, Physical"),
        Line("Children present", "Yes"),
        Line("People", ""),
        Line("Name", "Asha Example", 1),
        Line("Role", "Victim", 1),
        Line("Arrived at", "Fri 6 March 2026, 02:00"),
        Line("Due", "20 August 2026"),
        Line("Summary", "She said <b>no</b>."),
        Line("NHS number", "999 000 0018"),
    )


def test_without_assets_the_console_does_not_start_and_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match="make setup"):
        read_assets(tmp_path / "nowhere")


def test_styles_that_would_ask_another_host_are_not_taken(tmp_path: Path) -> None:
    styles = tmp_path / "packages" / "nhsuk-frontend" / "dist" / "nhsuk" / "nhsuk-frontend.min.css"
    styles.parent.mkdir(parents=True)
    styles.write_text("body{background:url(//elsewhere.example/a.png)}")

    with pytest.raises(ValueError, match="another host"):
        gather(tmp_path / "packages", tmp_path / "into")
