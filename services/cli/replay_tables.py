"""What a replay found, as a page for people, as CSV and as JSON; nobody's name or number."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic_core import to_json
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from routing_rules.replaying import Change
from schemas.values import NotificationKind
from services.cli.wording import counted, event_words, london_time, plain, short_london_time
from services.ledger.missed_csv import harmless, printable
from services.replay.found import Found, week_of
from services.replay.report import Counts, ReplayReport

_COLUMNS = (
    "change",
    "occurred_at",
    "week",
    "source",
    "event_id",
    "event_type",
    "occurrence_id",
    "person",
    "service",
    "district",
    "recipient",
    "kind",
    "elsewhere",
    "rules",
    "duty_id",
    "notification_id",
)


def replay_page(report: ReplayReport, *, limit: int) -> RenderableType:
    """The counts, then one row a difference, `limit` of them at most."""
    heading = Text(
        f"{report.rulebook}\n{counted(report.events, 'event')} of "
        f"{counted(report.occurrences, 'occurrence')}, "
        f"{counted(report.decided, 'occurrence')} decided again{_period(report)}"
    )
    if not report.found:
        return Group(heading, Text("nobody would have been told otherwise"))
    shown = report.found[:limit]
    more = "" if len(shown) == len(report.found) else f", {len(shown):,} shown; --csv has all"
    return Group(
        heading,
        Text(),
        _counts("Service", {plain(name): each for name, each in report.by_service().items()}),
        Text(),
        _counts("District", report.by_district()),
        Text(),
        _counts("Week of", report.by_week()),
        Text(),
        _rows(shown),
        Text(
            f"{report.newly_told:,} would have been told,"
            f" {report.no_longer_told:,} would not have been{more}"
        ),
    )


def csv_of_replay(report: ReplayReport) -> str:
    """The differences as CSV, with a heading; no cell is a formula to a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for found in report.found:
        writer.writerow([harmless(_cell(value)) for value in _fields(found).values()])
    return text.getvalue()


def json_of_replay(report: ReplayReport) -> str:
    """The counts and the differences as indented JSON."""
    return to_json(
        {
            "rulebook": report.rulebook,
            "from": report.since,
            "to": report.until,
            "events": report.events,
            "occurrences": report.occurrences,
            "decided_again": report.decided,
            "by_service": report.by_service(),
            "by_district": report.by_district(),
            "by_week": report.by_week(),
            "differences": [_fields(found) for found in report.found],
        },
        indent=2,
    ).decode()


def _fields(found: Found) -> Mapping[str, object]:
    """One difference in the columns of `_COLUMNS`, in their order."""
    telling = found.difference.telling
    values: tuple[object, ...] = (
        found.difference.change.value,
        found.occurred_at,
        week_of(found.occurred_at),
        found.source,
        found.event_id,
        found.type.value,
        found.occurrence_id,
        telling.ref,
        telling.service.value,
        telling.district,
        telling.recipient,
        telling.kind.value,
        found.difference.elsewhere,
        telling.rules,
        telling.duty_id,
        telling.notification_id,
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat()
        case tuple():
            return " ".join(map(str, value))
        case _:
            return str(value)


def _counts(name: str, counts: Mapping[str, Counts]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(name)
    table.add_column("Would have been told", justify="right")
    table.add_column("Would not have been", justify="right")
    for key, each in counts.items():
        table.add_row(key, f"{each.newly_told:,}", f"{each.no_longer_told:,}")
    return table


def _rows(shown: Sequence[Found]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("", "Happened", "Event", "What", "Person", "Service", "Recipient", "Note"):
        table.add_column(name, no_wrap=name not in {"Event", "Note"})
    for found in shown:
        table.add_row(*(printable(cell) for cell in _cells(found)))
    return table


def _cells(found: Found) -> Iterable[str]:
    telling, is_new = found.difference.telling, found.difference.change is Change.NEWLY_TOLD
    return (
        "+" if is_new else "-",
        short_london_time(found.occurred_at),
        found.event_id,
        event_words(found.type),
        telling.ref,
        plain(telling.service),
        telling.recipient,
        _note(found),
    )


def _note(found: Found) -> str:
    telling, parts = found.difference.telling, list(found.difference.telling.rules)
    if telling.kind is NotificationKind.EXCEPTION:
        parts.append("MASH instead of them")
    if found.difference.elsewhere:
        parts.append("the service is told either way, by another recipient")
    return "; ".join(parts)


def _period(report: ReplayReport) -> str:
    """From when to when, where that was said."""
    said = report.since.year > 1900 or report.until.year < 3000
    if not said:
        return ""
    return f"\nhappened from {london_time(report.since)} to {london_time(report.until)}"
