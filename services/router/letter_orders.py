"""Dead letters read again, after whatever was wrong was put right."""

from datetime import datetime
from uuid import UUID

from schemas.events import Refused
from schemas.reading import read_event
from schemas.receipt import read_receipt
from services.ledger import receipts, repairs
from services.ledger.repairs import KeptLetter
from services.router.answer_rows import Answered
from services.router.answering import take_receipts
from services.router.arrivals import Broken, Unreadable, arrival
from services.router.batch import write_arrivals
from services.router.duty_orders import close_duty
from services.router.orders import Done, Order, OrderRefused
from services.router.record import Record
from services.router.routing import Routing
from services.router.stopwatch import Stopwatch
from services.runtime.errors import TopicNameProblem
from services.runtime.postgres import Connection


async def re_process(
    connection: Connection, letter_id: UUID, order: Order, routing: Routing, *, at: datetime
) -> Done:
    """Takes the stored bytes as if they came now; the dead letter's duty of MASH ends by it.

    The event has the time at which it was published, and is told as late as it is. What the ledger
    knows already is not stored twice. Raises `OrderRefused` where it still cannot be read, and what
    routing raises; the caller must then roll back.
    """
    letter = await repairs.letter_to_process(connection, letter_id)
    if letter is None:
        raise OrderRefused(f"no dead letter {letter_id} is in the ledger")
    if letter.processed_at is not None:
        return Done(changed=False, told="it was read again already")
    if letter.body is None:
        raise OrderRefused("not even its bytes were kept")
    record = Record(
        letter.topic, letter.partition, letter.log_offset, letter.headers, letter.body, 0
    )
    told = await _read_again(connection, record, letter, routing, at)
    await _end_duties(connection, letter_id, order, at)
    await repairs.mark_processed(connection, letter_id, by=order.by, why=order.why, at=at)
    return Done(changed=True, told=told)


async def _read_again(
    connection: Connection, record: Record, letter: KeptLetter, routing: Routing, at: datetime
) -> str:
    topics = routing.post.topics
    try:
        organisation = topics.organisation_of(letter.topic)
    except TopicNameProblem:
        return await _as_event(connection, record, routing, at)
    said = read_receipt(record.value, record.headers)
    if isinstance(said, Refused):
        raise OrderRefused(f"it still cannot be read: {said.field}: {said.reason}")
    answered = Answered(said, organisation, record)
    taken = await take_receipts(connection, [answered], routing, at=at)
    if taken.reused:
        raise OrderRefused("it still cannot be read: id: id_reused")
    verdict = next(iter(taken.verdicts), None)
    return "the receipt was known already" if verdict is None else f"the receipt is {verdict}"


async def _as_event(connection: Connection, record: Record, routing: Routing, at: datetime) -> str:
    arrived = arrival(record, routing.post.topics, read_event)
    if isinstance(arrived, Broken):
        raise OrderRefused("it still cannot be read")
    if isinstance(arrived, Unreadable):
        refused = arrived.refused
        raise OrderRefused(f"it still cannot be read: {refused.field}: {refused.reason}")
    written = await write_arrivals(connection, [arrived], routing, at=at, watch=Stopwatch())
    if written.repeated:
        return "the event was known already"
    if not written.events:
        raise OrderRefused("it still cannot be read: id: id_reused")
    return f"the event is routed: {written.duty_changes} duties changed"


async def _end_duties(connection: Connection, letter_id: UUID, order: Order, at: datetime) -> None:
    asked = await repairs.open_duties_of_letter(connection, letter_id)
    await receipts.lock_duties(connection, asked)
    for duty in (await receipts.answerable_duties(connection, asked)).values():
        if duty.ended_at is None:
            await close_duty(connection, duty, order, at=at)
