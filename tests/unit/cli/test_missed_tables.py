"""The page and the CSV of what was missed."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console
from rich.table import Table

from services.cli.ledger_asking import print_shown
from services.cli.missed_tables import csv_of_missed, missed_page
from services.ledger.missed import EventNamed, Missed
from services.ledger.missed_causes import Awaits, MissedCause

AT = datetime(2026, 3, 6, 12, tzinfo=UTC)


def a_miss(**known: Any) -> Missed:
    given: dict[str, Any] = {
        "cause": MissedCause.NOT_ACKNOWLEDGED,
        "since": AT,
        "age": timedelta(days=3),
        "ended_at": None,
        "occurred_at": AT,
        "event": EventNamed("urn:fieldfare:source:staffordshire-police", "e1", "t"),
        "occurrence_id": UUID(int=1),
        "dead_letter_id": None,
        "publisher": None,
        "person": "p1",
        "service": "midwifery",
        "district": "E07000193",
        "recipient": "RJF:midwifery",
        "owner": "RJF:safeguarding",
        "due": AT,
        "awaits": Awaits.ACKNOWLEDGEMENT,
        "because": None,
        "next": "The owner reads it.",
        "duty_ids": (UUID(int=2),),
        "cursor": "c",
    }
    return Missed(**{**given, **known})


def page(*rows: Missed, **counts: int) -> list[str]:
    console = Console(width=240, file=io.StringIO(), color_system=None)
    with console.capture() as captured:
        console.print(missed_page(rows, {MissedCause(c): n for c, n in counts.items()}))
    return [line.rstrip() for line in captured.get().splitlines()]


def test_a_row_says_who_owns_it_since_when_and_what_is_next() -> None:
    heading, row, *_, total = page(a_miss(), not_acknowledged=1)

    assert heading.split("  ")[0] == "Cause"
    for said in ("not acknowledged", "Fri 6 Mar 12:00", "3 days", "e1", "p1", "RJF:safeguarding"):
        assert said in row
    assert row.endswith("The owner reads it.")
    assert total == "1 missed notification"


def test_the_page_says_how_much_more_there_is() -> None:
    lines = page(a_miss(), not_acknowledged=7, late=5)

    assert "      5  late" in lines
    assert lines[-1] == "12 missed notifications, 1 shown; --all shows all"


def test_nothing_is_said_plainly() -> None:
    assert page() == ["nothing was missed"]


@pytest.mark.parametrize(
    ("age", "said"), [(timedelta(minutes=5), "5 min"), (timedelta(hours=47), "47 h")]
)
def test_ages_are_in_words_that_fit(age: timedelta, said: str) -> None:
    assert said in page(a_miss(age=age), late=1)[1]


def test_what_is_not_known_is_said_to_be_not_known() -> None:
    gap = a_miss(event=None, publisher="rjf-queens-ed", person=None, service=None, due=None)

    row = page(gap, source_gap=1)[1]

    assert "rjf-queens-ed" in row
    assert "not known" in row


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_the_csv_is_a_formula(evil: str) -> None:
    text = csv_of_missed([a_miss(person=evil, event=EventNamed(evil, evil, None))])

    _, row = csv.reader(io.StringIO(text))
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert len([cell for cell in row if cell.startswith("'")]) == 3


def test_nothing_that_a_publisher_chose_moves_a_terminals_cursor() -> None:
    evil = a_miss(person="p1\x1b[2J\n", event=EventNamed("s", "e\x07", None))

    assert all("\x1b" not in line and "\x07" not in line for line in page(evil, late=1))
    assert "\x1b" not in csv_of_missed([evil])


def test_the_csv_names_every_duty_and_ends_every_line() -> None:
    text = csv_of_missed([a_miss(duty_ids=(UUID(int=2), UUID(int=3)))])

    [row] = csv.DictReader(io.StringIO(text))
    assert row["duty_ids"].split() == [str(UUID(int=2)), str(UUID(int=3))]
    assert row["age_hours"] == "72.0"
    assert row["cause"] == "not_acknowledged"
    assert text.endswith("\n")


def test_what_a_publisher_wrote_in_brackets_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    """An event's id must not be able to hide a row, or to stop the whole page."""
    table = Table()
    table.add_column("Event")
    for event_id in ("e1[/x]", "e2 [conceal]hidden[/conceal]", "e3 :warning:"):
        table.add_row(event_id)

    print_shown(table)

    shown = capsys.readouterr().out
    assert all(each in shown for each in ("e1[/x]", "[conceal]hidden[/conceal]", ":warning:"))
