"""What goes out: notifications, replies and dead-letter notes, which the relay publishes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.ledger.queries import SQL
from services.runtime.postgres import Connection, copy_rows


class OutboxRow(NamedTuple):
    """A row of `outbox`. `body` is a JSON object to which the relay adds the sequence."""

    message_id: UUID
    topic: str
    partition: int
    recipient: str
    message_key: str
    headers: str
    body: bytes
    duty_id: UUID | None = None
    withdrawn_at: datetime | None = None


async def insert_messages(connection: Connection, rows: Iterable[OutboxRow]) -> None:
    """Appends messages; those of one recipient get their numbers in this order."""
    await copy_rows(connection, "outbox", OutboxRow._fields, rows)


async def withdraw_unnumbered(
    connection: Connection, message_ids: Sequence[UUID], *, at: datetime
) -> set[UUID]:
    """Withdraws those of the messages that have no number yet, and answers which.

    Nobody ever hears of them. Blocks while a relay numbers one of them, and then leaves that one.
    """
    if not message_ids:
        return set()
    rows = await connection.fetch(SQL["withdraw_unnumbered"], message_ids, at)
    return {row["message_id"] for row in rows}


async def wake_relays(connection: Connection) -> None:
    """Tells every listening relay, on commit, that there is something to publish."""
    await connection.execute(SQL["wake_relays"])
