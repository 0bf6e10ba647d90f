"""What waits for MASH because it has no recipient or could not be read, and who has taken it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.ledger.console_sessions import Person
from services.ledger.missed import Cursor
from services.ledger.queries import SQL
from services.runtime.postgres import Connection, Pool, reading


class Waiting(StrEnum):
    """Why something waits for MASH: a closed set."""

    NO_RECIPIENT = "no_recipient"
    UNREADABLE = "unreadable"


class ExceptionFound(NamedTuple):
    """An open duty of MASH. Nothing here is personal: `person` is the event's own reference.

    `because` says why the service `instead_of` was not told; of what could not be read `field` and
    `reason` say why. `has_content` is whether its bytes were kept. `taken_no` is the number of the
    last change of who has it, `taken_by` their id with the sign-in service; null if nobody has it.
    """

    duty_id: UUID
    occurrence_id: UUID | None
    dead_letter_id: UUID | None
    person: str | None
    instead_of: str | None
    because: str | None
    district: str | None
    urgency: str
    respond_by: datetime
    overdue_from: datetime | None
    owed_at: datetime
    state: str
    source: str | None
    event_id: str | None
    type: str | None
    field: str | None
    reason: str | None
    has_content: bool
    taken_no: int | None
    taken_by: str | None
    taken_name: str | None
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExceptionsAsked:
    """Which of them: all that is given must match. `after` is the last of the page before."""

    waiting: Waiting | None = None
    source: str | None = None
    is_taken: bool | None = None
    after: Cursor | None = None
    limit: int = 50


class Taking(NamedTuple):
    """The last change of who has a duty."""

    taking_no: int
    is_taken: bool
    subject: str
    name: str
    taken_at: datetime


class Letter(NamedTuple):
    """What could not be read, as it arrived; without body where not even that may be kept."""

    dead_letter_id: UUID
    topic: str
    received_at: datetime
    field: str
    reason: str
    headers: str | None
    body: bytes | None


async def list_exceptions(pool: Pool, asked: ExceptionsAsked) -> Sequence[ExceptionFound]:
    """A page of what waits, the soonest due first."""
    async with reading(pool) as connection:
        rows = await connection.fetch(
            SQL["exceptions_page"],
            asked.waiting,
            asked.source,
            asked.is_taken,
            None if asked.after is None else asked.after.occurred_at,
            None if asked.after is None else asked.after.row_id,
            asked.limit,
        )
    return [ExceptionFound(**dict(row)) for row in rows]


async def count_exceptions(pool: Pool) -> dict[Waiting, int]:
    """How many wait, by why; nothing is left out."""
    async with reading(pool) as connection:
        rows = await connection.fetch(SQL["exceptions_counted"])
    return dict.fromkeys(Waiting, 0) | {Waiting(row["waiting"]): row["duties"] for row in rows}


async def exception_sources(pool: Pool) -> Sequence[str]:
    """Every source of which something waits."""
    async with reading(pool) as connection:
        return [row["source"] for row in await connection.fetch(SQL["exceptions_by_source"])]


async def find_exception(
    connection: Connection, duty_id: UUID
) -> tuple[UUID | None, UUID | None] | None:
    """The occurrence and the dead letter of an open duty of MASH; None if it is none, or ended."""
    row = await connection.fetchrow(SQL["open_exception"], duty_id)
    return None if row is None else (row["occurrence_id"], row["dead_letter_id"])


async def last_taking(connection: Connection, duty_id: UUID) -> Taking | None:
    """Who took or gave back a duty last; the caller holds the duty's lock if they go on it."""
    row = await connection.fetchrow(SQL["last_taking"], duty_id)
    return None if row is None else Taking(**dict(row))


async def append_taking(
    connection: Connection, duty_id: UUID, person: Person, *, is_taken: bool, at: datetime
) -> None:
    """Appends that somebody has a duty from now on, or has it no more."""
    await connection.execute(
        SQL["append_taking"], duty_id, is_taken, person.subject, person.name, at
    )


async def letter_of_duty(connection: Connection, duty_id: UUID) -> Letter | None:
    """What a duty of MASH is about that could not be read; None if it is about no such thing."""
    row = await connection.fetchrow(SQL["letter_of_duty"], duty_id)
    return None if row is None else Letter(**dict(row))
