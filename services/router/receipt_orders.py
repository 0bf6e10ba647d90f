"""A receipt that somebody types in, for a team that has no system to send it."""

from datetime import datetime
from hashlib import sha256

from routing_rules.answers import ReceiptVerdict
from schemas.receipt import Receipt, Said
from services.ledger import receipts
from services.router.answer_rows import Answered
from services.router.answering import take_receipts
from services.router.orders import Done
from services.router.routing import Routing
from services.runtime.postgres import Connection

_SOURCE = "urn:fieldfare:ledger:command"
_NOBODYS = "-"
"""Stands for the organisation of a notice that nobody sent."""


async def take_typed(
    connection: Connection,
    receipt: Receipt,
    routing: Routing,
    *,
    organisation: str | None = None,
    at: datetime,
) -> tuple[ReceiptVerdict, Done]:
    """Takes a receipt as if it had come on the organisation's topic; by default the duty's own.

    The same words typed twice are one receipt. Raises as `take_receipts`.
    """
    said_by = organisation or await _organisation_of(connection, receipt)
    digest = sha256(receipt.model_dump_json(exclude={"at"}).encode()).digest()
    answered = Answered(Said(_SOURCE, digest.hex(), digest, receipt), said_by)
    taken = await take_receipts(connection, [answered], routing, at=at)
    for verdict in taken.verdicts:
        return verdict, Done(changed=verdict is ReceiptVerdict.APPLIED, told=verdict.value)
    return ReceiptVerdict.REPEATED, Done(changed=False, told="it was said already")


async def _organisation_of(connection: Connection, receipt: Receipt) -> str:
    notice = (await receipts.duties_of(connection, [receipt.notification_id])).get(
        receipt.notification_id
    )
    if notice is None:
        return _NOBODYS
    return (await receipts.answerable_duties(connection, [notice.duty_id]))[
        notice.duty_id
    ].organisation
