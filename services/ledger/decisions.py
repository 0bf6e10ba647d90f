"""What routing concluded of each event, with the facts used, so that it can be replayed."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.runtime.postgres import Connection, copy_rows


class DecisionRow(NamedTuple):
    """A row of `decision`; `because` is why, where it does not follow from the event itself.

    `leaves_out`: something that stood before is not owed any more; None where that is not known.
    `footing` is as in `Outcome`.
    """

    occurrence_id: UUID
    source: str
    event_id: str
    decided_at: datetime
    rulebook_hash: str
    facts: str
    nobody: str
    because: str | None
    occurred_at: datetime
    leaves_out: bool | None = None
    footing: str | None = None


async def insert_decisions(connection: Connection, rows: Iterable[DecisionRow]) -> None:
    """Appends decisions, in order."""
    await copy_rows(connection, "decision", DecisionRow._fields, rows)
