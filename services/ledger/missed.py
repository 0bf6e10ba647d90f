"""What should have been told and was not, or not in time: docs/missed.md is the definition.

Nothing here is personal: a person is named by the event's own reference.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

from schemas.values import Service
from services.ledger.missed_causes import Awaits, MissedCause, next_step
from services.ledger.queries import SQL
from services.runtime.errors import PermanentError
from services.runtime.postgres import Pool, reading

NO_OWNER_BUT_MASH = "MASH"
"""Who owns what no team can know of."""
_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
_END = datetime(3000, 1, 1, tzinfo=UTC)
_CAUSES = [cause.value for cause in MissedCause]


class CursorUnusable(PermanentError):
    """What was given as a cursor is none."""


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the list: rows come by when it happened, then by their own id."""

    occurred_at: datetime
    row_id: UUID

    def __str__(self) -> str:
        return f"{self.occurred_at.astimezone(UTC).isoformat()}/{self.row_id}"


def read_cursor(text: str) -> Cursor:
    """A cursor as it was printed. Raises `CursorUnusable`."""
    at, _, row_id = text.partition("/")
    try:
        cursor = Cursor(datetime.fromisoformat(at), UUID(row_id))
    except ValueError:
        raise CursorUnusable("that is no cursor; take one from --json") from None
    if cursor.occurred_at.tzinfo is None:
        raise CursorUnusable("that is no cursor; take one from --json")
    return cursor


@dataclass(frozen=True, slots=True)
class MissedFilter:
    """Which rows: all that is given must match, or not be known of the row.

    `since` and `until` ask when it happened, from one moment to just before the other. `after` is
    the last row of the page before.
    """

    since: datetime = _BEGINNING
    until: datetime = _END
    service: Service | None = None
    district: str | None = None
    cause: MissedCause | None = None
    after: Cursor = Cursor(_BEGINNING, UUID(int=0))
    limit: int = 100


@dataclass(frozen=True, slots=True)
class EventNamed:
    """The first event of the occurrence; of a dead letter, what could be read of it."""

    source: str | None
    id: str | None
    type: str | None


@dataclass(frozen=True, slots=True)
class Missed:
    """One event, person and service, with the one cause for which nobody was told in time.

    `since` is from when it was missed, `age` for how long, until it ended or now. `service` is who
    should have been told; None where no rule says, and the source's family where the source is
    what is missing. `owner` must act now; None once it has ended.
    """

    cause: MissedCause
    since: datetime
    age: timedelta
    ended_at: datetime | None
    occurred_at: datetime
    event: EventNamed | None
    occurrence_id: UUID | None
    dead_letter_id: UUID | None
    publisher: str | None
    person: str | None
    service: str | None
    district: str | None
    recipient: str | None
    owner: str | None
    due: datetime | None
    awaits: Awaits
    because: str | None
    next: str
    duty_ids: tuple[UUID, ...]
    cursor: str


async def list_missed(pool: Pool, which: MissedFilter, *, at: datetime) -> tuple[Missed, ...]:
    """One page of what was missed as at a time, in the order in which it happened."""
    async with reading(pool) as connection:
        rows = await connection.fetch(
            SQL["missed_page"],
            *_asked(which, at),
            which.after.occurred_at,
            which.after.row_id,
            which.limit,
        )
    return tuple(_missed(row, at) for row in rows)


async def all_missed(pool: Pool, which: MissedFilter, *, at: datetime) -> AsyncIterator[Missed]:
    """Everything that was missed as at a time, a page of `which.limit` at a time."""
    page = await list_missed(pool, which, at=at)
    while page:
        for missed in page:
            yield missed
        last = read_cursor(page[-1].cursor)
        page = await list_missed(pool, replace(which, after=last), at=at)


async def count_missed(
    pool: Pool, which: MissedFilter, *, at: datetime
) -> Mapping[MissedCause, int]:
    """How many rows of each cause there are on all pages; causes without any are left out."""
    async with reading(pool) as connection:
        rows = await connection.fetch(SQL["missed_counts"], *_asked(which, at))
    return {MissedCause(row["cause"]): row["missed"] for row in rows}


def _asked(which: MissedFilter, at: datetime) -> tuple[object, ...]:
    return (at, _CAUSES, which.since, which.until, which.service, which.district, which.cause)


def _missed(row: asyncpg.Record, at: datetime) -> Missed:
    cause, awaits = MissedCause(row["cause"]), Awaits(row["awaits"])
    has_ended = row["ended_at"] is not None
    is_named = row["source"] is not None or row["event_id"] is not None
    return Missed(
        cause=cause,
        since=row["since"],
        age=max((row["ended_at"] or at) - row["since"], timedelta()),
        ended_at=row["ended_at"],
        occurred_at=row["occurred_at"],
        event=EventNamed(row["source"], row["event_id"], row["type"]) if is_named else None,
        occurrence_id=row["occurrence_id"],
        dead_letter_id=row["dead_letter_id"],
        publisher=row["publisher"],
        person=row["person"],
        service=row["service"],
        district=row["district"],
        recipient=row["recipient"],
        owner=None if has_ended else _owner(row, awaits),
        due=row["due"],
        awaits=awaits,
        because=row["because"],
        next=next_step(cause, awaits, has_ended=has_ended),
        duty_ids=tuple(row["duty_ids"]),
        cursor=str(Cursor(row["occurred_at"], row["row_id"])),
    )


def _owner(row: asyncpg.Record, awaits: Awaits) -> str:
    """The last whom an escalation told, else the recipient, who must know of it to own it."""
    if row["escalated_to"] is not None:
        return str(row["escalated_to"])
    if row["recipient"] is None or awaits is Awaits.SENDING:
        return NO_OWNER_BUT_MASH
    return str(row["recipient"])
