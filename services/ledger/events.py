"""Events as they arrived and as they were understood."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.ledger.queries import SQL
from services.runtime.postgres import Connection


class EventKey(NamedTuple):
    """What names an event for ever."""

    source: str
    id: str


class EventRow(NamedTuple):
    """A row of `event`, in the order of the statement that inserts it."""

    source: str
    id: str
    type: str
    published_at: datetime
    sequence: str | None
    occurrence_id: UUID
    sha256: bytes
    headers: str
    body: bytes
    data: str
    warnings: str
    topic: str
    partition: int
    log_offset: int
    received_at: datetime


async def insert_events(connection: Connection, rows: Sequence[EventRow]) -> set[EventKey]:
    """Stores events that are not stored yet, and answers which were new.

    Within one call every key may occur once. Blocks while another router stores one of them.
    """
    if not rows:
        return set()
    found = await connection.fetch(SQL["insert_events"], *zip(*rows, strict=True))
    return {EventKey(row["source"], row["id"]) for row in found}


async def digests_of(connection: Connection, keys: Iterable[EventKey]) -> dict[EventKey, bytes]:
    """The hash of the bytes of each stored event, to tell a repeat from a reused id."""
    asked = list(keys)
    if not asked:
        return {}
    rows = await connection.fetch(
        SQL["digests_of_events"], [key.source for key in asked], [key.id for key in asked]
    )
    return {EventKey(row["source"], row["id"]): row["sha256"] for row in rows}
