"""`fieldfare rules replay`: the past through another rulebook, and issuing late what it tells."""

from importlib import import_module
from typing import Annotated

import typer

from services.cli.replay_options import ReplayOptions


def replay(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    new: Annotated[
        str,
        typer.Argument(
            metavar="NEW",
            help="A folder, the name of a rulebook that ships, or REVISION:PATH in git.",
        ),
    ],
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="It happened on this day or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="It happened on this day or before.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV, safe for spreadsheets.")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=1, max=100_000, help="Show so many at most; files have all.")
    ] = 100,
    processes: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="Processes; else one more than cores."),
    ] = None,
    issue: Annotated[
        bool, typer.Option("--issue", help="Issue, late, what should have been told.")
    ] = False,
    by: Annotated[str, typer.Option("--by", help="With --issue: who orders it, by name.")] = "",
    why: Annotated[str, typer.Option("--why", help="With --issue: the reason; it is kept.")] = "",
) -> None:
    """Who would have been told of stored events by another rulebook, and who not.

    Needs the ledger, and changes nothing in it without --issue. Exit code 0 if nobody would have
    been told otherwise, 1 if somebody would; with --issue 0 if all of it was done.
    """
    if as_json and as_csv:
        raise typer.BadParameter("--json or --csv, not both")
    if not issue and (by or why):
        raise typer.BadParameter("--by and --why go with --issue")
    options = ReplayOptions(
        new, since, until, as_json, as_csv, limit, processes, issue=issue, by=by, why=why
    )
    # the other commands about rules need no database, and do not wait for its driver
    import_module("services.cli.replaying").run_replay(options)
