"""`fieldfare ledger`: what a practitioner says, typed in by or for them."""

import sys
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from routing_rules.answers import ReceiptVerdict
from routing_rules.identifying import Identification
from schemas.nhs_number import checked_nhs_number
from schemas.receipt import Receipt
from schemas.values import ReceiptStatus
from services.cli.exit_codes import ExitCode
from services.cli.ledger_ordering import By, Source, an_order, change_ledger, tell
from services.cli.ledger_orders import urn_of
from services.router.case_orders import WhichEvent, born
from services.router.case_orders import identify as order_identify
from services.router.orders import Done, OrderRefused
from services.router.receipt_orders import take_typed
from services.router.routing import Routing
from services.runtime.postgres import Connection

_SAID = {ReceiptVerdict.APPLIED, ReceiptVerdict.REPEATED}


def receipt(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    notification_id: Annotated[UUID, typer.Argument(metavar="NOTIFICATION_ID")],
    status: Annotated[ReceiptStatus, typer.Argument(metavar="STATUS")],
    by: By,
    organisation: Annotated[str | None, typer.Option(help="Who says it; else the duty's.")] = None,
    outcome: Annotated[str | None, typer.Option(help="What came of it.")] = None,
    note: Annotated[str | None, typer.Option(help="For the record.")] = None,
    suggested: Annotated[str | None, typer.Option(help="Whose it is, if not ours.")] = None,
) -> None:
    """Answer a notification, as on a topic of receipts. 1 if it changes nothing."""

    async def work(
        connection: Connection, routing: Routing, at: datetime
    ) -> tuple[ReceiptVerdict, Done]:
        try:
            said = Receipt(
                notification_id=notification_id,
                status=status,
                at=at,
                by=by,
                outcome=outcome,
                note=note,
                suggested_recipient=suggested,
            )
        except ValidationError:
            raise OrderRefused(
                "a name, an outcome, a note and a suggestion say something"
            ) from None
        return await take_typed(connection, said, routing, organisation=organisation, at=at)

    verdict, done = change_ledger(work)
    tell(done)
    if verdict not in _SAID:
        raise typer.Exit(ExitCode.NO)


def identify(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    event_id: Annotated[str, typer.Argument(metavar="EVENT_ID")],
    ref: Annotated[str, typer.Argument(metavar="REF", help="The person's ref in the event.")],
    date_of_birth: Annotated[str, typer.Option(help="As traced: 2019-04-11.")],
    by: By,
    why: Annotated[str, typer.Option("--why", help="How it was traced; it is kept.")] = "traced",
    nhs_number: Annotated[
        str | None, typer.Option(help="Better left out: it is asked for, or read from stdin.")
    ] = None,
    source: Source = None,
) -> None:
    """Say who somebody in an event is, by a traced NHS number; it is decided again."""
    order = an_order(by, why)
    traced = Identification(ref, _number(nhs_number), born(date_of_birth))

    async def work(connection: Connection, routing: Routing, at: datetime) -> Done:
        which = WhichEvent(event_id, urn_of(source))
        return await order_identify(connection, which, traced, order, routing=routing, at=at)

    tell(change_ledger(work))


def _number(given: str | None) -> str:
    """The number: asked for without being shown, since a command line is kept in a history."""
    if given is None:
        is_terminal = sys.stdin.isatty()
        given = typer.prompt("NHS number", hide_input=True) if is_terminal else sys.stdin.readline()
    try:
        return checked_nhs_number(given.strip())
    except ValueError:
        raise OrderRefused("that is no NHS number: its check digit does not match") from None
