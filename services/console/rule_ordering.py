"""Orders about versions of the rulebook: those of the command line, each recorded as it is done."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import Request

from services.console.parts import console_of, person_of, record
from services.console.wording import plain
from services.ledger.console_views import Deed, View
from services.ledger.rulebook_allowed import Signer
from services.ledger.rulebook_orders import Ordered
from services.ledger.rulebook_record import VersionRefused
from services.runtime.logging import get_logger
from services.runtime.postgres import Connection, transaction

_log = get_logger(__name__)
Work = Callable[[Connection, Signer, datetime], Awaitable[Ordered]]


async def give_rule_order(
    request: Request, deed: Deed, content_hash: str, why: str, work: Work
) -> Ordered:
    """Gives the order in one transaction with its record, in the name of who is signed in.

    Raises `VersionRefused`, which is recorded too; nothing was changed then.
    """
    console, signer = console_of(request), signer_of(request, why)
    try:
        async with transaction(console.pool) as connection:
            done = await work(connection, signer, console.now())
            await record(request, View(deed, (content_hash,), why, done.told), connection)
    except VersionRefused as refused:
        await record(request, View(deed, (content_hash,), why, f"{REFUSED}{refused}"))
        raise
    _log.info("console_ordered", deed=deed, changed=done.changed)
    return done


REFUSED = "refused: "
"""How the outcome of an order begins that was not done."""


def signer_of(request: Request, why: str) -> Signer:
    """Who is signed in, in the roles that they have."""
    person = person_of(request)
    return Signer(person.name, ", ".join(plain(role) for role in sorted(person.roles)), why)
