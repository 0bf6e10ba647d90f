"""`fieldfare ledger sources`: whether anything is missing of what came from whom on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from routing_rules.sources import LONDON
from services.cli.exit_codes import ExitCode
from services.cli.ledger_asking import AsJson, ask_ledger, print_json, print_shown
from services.cli.wording import short_london_time
from services.ledger.live_rulebook import rulebook_live
from services.ledger.source_statements import SourcesOnDay, in_a_sentence, sources_on
from services.ledger.source_watching import OpenFinding
from services.runtime.clock import Clock
from services.runtime.postgres import Pool, reading

_COMPLETE = {True: "yes", False: "NO", None: "not proved"}


def sources(
    day: Annotated[
        str | None, typer.Option(metavar="DAY", help="In London, as 2026-03-06; else today.")
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="PUBLISHER", help="Only this one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Whether anything is missing of what each source published on a day. 1 if so.

    What is not counted cannot be proved to be complete: it is compared with what is usual.
    """
    asked = None if day is None else _day(day)

    async def ask(pool: Pool, clock: Clock) -> tuple[date, SourcesOnDay]:
        on = asked or clock.now().astimezone(LONDON).date()
        async with reading(pool) as connection:
            rulebook = await rulebook_live(connection, at=clock.now())
        return on, await sources_on(pool, rulebook, on, publisher=source)

    on, answer = ask_ledger(ask)
    if not answer.statements:
        raise typer.BadParameter(f"no source is named {source}")
    if as_json:
        print_json(_document(on, answer))
    else:
        print_shown(sources_page(on, answer))
    if any(each.is_complete is False for each in answer.statements):
        raise typer.Exit(ExitCode.NO)


def sources_page(on: date, answer: SourcesOnDay) -> RenderableType:
    """The statements, one a line, and what is wrong with sources now."""
    table = Table(box=None, pad_edge=False)
    for name in ("Source", "Complete", "Statement"):
        table.add_column(name, no_wrap=name != "Statement")
    for each in answer.statements:
        style = "red" if each.is_complete is False else ""
        table.add_row(each.publisher, _COMPLETE[each.is_complete], in_a_sentence(each), style=style)
    return Group(Text(f"Sources on {on}", style="bold"), table, *_wrong(answer.findings))


def _wrong(findings: Sequence[OpenFinding]) -> list[RenderableType]:
    if not findings:
        return []
    table = Table(box=None, pad_edge=False)
    for name in ("Since", "Source", "What is wrong now"):
        table.add_column(name, no_wrap=name == "Since")
    for each in findings:
        since = short_london_time(each.opened_at)
        table.add_row(since, each.publisher, str(each.detail.get("because", each.kind.value)))
    return [Text(), table]


def _document(on: date, answer: SourcesOnDay) -> dict[str, Any]:
    return {
        "day": on,
        "sources": [
            {
                "source": each.publisher,
                "counted": each.counted,
                "is_complete": each.is_complete,
                "received": each.tally.received,
                "unreadable": each.tally.unreadable,
                "first_number": each.tally.lowest,
                "last_number": each.tally.highest,
                "missing": [list(run) for run in each.missing],
                "daily_count": each.tally.said,
                "expected": round(each.expected, 1),
                "statement": in_a_sentence(each),
            }
            for each in answer.statements
        ],
        "findings": [
            {
                "source": each.publisher,
                "finding": each.kind,
                "since": each.opened_at,
                "duty_id": each.duty_id,
                **each.detail,
            }
            for each in answer.findings
        ],
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"not a day: {text}; write it as 2026-03-06") from None
