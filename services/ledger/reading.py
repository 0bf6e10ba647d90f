"""Looking things up in the ledger, for commands. What is answered holds no personal data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from schemas.events import FieldWarning
from schemas.values import DutyState, NotificationKind, Service, Urgency
from services.ledger.jsonb import from_json
from services.ledger.queries import SQL
from services.runtime.postgres import Pool, reading


@dataclass(frozen=True, slots=True)
class NobodyTold:
    """Who was not told about which person (a ref), and why."""

    about: str
    service: str | None
    because: str
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class EventFound:
    """One event, where it came from, and what was decided."""

    source: str
    id: str
    type: str
    published_at: datetime
    received_at: datetime
    occurrence_id: UUID
    topic: str
    partition: int
    log_offset: int
    warnings: tuple[FieldWarning, ...]
    is_cancelled: bool | None
    decided_at: datetime | None
    rulebook_hash: str | None
    nobody: tuple[NobodyTold, ...]


@dataclass(frozen=True, slots=True)
class DutyFound:
    """One duty, without whom it is about."""

    duty_id: UUID
    occurrence_id: UUID | None
    dead_letter_id: UUID | None
    service: Service
    recipient: str
    kind: NotificationKind
    instead_of: Service | None
    because: str | None
    urgency: Urgency
    respond_by: datetime
    late: bool
    revision: int
    state: DutyState
    owed_at: datetime


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """Which duties: all that is given must match. `overdue_at` asks for open ones past due."""

    service: Service | None = None
    recipient: str | None = None
    state: DutyState | None = None
    occurrence_id: UUID | None = None
    overdue_at: datetime | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Queued:
    """One message of a recipient's queue; without a number it has not gone out yet."""

    message_id: UUID
    topic: str
    partition: int
    recipient_sequence: int | None
    duty_id: UUID | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    published_offset: int | None


@dataclass(frozen=True, slots=True)
class DutyCount:
    """How many duties of one service are in one state."""

    service: Service
    state: DutyState
    duties: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What came in, what is owed, and what waits to go out."""

    events: int
    waiting: int
    dead_letters: int
    duties: tuple[DutyCount, ...]


async def find_events(
    pool: Pool, event_id: str, *, source: str | None = None
) -> tuple[EventFound, ...]:
    """The events of that id, of one source or of any; none if there is none."""
    return tuple(
        EventFound(
            **{
                **dict(row),
                "warnings": tuple(FieldWarning(**each) for each in _list(row["warnings"])),
                "nobody": tuple(NobodyTold(**each) for each in _list(row["nobody"])),
            }
        )
        for row in await _fetch(pool, "find_events", event_id, source)
    )


async def list_duties(pool: Pool, which: DutyFilter) -> tuple[DutyFound, ...]:
    """Duties, the soonest due first."""
    rows = await _fetch(
        pool,
        "list_duties",
        which.service,
        which.recipient,
        which.state,
        which.occurrence_id,
        which.overdue_at,
        which.limit,
    )
    return tuple(
        DutyFound(
            **{
                **dict(row),
                "service": Service(row["service"]),
                "kind": NotificationKind(row["kind"]),
                "instead_of": Service(row["instead_of"]) if row["instead_of"] else None,
                "urgency": Urgency(row["urgency"]),
                "state": DutyState(row["state"]),
            }
        )
        for row in rows
    )


async def list_queue(pool: Pool, recipient: str, *, limit: int = 100) -> tuple[Queued, ...]:
    """What waits for one recipient, and then what has a number already, each the newest first.

    Each of the two is cut at `limit`. A message that was withdrawn in time is not shown.
    """
    return tuple(Queued(**dict(row)) for row in await _fetch(pool, "list_queue", recipient, limit))


async def summarise(pool: Pool) -> Summary:
    """The ledger in a few numbers, as at one moment each."""
    counts = tuple(
        DutyCount(Service(row["service"]), DutyState(row["state"]), row["duties"])
        for row in await _fetch(pool, "count_duties")
    )
    [rest] = await _fetch(pool, "count_rest")
    return Summary(**dict(rest), duties=counts)


async def _fetch(pool: Pool, query: str, *arguments: object) -> Sequence[asyncpg.Record]:
    async with reading(pool) as connection:
        return await connection.fetch(SQL[query], *arguments)


def _list(text: str | None) -> list[dict[str, Any]]:
    return from_json(text) if text else []
