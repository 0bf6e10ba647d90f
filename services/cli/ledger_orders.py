"""`fieldfare ledger`: what a named person orders. Nothing is back-dated, and all of it is kept."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from services.cli.exit_codes import ExitCode
from services.cli.ledger_ordering import By, Source, Why, an_order, change_ledger, tell
from services.ledger.repairs import letters_to_process
from services.router.case_orders import WhichEvent
from services.router.case_orders import re_route as order_route
from services.router.duty_orders import close as order_close
from services.router.duty_orders import hand_over as order_hand_over
from services.router.duty_orders import resend as order_resend
from services.router.letter_orders import re_process as order_process
from services.router.orders import Done, OrderRefused
from services.router.routing import Routing
from services.runtime.errors import PermanentError
from services.runtime.postgres import Connection

_SOURCE = "urn:fieldfare:source:"
DutyId = Annotated[UUID, typer.Argument(metavar="DUTY_ID")]


def urn_of(source: str | None) -> str | None:
    """A source as it is stored, from its name or only its publisher's."""
    return source if source is None or ":" in source else f"{_SOURCE}{source}"


def resend(duty_id: DutyId, by: By, why: Why) -> None:
    """Send the last notice of a duty once more: a new number, the same notification, marked."""
    order = an_order(by, why)

    async def work(connection: Connection, _: Routing, at: datetime) -> Done:
        return await order_resend(connection, duty_id, order, at=at)

    tell(change_ledger(work))


def close(duty_id: DutyId, by: By, why: Why) -> None:
    """Close an open duty: nobody is chased for it any more."""
    order = an_order(by, why)

    async def work(connection: Connection, _: Routing, at: datetime) -> Done:
        return await order_close(connection, duty_id, order, at=at)

    tell(change_ledger(work))


def hand_over(
    duty_id: DutyId,
    to: Annotated[str, typer.Option("--to", help="Another team of the same service.")],
    by: By,
    why: Why,
) -> None:
    """Make another team the owner; who had it is told that it was withdrawn."""
    order = an_order(by, why)

    async def work(connection: Connection, routing: Routing, at: datetime) -> Done:
        return await order_hand_over(connection, duty_id, to, order, routing=routing, at=at)

    tell(change_ledger(work))


def re_route(
    event_id: Annotated[str, typer.Argument(metavar="EVENT_ID")],
    by: By,
    why: Why,
    source: Source = None,
) -> None:
    """Decide an event's occurrence again, after the directory or the rules were put right."""
    order = an_order(by, why)

    async def work(connection: Connection, routing: Routing, at: datetime) -> Done:
        which = WhichEvent(event_id, urn_of(source))
        return await order_route(connection, which, order, routing, at=at)

    tell(change_ledger(work))


def re_process(
    by: By,
    why: Why,
    dead_letter_id: Annotated[UUID | None, typer.Argument(metavar="DEAD_LETTER_ID")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that was never read.")] = False,
) -> None:
    """Read a dead letter again, after what was wrong was put right. 1 if one still cannot be."""
    if (dead_letter_id is None) != everything:
        raise OrderRefused("name one dead letter, or give --all")
    order = an_order(by, why)

    async def which(connection: Connection, _: Routing, __: datetime) -> tuple[UUID, ...]:
        return await letters_to_process(connection)

    asked = change_ledger(which) if dead_letter_id is None else (dead_letter_id,)
    failed = 0
    for letter_id in asked:

        async def work(
            connection: Connection, routing: Routing, at: datetime, letter_id: UUID = letter_id
        ) -> Done:
            return await order_process(connection, letter_id, order, routing, at=at)

        try:
            typer.echo(f"{letter_id}  {change_ledger(work).told}")
        except PermanentError as error:
            failed += 1
            typer.echo(f"{letter_id}  {error}", err=True)
    if failed:
        raise typer.Exit(ExitCode.NO)
