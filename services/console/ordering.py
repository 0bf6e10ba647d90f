"""Orders given on a page: the same as on the command line, and recorded in their transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Request

from services.console.asking import Form
from services.console.parts import console_of, person_of, record
from services.ledger import receipts
from services.ledger.console_duties import LastTouch, last_touch
from services.ledger.console_views import Deed, View
from services.router.before import lock_occurrences
from services.router.orders import Done, Order, OrderRefused
from services.router.routing import Routing
from services.runtime.errors import PermanentError
from services.runtime.logging import get_logger
from services.runtime.postgres import Connection, transaction

_log = get_logger(__name__)
Work = Callable[[Connection, Routing, Order, datetime], Awaitable[Done]]


class SomebodyWasFaster(PermanentError):
    """Somebody else changed the duty after the page was loaded: look again before acting."""

    def __init__(self, touch: LastTouch) -> None:
        super().__init__("somebody else changed the duty")
        self.touch = touch


@dataclass(frozen=True, slots=True)
class Ordered:
    """What is ordered: the deed, the ids that it is about, and the person's own reason.

    `duty_id` and `seen` say which duty the page showed, and the number of the last change by a
    person that it showed: whoever was faster is not overridden.
    """

    deed: Deed
    things: tuple[str, ...]
    why: str
    duty_id: UUID | None = None
    seen: int | None = None


async def give(request: Request, ordered: Ordered, work: Work) -> Done:
    """Gives the order in one transaction with its record, and answers what came of it.

    The same person sending the same form twice has it done once. Raises `OrderRefused` and
    `SomebodyWasFaster`; both are recorded too, and nothing was changed then.
    """
    console, person = console_of(request), person_of(request)
    order, at = Order(person.name, ordered.why), console.now()
    try:
        async with transaction(console.pool) as connection:
            routing = await console.routing(connection, at=at)
            if ordered.duty_id is not None:
                await _nobody_faster(connection, ordered, ordered.duty_id, person.name)
            done = await work(connection, routing, order, at)
            view = View(ordered.deed, ordered.things, ordered.why, done.told)
            await record(request, view, connection)
    except (OrderRefused, SomebodyWasFaster) as refused:
        await record(
            request, View(ordered.deed, ordered.things, ordered.why, f"refused: {refused}")
        )
        raise
    _log.info("console_ordered", deed=ordered.deed, changed=done.changed)
    return done


async def _nobody_faster(
    connection: Connection, ordered: Ordered, duty_id: UUID, name: str
) -> None:
    """Locks the duty, and its occurrence first, as routers do."""
    noted = (await receipts.answerable_duties(connection, [duty_id])).get(duty_id)
    if noted is not None and noted.occurrence_id is not None:
        await lock_occurrences(connection, [noted.occurrence_id])
    await receipts.lock_duties(connection, [duty_id])
    touch = await last_touch(connection, duty_id)
    if touch is not None and touch.change_no != ordered.seen and touch.changed_by != name:
        raise SomebodyWasFaster(touch)


def seen_of(form: Form) -> int | None:
    """The number of the last change that the page showed; None if none, or nonsense."""
    given = form.given.get("seen", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None
