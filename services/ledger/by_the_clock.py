"""What the ledger knows of lists and digests: which were sent, and what the next is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from routing_rules.by_the_clock import ClockNotice, Listed, ListedNotice, UnplacedCount
from schemas.values import Service
from services.ledger.queries import SQL
from services.runtime.postgres import Connection


class ClockRow(NamedTuple):
    """A row of `clock_notice`."""

    name: ClockNotice
    recipient: str
    due_at: datetime
    covers_from: datetime
    made_at: datetime
    late: bool
    duty_id: UUID


@dataclass(frozen=True, slots=True)
class LastSent:
    """The last notice of its kind that a recipient was sent; all times are UTC."""

    due_at: datetime
    made_at: datetime
    covers_from: datetime


@dataclass(frozen=True, slots=True)
class ToList:
    """A notice that is to stand in the next list, with the duty's revision that it shows."""

    duty_id: UUID
    revision: int
    notice: ListedNotice


async def clock_began(connection: Connection) -> datetime:
    """Since when this ledger knows of lists and digests (UTC): none of before is owed."""
    began: datetime = await connection.fetchval(SQL["clock_began"])
    return began


async def last_sent(connection: Connection, name: ClockNotice, recipient: str) -> LastSent | None:
    """The last one that a recipient was sent; None before the first."""
    row = await connection.fetchrow(SQL["last_clock_notice"], name, recipient)
    return None if row is None else LastSent(**row)


async def claim_clock_notice(connection: Connection, row: ClockRow) -> bool:
    """Whether the notice is this transaction's to send: it is nobody else's, and never was.

    Blocks while another watch is sending it.
    """
    return await connection.fetchval(SQL["claim_clock_notice"], *row) is not None


async def notices_to_list(
    connection: Connection, recipient: str, *, since: datetime
) -> tuple[ToList, ...]:
    """What has not stood in a list of a recipient as it now is, in order of when it happened."""
    rows = await connection.fetch(SQL["notices_to_list"], recipient, since)
    return tuple(
        ToList(
            row["duty_id"],
            row["revision"],
            ListedNotice(
                notification_id=row["notification_id"],
                occurred_at=row["occurred_at"],
                site=row["site"],
                listed=_listed(is_withdrawn=row["is_withdrawn"], was_listed=row["was_listed"]),
                asks=row["asks"],
            ),
        )
        for row in rows
    )


async def insert_listed(connection: Connection, shown: Sequence[ToList], list_id: UUID) -> None:
    """These stand in that list."""
    duties, revisions = [each.duty_id for each in shown], [each.revision for each in shown]
    await connection.execute(SQL["insert_listed"], duties, revisions, list_id)


async def unplaced_of_week(
    connection: Connection, begins: datetime, ends: datetime
) -> tuple[UnplacedCount, ...]:
    """The exceptions of a time (aware), counted; nothing of anybody."""
    rows = await connection.fetch(SQL["unplaced_of_week"], begins, ends)
    return tuple(UnplacedCount(**{**row, "service": Service(row["service"])}) for row in rows)


def _listed(*, is_withdrawn: bool, was_listed: bool) -> Listed:
    if is_withdrawn:
        return Listed.WITHDRAWN
    return Listed.CHANGED if was_listed else Listed.NEW
