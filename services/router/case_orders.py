"""Orders about a case: decided again, or told who somebody in it is."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from routing_rules.casework import as_told
from routing_rules.humans import usable_nhs_number
from routing_rules.identifying import Identification
from routing_rules.subjects import people_of
from services.ledger import locks, register, repairs
from services.ledger.register import Because
from services.ledger.repairs import IdentificationRow
from services.router.before import lock_occurrences, read_occurrences
from services.router.deciding import Again, decide_now
from services.router.orders import Done, Order, OrderRefused
from services.router.routing import Routing
from services.runtime.postgres import Connection


@dataclass(frozen=True, slots=True)
class WhichEvent:
    """An event by its id, of one source or of any."""

    event_id: str
    source: str | None = None


async def re_route(
    connection: Connection, which: WhichEvent, order: Order, routing: Routing, *, at: datetime
) -> Done:
    """Decides an event's occurrence again: the directory or the rules were put right.

    Raises `OrderRefused` where there is no such occurrence, and as `decide_now`.
    """
    occurrence_id = await _occurrence(connection, which)
    return await re_route_occurrence(connection, occurrence_id, order, routing, at=at)


async def re_route_occurrence(
    connection: Connection, occurrence_id: UUID, order: Order, routing: Routing, *, at: datetime
) -> Done:
    """The same where it is known which occurrence."""
    await lock_occurrences(connection, [occurrence_id])
    again = Again(occurrence_id, Because.RE_ROUTED, order.by, order.why)
    changed = await decide_now(connection, again, routing, at=at)
    return Done(changed > 0, f"decided again: {changed} duties changed")


async def identify(  # noqa: PLR0913 - who is who, and who says so
    connection: Connection,
    which: WhichEvent,
    traced: Identification,
    order: Order,
    *,
    routing: Routing,
    at: datetime,
) -> Done:
    """Adds to a case who somebody in it is, and decides it again as learned later.

    The person keeps the key that they have had in the occurrence. Raises `OrderRefused` where the
    event names nobody so, or the publisher has checked a number of theirs, and as `decide_now`.
    """
    occurrence_id = await _occurrence(connection, which)
    await _lock(connection, occurrence_id, traced.nhs_number)
    case = (await read_occurrences(connection, [occurrence_id])).cases[occurrence_id]
    if case.identified and traced in case.identified[-1:]:
        return Done(changed=False, told="that was known already")
    data, _ = as_told(case)
    person = next((each for each in people_of(data) if each.ref == traced.ref), None)
    if person is None:
        raise OrderRefused("the event names nobody by that ref")
    is_ours = any(each.ref == traced.ref for each in case.identified)
    if usable_nhs_number(person) is not None and not is_ours:
        raise OrderRefused("the publisher gave a checked number; ask them to correct it")
    row = IdentificationRow(
        occurrence_id=occurrence_id,
        ref=traced.ref,
        nhs_number=traced.nhs_number,
        date_of_birth=traced.date_of_birth,
        identified_by=order.by,
        why=order.why,
        identified_at=at,
    )
    await repairs.insert_identification(connection, row)
    again = Again(occurrence_id, Because.IDENTIFIED, order.by)
    changed = await decide_now(connection, again, routing, at=at)
    return Done(changed=True, told=f"decided again: {changed} duties changed")


async def _occurrence(connection: Connection, which: WhichEvent) -> UUID:
    found = await repairs.occurrences_of_event(connection, which.event_id, which.source)
    if len(found) > 1:
        raise OrderRefused(f"several sources have an event {which.event_id}; name the source")
    if not found:
        raise OrderRefused(f"no event {which.event_id} that is routed is in the ledger")
    return found[0]


async def _lock(connection: Connection, occurrence_id: UUID, nhs_number: str) -> None:
    """Locks the occurrence, its people and the one who was traced, as a router would."""
    people = {*await register.people_of(connection, [occurrence_id]), nhs_number}
    keys = {locks.occurrence_lock(occurrence_id)}
    await locks.lock(connection, keys | {locks.person_lock(each) for each in people})


def born(text: str) -> date:
    """A date of birth as a person writes it: 2019-04-11. Raises `OrderRefused`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OrderRefused("a date of birth is written as 2019-04-11") from None
