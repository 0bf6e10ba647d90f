"""The ledger in figures, for the first page of the console. Nothing of it is about a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.ledger.queries import SQL
from services.runtime.postgres import Pool, reading


class Position(NamedTuple):
    """How far the ledger has come: it changes with whatever a page shows."""

    event_no: int
    change_no: int


@dataclass(frozen=True, slots=True)
class OpenDuties:
    """Open duties of a service, by what they wait for; `overdue` are some of all of them."""

    service: str
    duties: int
    not_sent: int
    not_acknowledged: int
    acknowledged: int
    refused: int
    overdue: int
    exceptions: int
    dead_letters: int


@dataclass(frozen=True, slots=True)
class OwedSince:
    """Duties that were owed since a time, and what has become of them."""

    owed: int
    open: int
    answered: int
    closed: int
    withdrawn: int
    exceptions: int


@dataclass(frozen=True, slots=True)
class HourOfSource:
    """What arrived from a publisher in one hour (UTC)."""

    publisher: str
    hour: datetime
    received: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class LatestEvent:
    """An event as it came in, and how many duties stand because of its occurrence."""

    event_no: int
    source: str
    id: str
    type: str
    published_at: datetime
    received_at: datetime
    occurrence_id: UUID
    duties: int
    exceptions: int


async def position_of(pool: Pool) -> Position:
    """How far the ledger has come."""
    async with reading(pool) as connection:
        [row] = await connection.fetch(SQL["position_of_ledger"])
    return Position(**dict(row))


async def open_duties(pool: Pool, *, at: datetime) -> Sequence[OpenDuties]:
    """Open duties by service, the service with most overdue first."""
    async with reading(pool) as connection:
        return [
            OpenDuties(**dict(row))
            for row in await connection.fetch(SQL["open_duties_by_service"], at)
        ]


async def owed_since(pool: Pool, since: datetime) -> OwedSince:
    """What was owed since then, counted; it reads every such duty once."""
    async with reading(pool) as connection:
        [row] = await connection.fetch(SQL["duties_owed_since"], since)
    return OwedSince(**dict(row))


async def arrivals_since(pool: Pool, since: datetime) -> Sequence[HourOfSource]:
    """What arrived since then, by hour and publisher, in order."""
    async with reading(pool) as connection:
        rows = await connection.fetch(SQL["arrivals_by_hour"], since)
    return [HourOfSource(**dict(row)) for row in rows]


async def latest_events(pool: Pool, limit: int) -> Sequence[LatestEvent]:
    """The last events, newest first."""
    async with reading(pool) as connection:
        rows = await connection.fetch(SQL["latest_events"], limit)
    return [LatestEvent(**dict(row)) for row in rows]
