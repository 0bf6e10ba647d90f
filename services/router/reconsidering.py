"""Deciding occurrences again: something was learned of somebody in them, or time has passed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from routing_rules.case import Case
from services.ledger.register import claim_reconsiderations
from services.router.batch import write_fold
from services.router.before import lock_occurrences, read_occurrences
from services.router.fold import Fold
from services.router.routing import Routing
from services.router.stopwatch import Stage, Stopwatch
from services.runtime.postgres import Connection

FEW = 10
MOST = 100
PUT_OFF_FOR = timedelta(hours=1)
"""How long an occurrence rests that our own code failed on."""


def slice_after(records: int) -> int:
    """How many occurrences one transaction decides again after a batch of so many records.

    A batch waits for one slice at most, so it is small: a fifth of the batch before it, or a few.
    What a backlog leaves for later is less than it seems: an occurrence of which more is learned
    meanwhile is still decided again once.
    """
    return max(FEW, min(MOST, records // 5))


async def decide_again(
    connection: Connection,
    asked: Sequence[UUID],
    routing: Routing,
    *,
    at: datetime,
    watch: Stopwatch,
) -> int:
    """Decides what is due of these occurrences, in the caller's transaction; answers how many.

    What is due is taken with the transaction, so it is done wholly or stays due. Another router
    that asks for the same ones meanwhile waits, and finds them done. Raises `Unroutable`,
    `CaseUnreadable` and `RegisterUnreadable`, after which the caller must roll back.
    """
    await lock_occurrences(connection, asked)
    claimed = await claim_reconsiderations(connection, asked, at=at)
    if not claimed:
        return 0
    before = await read_occurrences(connection, claimed)
    watch.lap(Stage.READ)
    fold = Fold(routing, at, before.cases, before.register)
    for case in sorted(before.cases.values(), key=_first_told):
        if case.occurrence_id in claimed:
            fold.route_again(case.occurrence_id, claimed[case.occurrence_id])
    watch.lap(Stage.DECIDE)
    await write_fold(connection, fold)
    return len(claimed)


def _first_told(case: Case) -> tuple[datetime, UUID]:
    """Earlier cases first: a rule that fires once in a while fires for the first of them."""
    return min(event.time for event in case.events), case.occurrence_id
