"""What could not be read, or not be routed."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.ledger.queries import SQL
from services.runtime.postgres import Connection


class DeadLetterRow(NamedTuple):
    """A row of `dead_letter`; without headers and body where not even these may be kept."""

    dead_letter_id: UUID
    topic: str
    partition: int
    log_offset: int
    source: str | None
    event_id: str | None
    field: str
    reason: str
    sha256: bytes
    headers: str | None
    body: bytes | None
    received_at: datetime


async def insert_dead_letters(connection: Connection, rows: Sequence[DeadLetterRow]) -> set[UUID]:
    """Stores dead letters that are not stored yet, and answers the ids of the new ones."""
    if not rows:
        return set()
    found = await connection.fetch(SQL["insert_dead_letters"], *zip(*rows, strict=True))
    return {row["dead_letter_id"] for row in found}
