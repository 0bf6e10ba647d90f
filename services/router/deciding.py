"""Deciding one occurrence again at once, since somebody has said or ordered something."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.ledger.duty_rows import ROUTER
from services.ledger.register import Because
from services.router.batch import write_fold
from services.router.before import read_occurrences
from services.router.fold import Fold
from services.router.routing import Routing
from services.runtime.postgres import Connection


@dataclass(frozen=True, slots=True)
class Again:
    """Which occurrence is decided again, why, and by whose order, with the reason they gave."""

    occurrence_id: UUID
    because: Because
    by: str = ROUTER
    why: str | None = None


async def decide_now(
    connection: Connection, again: Again, routing: Routing, *, at: datetime
) -> int:
    """Decides an occurrence again, whose locks the caller holds; answers how many duties changed.

    Raises `Unroutable`, `CaseUnreadable` and `RegisterUnreadable`, after which the caller must roll
    back.
    """
    before = await read_occurrences(connection, [again.occurrence_id])
    fold = Fold(routing, at, before.cases, before.register, by=again.by, ordered=again.why)
    fold.route_again(again.occurrence_id, again.because)
    await write_fold(connection, fold)
    return len(fold.changes)
