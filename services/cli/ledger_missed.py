"""`fieldfare ledger missed`: every notification that should have happened and did not, or late."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from schemas.values import Service
from services.cli.exit_codes import ExitCode
from services.cli.ledger_asking import AsJson, Limit, ask_ledger, print_json, print_shown
from services.cli.missed_tables import csv_of_missed, missed_page
from services.cli.period import moment
from services.ledger.missed import (
    CursorUnusable,
    Missed,
    MissedFilter,
    all_missed,
    count_missed,
    list_missed,
    read_cursor,
)
from services.ledger.missed_causes import MissedCause
from services.runtime.clock import Clock
from services.runtime.postgres import Pool

_DISTRICT = re.compile(r"[A-Z]\d{8}")
_WIDTH = 260


def missed(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="It happened on this day or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="It happened on this day or before.")
    ] = None,
    service: Annotated[Service | None, typer.Option(help="It should have been told.")] = None,
    district: Annotated[
        str | None, typer.Option(metavar="CODE", help="Home district, as in E07000193.")
    ] = None,
    cause: Annotated[MissedCause | None, typer.Option()] = None,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV, safe for spreadsheets.")
    ] = False,
    limit: Limit = 100,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    after: Annotated[
        str | None, typer.Option(metavar="CURSOR", help="Go on behind this row of --json.")
    ] = None,
) -> None:
    """What should have been told and was not, or late: who, why, and who owns it now.

    One row an event, person and service, with one cause. 1 if anything was missed.
    """
    if as_json and as_csv:
        raise typer.BadParameter("--json or --csv, not both")
    which = MissedFilter(service=service, district=_district(district), cause=cause, limit=limit)
    which = _behind(_in_period(which, since, until), after)

    async def ask(pool: Pool, clock: Clock) -> tuple[Sequence[Missed], Mapping[MissedCause, int]]:
        at = clock.now()
        counts = {} if as_json or as_csv else await count_missed(pool, which, at=at)
        if everything:
            return [each async for each in all_missed(pool, which, at=at)], counts
        return await list_missed(pool, which, at=at), counts

    rows, counts = ask_ledger(ask)
    if as_json:
        print_json(rows)
    elif as_csv:
        typer.echo(csv_of_missed(rows), nl=False)
    else:
        print_shown(missed_page(rows, counts), width=_WIDTH)
    if rows or counts:
        raise typer.Exit(ExitCode.NO)


def _in_period(which: MissedFilter, since: str | None, until: str | None) -> MissedFilter:
    if since is not None:
        which = replace(which, since=moment(since, "--from", days=0))
    if until is not None:
        which = replace(which, until=moment(until, "--to", days=1))
    if which.until <= which.since:
        raise typer.BadParameter("--to is before --from")
    return which


def _behind(which: MissedFilter, after: str | None) -> MissedFilter:
    if after is None:
        return which
    try:
        return replace(which, after=read_cursor(after))
    except CursorUnusable as error:
        raise typer.BadParameter(str(error)) from None


def _district(code: str | None) -> str | None:
    """A mistyped code would find nothing, which reads as if nothing had been missed."""
    if code is not None and not _DISTRICT.fullmatch(code):
        raise typer.BadParameter("--district is an ONS code such as E07000193")
    return code
