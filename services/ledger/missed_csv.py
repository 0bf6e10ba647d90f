"""What was missed as CSV, safe for spreadsheets; nobody's name or number."""

import csv
import io
from datetime import datetime, timedelta

from services.ledger.missed import Missed

COLUMNS = (
    "cause",
    "since",
    "age_hours",
    "occurred_at",
    "source",
    "event_id",
    "person",
    "service",
    "district",
    "recipient",
    "owner",
    "due",
    "ended_at",
    "awaits",
    "because",
    "next",
    "duty_ids",
    "dead_letter_id",
)
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HOUR = timedelta(hours=1)


def csv_heading() -> str:
    """The first line."""
    return _line(COLUMNS)


def csv_row(row: Missed) -> str:
    """One line; no cell can be taken for a formula by a spreadsheet."""
    return _line([harmless(cell) for cell in _cells(row)])


def printable(cell: str) -> str:
    """Without what would move a terminal's cursor or end a line."""
    return "".join(character if character.isprintable() else "?" for character in cell)


def _line(cells: tuple[str, ...] | list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _cells(row: Missed) -> tuple[str, ...]:
    event = row.event
    return (
        row.cause.value,
        row.since.isoformat(),
        f"{row.age / _HOUR:.1f}",
        row.occurred_at.isoformat(),
        (event.source if event else row.publisher) or "",
        (event.id if event else None) or "",
        row.person or "",
        row.service or "",
        row.district or "",
        row.recipient or "",
        row.owner or "",
        _iso(row.due),
        _iso(row.ended_at),
        row.awaits.value,
        row.because or "",
        row.next,
        " ".join(map(str, row.duty_ids)),
        str(row.dead_letter_id or ""),
    )


def harmless(cell: str) -> str:
    """Publishers choose the ids of events and people; a spreadsheet runs what begins like this."""
    shown = printable(cell)
    return f"'{shown}" if cell.startswith(_STARTS_A_FORMULA) else shown


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()
