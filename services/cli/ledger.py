"""`fieldfare ledger`: what the ledger holds, without anybody's name or number."""

from typing import Annotated

import typer

from schemas.values import DutyState, Service
from services.cli.event_replay import replay_event
from services.cli.exit_codes import ExitCode
from services.cli.ledger_answers import identify, receipt
from services.cli.ledger_asking import AsJson, Limit, ask_ledger, print_json, print_shown
from services.cli.ledger_check import check
from services.cli.ledger_forecast import forecast
from services.cli.ledger_missed import missed
from services.cli.ledger_orders import close, hand_over, re_process, re_route, resend
from services.cli.ledger_sources import sources
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
from services.runtime.clock import Clock
from services.runtime.postgres import Pool

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
app.command()(missed)
app.command()(check)
app.command()(sources)
for each in (receipt, identify, resend, re_route, re_process, hand_over, close):
    app.command()(each)
app.command()(forecast)

_SOURCE = "urn:fieldfare:source:"


@app.callback()
def ledger() -> None:
    """What arrived, what is owed to whom, and what waits; nobody's name or number."""


@app.command()
def event(
    event_id: Annotated[str, typer.Argument(metavar="ID", help="The event's CloudEvents id.")],
    source: Annotated[
        str | None, typer.Option(help="Its source, or only the publisher; else any.")
    ] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="Decide it again, from what is stored.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """What became of an event: what is owed for it, who is not told, and why. 1 if unknown.

    With --replay: whether it is decided as it was then, or what differs. 1 if anything does.
    """
    urn = source if source is None or ":" in source else f"{_SOURCE}{source}"
    if replay:
        replay_event(event_id, urn, as_json=as_json)
        return

    async def ask(pool: Pool, _clock: Clock) -> list[tuple[EventFound, tuple[DutyFound, ...]]]:
        found = await find_events(pool, event_id, source=urn)
        return [
            (each, await list_duties(pool, DutyFilter(occurrence_id=each.occurrence_id)))
            for each in found
        ]

    answer = ask_ledger(ask)
    if as_json:
        print_json([{"event": found, "duties": duties} for found, duties in answer])
    for found, duties in answer if not as_json else ():
        print_shown(event_page(found, duties))
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

    found = ask_ledger(ask)
    print_json(found) if as_json else print_shown(duties_table(found))


@app.command()
def queue(
    recipient: Annotated[str, typer.Argument(help="As in RJF:midwifery.")],
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """What went to a recipient and what waits to go, the newest first."""

    async def ask(pool: Pool, _clock: Clock) -> tuple[Queued, ...]:
        return await list_queue(pool, recipient, limit=limit)

    found = ask_ledger(ask)
    print_json(found) if as_json else print_shown(queue_table(found))


@app.command()
def migrate() -> None:
    """Bring the ledger's tables to this release; doing it again changes nothing."""

    async def ask(pool: Pool, clock: Clock) -> tuple[str, ...]:
        return await apply_migrations(pool, at=clock.now())

    applied = ask_ledger(ask)
    for name in applied:
        typer.echo(f"applied {name}")
    typer.echo("the ledger is of this release")
