"""`fieldfare rules live`, `versions` and `export`: which rulebook it is, by whose word."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.exit_codes import ExitCode
from services.cli.ledger_asking import AsJson, ask_ledger, print_json
from services.cli.rulebook_kept import kept_files
from services.cli.rulebook_pages import live_lines, record_json, version_lines
from services.ledger.rulebook_record import Record, VersionRefused, read_record
from services.ledger.rulebook_watching import Unfit, unfit_processes
from services.runtime.clock import Clock
from services.runtime.postgres import Pool, reading
from services.runtime.rulebook_files import loaded_from

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_Known = tuple[Record, tuple[Unfit, ...], Clock]


def live(as_json: AsJson = False) -> None:
    """Say which rulebook is live, and by whose word. 1 if none is, or a process cannot load it."""
    record, unfit, clock = _ask()
    at = clock.now()
    now_live = record.live(at)
    if as_json:
        print_json(record_json(record, unfit, at))
    else:
        for line in live_lines(record, unfit, at):
            typer.echo(line)
    if now_live is None or unfit:
        raise typer.Exit(ExitCode.NO)
    loaded_from(*kept_files(now_live.content_hash))


def versions(as_json: AsJson = False) -> None:
    """List every version that was ever proposed or used, who signed it, and when it was live."""
    record, unfit, clock = _ask()
    if as_json:
        print_json(record_json(record, unfit, clock.now()))
        return
    for line in version_lines(record, clock.now()):
        typer.echo(line)


def export(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="`live`, or its hash.")],
    folder: Annotated[Path, typer.Argument(help="An empty or new folder.")],
) -> None:
    """Write a version's files to a folder: where a change begins."""
    named, files = kept_files(version)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise VersionRefused(f"{folder} is not empty")
    for path, text in files.items():
        own = folder / path
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(text, "utf-8", newline="\n")
    typer.echo(f"{named} is in {folder}")


def _ask() -> _Known:
    async def ask(pool: Pool, clock: Clock) -> _Known:
        async with reading(pool) as connection:
            record = await read_record(connection)
            return record, await unfit_processes(connection, at=clock.now()), clock

    return ask_ledger(ask)


for each in (live, versions, export):
    app.command()(each)
