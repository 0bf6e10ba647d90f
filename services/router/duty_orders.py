"""Orders about one duty: sent again, handed over, closed."""

from datetime import datetime
from uuid import UUID, uuid5

from routing_rules.returns import standing
from routing_rules.working_time import LONDON
from schemas.values import DutyState
from services.ledger import duties, outbox, receipts, repairs
from services.ledger.duties import DutyChangeRow
from services.ledger.receipts import AnsweredDuty, ReturnRow
from services.ledger.register import Because
from services.router.before import lock_occurrences, read_occurrences
from services.router.deciding import Again, decide_now
from services.router.orders import Done, Order, OrderRefused
from services.router.routing import Routing
from services.runtime.postgres import Connection


async def resend(connection: Connection, duty_id: UUID, order: Order, *, at: datetime) -> Done:
    """Sends the last notice of a duty once more: a new number, the same notification, marked.

    The same person giving the same reason for the same notice is one order. Raises `OrderRefused`
    where it has not gone out yet: the relay sends it.
    """
    duty = await _locked(connection, duty_id)
    resent_as = uuid5(duty.notification_id, f"resent|{order.by}|{order.why}")
    if await repairs.has_message(connection, resent_as):
        return Done(changed=False, told="it was sent again already")
    message = await repairs.message_to_resend(
        connection, duty.notification_id, resent_as=resent_as, duty_id=duty_id
    )
    if message is None:
        raise OrderRefused("it has not gone out yet; the relay sends it")
    await _note(connection, duty, order, f"sent again: {order.why}", at)
    await outbox.insert_messages(connection, [message])
    await outbox.wake_relays(connection)
    return Done(changed=True, told="it is sent again")


async def close(connection: Connection, duty_id: UUID, order: Order, *, at: datetime) -> Done:
    """Closes an open duty: nobody is chased for it any more. Raises `OrderRefused`."""
    duty = await _locked(connection, duty_id)
    if duty.state is DutyState.CLOSED:
        return Done(changed=False, told="it was closed already")
    if duty.ended_at is not None:
        raise OrderRefused(f"it has ended already: {duty.state}")
    await close_duty(connection, duty, order, at=at)
    return Done(changed=True, told="it is closed")


async def close_duty(
    connection: Connection, duty: AnsweredDuty, order: Order, *, at: datetime
) -> None:
    """Closes an open duty whose row the caller has locked."""
    closed = duty._replace(state=DutyState.CLOSED, ended_at=at, look_at=None)
    await receipts.answer_duties(connection, [closed])
    await _note(connection, closed, order, order.why, at)


async def hand_over(  # noqa: PLR0913 - what is handed over, to whom, by whose order
    connection: Connection,
    duty_id: UUID,
    recipient: str,
    order: Order,
    *,
    routing: Routing,
    at: datetime,
) -> Done:
    """Makes another team the owner: who had it is told so, and the case is decided again.

    The other team is told what it may see, and not what the first was told. Raises `OrderRefused`
    where there is no case or no such team, and as `decide_now`.
    """
    found = await receipts.answerable_duties(connection, [duty_id])
    occurrence_id = found[duty_id].occurrence_id if duty_id in found else None
    if occurrence_id is not None:
        await lock_occurrences(connection, [occurrence_id])
        await receipts.lock_duties(connection, [duty_id], [occurrence_id])
    duty = await _locked(connection, duty_id)
    if occurrence_id is None or not duty.has_case:
        raise OrderRefused("it is about no person, so no other team can have it; close it")
    service = duty.instead_of or duty.service
    case = (await read_occurrences(connection, [occurrence_id])).cases[occurrence_id]
    last = standing(case.returns, duty.person_key, service).get(duty.recipient)
    if last is not None and last.is_by_hand and last.to_recipient == recipient:
        return Done(changed=False, told=f"it was handed over to {recipient} already")
    if duty.ended_at is not None:
        raise OrderRefused(f"it has ended already: {duty.state}")
    team = routing.rulebook.directory.team_by_recipient(recipient, at.astimezone(LONDON).date())
    if team is None or team.service is not service or recipient == duty.recipient:
        raise OrderRefused(f"{recipient} is no other team of {service} in the directory")
    await receipts.insert_returns(connection, [_by_hand(duty, occurrence_id, recipient, order, at)])
    await _note(connection, duty, order, f"handed over to {recipient}: {order.why}", at)
    again = Again(occurrence_id, Because.HANDED_OVER, order.by)
    await decide_now(connection, again, routing, at=at)
    return Done(changed=True, told=f"it is handed over to {recipient}")


def _by_hand(
    duty: AnsweredDuty, occurrence_id: UUID, recipient: str, order: Order, at: datetime
) -> ReturnRow:
    return ReturnRow(
        occurrence_id=occurrence_id,
        person_key=duty.person_key,
        service=duty.instead_of or duty.service,
        recipient=duty.recipient,
        to_recipient=recipient,
        is_by_hand=True,
        duty_id=duty.duty_id,
        returned_by=order.by,
        returned_at=at,
    )


async def _locked(connection: Connection, duty_id: UUID) -> AnsweredDuty:
    await receipts.lock_duties(connection, [duty_id])
    found = await receipts.answerable_duties(connection, [duty_id])
    if duty_id not in found:
        raise OrderRefused(f"no duty {duty_id} is in the ledger")
    return found[duty_id]


async def _note(
    connection: Connection, duty: AnsweredDuty, order: Order, why: str, at: datetime
) -> None:
    row = DutyChangeRow(duty.duty_id, at, order.by, duty.state, duty.revision, why)
    await duties.insert_duty_changes(connection, [row])
