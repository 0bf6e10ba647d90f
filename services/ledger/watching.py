"""The ledger as the watch sees it: who must be looked at, and what was done about silence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from routing_rules.awaited import WatchedDuty
from routing_rules.case import HeldDuty
from routing_rules.escalation import Told
from routing_rules.ladder import LastStep
from schemas.values import Ask, DutyState, NotificationKind, Service, Urgency
from services.ledger.cases import held_duty
from services.ledger.jsonb import from_json
from services.ledger.queries import SQL
from services.runtime.postgres import Connection, Pool, copy_rows, reading


@dataclass(frozen=True, slots=True)
class DueDuty:
    """An open duty that must be looked at, and what kind of notice it is."""

    kind: NotificationKind
    duty: WatchedDuty


@dataclass(frozen=True, slots=True)
class Expected:
    """How many duties of one recipient will be overdue, and how many of them are already."""

    service: Service
    recipient: str
    duties: int
    due_already: int


class EscalationRow(NamedTuple):
    """A row of `escalation`: one step that was taken of one silence."""

    duty_id: UUID
    revision: int
    since: datetime
    step: int
    unmet: str
    told: str
    recipient: str
    due_at: datetime
    escalated_at: datetime
    late: bool
    notice_id: UUID
    copy_id: UUID | None
    begun_at: datetime | None


async def claim_due(connection: Connection, *, at: datetime, limit: int) -> tuple[DueDuty, ...]:
    """Duties to look at by then, the longest due first, locked until the transaction ends.

    What another watch, the relay or a receipt has in hand is passed over, and found next time.
    What was put off while a clock was ahead is due at once.
    """
    await connection.execute(SQL["look_at_what_a_wrong_clock_put_off"], at)
    rows = await connection.fetch(SQL["claim_due_duties"], at, limit)
    return tuple(DueDuty(NotificationKind(row["kind"]), _watched(row)) for row in rows)


async def last_steps(
    connection: Connection, duty_ids: Sequence[UUID]
) -> Mapping[UUID, Mapping[datetime, LastStep]]:
    """The last step of each silence of these duties, which the caller has locked.

    By duty, and by when the silence began (`routing_rules.ladder.silence_of`).
    """
    found: dict[UUID, dict[datetime, LastStep]] = defaultdict(dict)
    for row in await connection.fetch(SQL["last_steps"], duty_ids):
        found[row["duty_id"]][row["begun_at"]] = LastStep(
            row["step"], row["escalated_at"], Told(row["told"]), row["recipient"], row["since"]
        )
    return found


async def answered_notices(connection: Connection, duty_ids: Sequence[UUID]) -> Mapping[UUID, bool]:
    """Of those that are notices of the ladder: whether all that they told of has ended."""
    rows = await connection.fetch(SQL["answered_notices"], duty_ids)
    return {row["notice_id"]: row["is_answered"] for row in rows}


async def held_duties(connection: Connection, duty_ids: Sequence[UUID]) -> tuple[HeldDuty, ...]:
    """Duties that the caller has locked, as the pure core knows them."""
    return tuple(held_duty(row) for row in await connection.fetch(SQL["held_duties"], duty_ids))


async def insert_escalations(connection: Connection, rows: Iterable[EscalationRow]) -> None:
    """Records steps. One that was taken before is refused, with the whole transaction."""
    await copy_rows(connection, "escalation", EscalationRow._fields, rows)


async def look_again(connection: Connection, when: Mapping[UUID, datetime | None]) -> None:
    """Says when duties must be looked at next; None where nothing is awaited."""
    if when:
        await connection.execute(SQL["look_again"], list(when), list(when.values()))


async def forecast(
    pool: Pool, *, until: datetime, at: datetime, limit: int
) -> tuple[tuple[Expected, ...], tuple[WatchedDuty, ...]]:
    """What will be overdue at `until` unless somebody answers: counts, and the duties themselves.

    Counts are of all; the duties are the first `limit`, the longest due first.
    """
    async with reading(pool) as connection:
        counts = await connection.fetch(SQL["forecast_counts"], until, at)
        duties = await connection.fetch(SQL["forecast_list"], until, limit)
    expected = tuple(
        Expected(**{**dict(row), "service": Service(row["service"])}) for row in counts
    )
    return expected, tuple(_watched(row) for row in duties)


def _watched(row: asyncpg.Record) -> WatchedDuty:
    return WatchedDuty(
        duty_id=row["duty_id"],
        revision=row["revision"],
        service=Service(row["service"]),
        recipient=row["recipient"],
        organisation=row["organisation"],
        urgency=Urgency(row["urgency"]),
        asks=tuple(Ask(ask) for ask in from_json(row["asks"])),
        state=DutyState(row["state"]),
        respond_by=row["respond_by"],
        owed_at=row["owed_at"],
        act_by=row["act_by"],
        refused_at=row["refused_at"],
    )
