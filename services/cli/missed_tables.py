"""What was missed, as a page for people and as CSV; nobody's name or number."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.wording import counted, plain, short_london_time
from services.ledger.missed import Missed
from services.ledger.missed_causes import MissedCause
from services.ledger.missed_csv import csv_heading, csv_row, printable

_COLUMNS = ("Cause", "Since", "Age", "Event", "Person", "Service", "Recipient", "Owner now", "Due")
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def missed_page(rows: Sequence[Missed], counts: Mapping[MissedCause, int]) -> RenderableType:
    """One page of rows, and how many there are of each cause on all pages."""
    total = sum(counts.values())
    if not rows and not total:
        return Text("nothing was missed")
    table = Table(box=None, pad_edge=False)
    for name in _COLUMNS:
        table.add_column(name, no_wrap=name != "Event")
    table.add_column("What to do next")
    for row in rows:
        table.add_row(*map(printable, _cells(row)))
    return Group(table, Text(), *_summary(len(rows), counts))


def csv_of_missed(rows: Iterable[Missed]) -> str:
    """The rows as CSV, with a heading; no cell can be taken for a formula by a spreadsheet."""
    return csv_heading() + "".join(map(csv_row, rows))


def _cells(row: Missed) -> tuple[str, ...]:
    event = row.event.id if row.event else None
    return (
        plain(row.cause),
        short_london_time(row.since),
        _age(row.age),
        event or row.publisher or str(row.dead_letter_id or ""),
        row.person or "",
        "not known" if row.service is None else row.service,
        row.recipient or "",
        row.owner or "ended",
        "" if row.due is None else short_london_time(row.due),
        row.next if row.because is None else f"{row.next} ({row.because})",
    )


def _summary(shown: int, counts: Mapping[MissedCause, int]) -> list[Text]:
    total = sum(counts.values())
    lines = [Text(f"{number:7,}  {plain(cause)}") for cause, number in counts.items()]
    more = "" if shown >= total else f", {shown:,} shown; --all shows all"
    return [*lines, Text(f"{counted(total, 'missed notification')}{more}")]


def _age(age: timedelta) -> str:
    if age < _HOUR:
        return f"{age // timedelta(minutes=1)} min"
    return f"{age // _HOUR} h" if age < 2 * _DAY else f"{age // _DAY} days"
