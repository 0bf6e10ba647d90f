"""`fieldfare ledger`: what the ledger holds, without anybody's name or number."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from pydantic_core import to_json
from rich.console import Console, RenderableType

from schemas.values import DutyState, Service
from services.cli.exit_codes import ExitCode
from services.cli.ledger_tables import duties_table, event_page, queue_table
from services.ledger.migrate import migrate as apply_migrations
from services.ledger.reading import (
    DutyFilter,
    DutyFound,
    EventFound,
    Queued,
    find_events,
    list_duties,
    list_queue,
)
from services.runtime.clock import Clock, choose_clock
from services.runtime.postgres import Pool, open_pool
from services.runtime.settings import read_settings
from services.sandbox.addresses import settings_of_sandbox

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

_SOURCE = "urn:fieldfare:source:"
_WIDTH_OF_FILES = 180
_Answer = TypeVar("_Answer")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="Show so many at most.")]


@app.callback()
def ledger() -> None:
    """What arrived, what is owed to whom, and what waits; nobody's name or number."""


@app.command()
def event(
    event_id: Annotated[str, typer.Argument(metavar="ID", help="The event's CloudEvents id.")],
    source: Annotated[
        str | None, typer.Option(help="Its source, or only the publisher; else any.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What became of an event: what is owed for it, who is not told, and why. 1 if unknown."""
    urn = source if source is None or ":" in source else f"{_SOURCE}{source}"

    async def ask(pool: Pool, _clock: Clock) -> list[tuple[EventFound, tuple[DutyFound, ...]]]:
        found = await find_events(pool, event_id, source=urn)
        return [
            (each, await list_duties(pool, DutyFilter(occurrence_id=each.occurrence_id)))
            for each in found
        ]

    answer = _ask(ask)
    if as_json:
        _print_json([{"event": found, "duties": duties} for found, duties in answer])
    for found, duties in answer if not as_json else ():
        _print(event_page(found, duties))
    if not answer:
        typer.echo(f"no event {event_id} is in the ledger", err=True)
        raise typer.Exit(ExitCode.NO)


@app.command()
def duties(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    recipient: Annotated[str | None, typer.Option(help="As in RJF:midwifery.")] = None,
    state: Annotated[DutyState | None, typer.Option()] = None,
    service: Annotated[Service | None, typer.Option()] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Open, and past their time.")] = False,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """Duties, the soonest due first."""

    async def ask(pool: Pool, clock: Clock) -> tuple[DutyFound, ...]:
        overdue_at = clock.now() if overdue else None
        which = DutyFilter(service, recipient, state, overdue_at=overdue_at, limit=limit)
        return await list_duties(pool, which)

    found = _ask(ask)
    _print_json(found) if as_json else _print(duties_table(found))


@app.command()
def queue(
    recipient: Annotated[str, typer.Argument(help="As in RJF:midwifery.")],
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """What went to a recipient and what waits to go, the newest first."""

    async def ask(pool: Pool, _clock: Clock) -> tuple[Queued, ...]:
        return await list_queue(pool, recipient, limit=limit)

    found = _ask(ask)
    _print_json(found) if as_json else _print(queue_table(found))


@app.command()
def migrate() -> None:
    """Bring the ledger's tables to this release; doing it again changes nothing."""

    async def ask(pool: Pool, clock: Clock) -> tuple[str, ...]:
        return await apply_migrations(pool, at=clock.now())

    applied = _ask(ask)
    for name in applied:
        typer.echo(f"applied {name}")
    typer.echo("the ledger is of this release")


def _ask(ask: Callable[[Pool, Clock], Awaitable[_Answer]]) -> _Answer:
    settings = settings_of_sandbox(read_settings(), needs="FIELDFARE_POSTGRES__DSN")
    dsn = settings.postgres.dsn
    assert dsn is not None  # noqa: S101 - or the line above had raised

    async def connected() -> _Answer:
        async with open_pool(
            dsn.get_secret_value(), size=1, application_name="fieldfare-ledger"
        ) as pool:
            return await ask(pool, choose_clock(settings.clock.file))

    return asyncio.run(connected())


def _print(shown: RenderableType) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH_OF_FILES)
    console.print(shown)


def _print_json(answer: object) -> None:
    typer.echo(to_json(answer, indent=2).decode())
