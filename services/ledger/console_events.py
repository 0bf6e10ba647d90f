"""One occurrence with all that was decided and became of it. People are named by reference."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.ledger.jsonb import from_json
from services.ledger.queries import SQL
from services.runtime.postgres import Connection, Pool, reading


class Arrived(NamedTuple):
    """An event of the occurrence; `warnings` are fields and reasons, never values."""

    event_no: int
    source: str
    id: str
    type: str
    published_at: datetime
    received_at: datetime
    warnings: tuple[dict[str, str], ...]


class Decided(NamedTuple):
    """A decision: `because` of something learned later or ordered, else because of its event.

    `nobody` says who was not told about which reference, and why.
    """

    decision_no: int
    event_id: str
    decided_at: datetime
    rulebook_hash: str
    because: str | None
    nobody: tuple[dict[str, Any], ...]


class Owed(NamedTuple):
    """A duty of the occurrence, with the reasons for it and why it was missed, if it was."""

    duty_id: UUID
    service: str
    recipient: str
    kind: str
    instead_of: str | None
    because: str | None
    urgency: str
    respond_by: datetime
    reasons: tuple[dict[str, str], ...]
    late: bool
    state: str
    owed_at: datetime
    ended_at: datetime | None
    person: str | None
    role: str | None
    cause: str | None


class Happened(NamedTuple):
    """Something that became of a duty: a change, a receipt, or a step of the ladder (`kind`)."""

    at: datetime
    kind: str
    duty_id: UUID
    by: str
    what: str
    why: str
    place: int


class Identified(NamedTuple):
    """Somebody was traced."""

    ref: str
    identified_by: str
    why: str | None
    identified_at: datetime


@dataclass(frozen=True, slots=True)
class EventStory:
    """An occurrence, each part in order of time. The timeline is cut after 500 lines."""

    occurrence_id: UUID
    type: str
    occurred_at: datetime
    is_cancelled: bool
    refs: tuple[str, ...]
    events: tuple[Arrived, ...]
    decisions: tuple[Decided, ...]
    duties: tuple[Owed, ...]
    timeline: tuple[Happened, ...]
    identified: tuple[Identified, ...]

    @property
    def first(self) -> Arrived:
        """The event that reported it first, by which orders name it."""
        return self.events[0]


async def event_story(pool: Pool, occurrence_id: UUID, *, at: datetime) -> EventStory | None:
    """An occurrence as at a time, or None if there is none."""
    async with reading(pool) as connection:
        short = await connection.fetchrow(SQL["occurrence_in_short"], occurrence_id)
        events = await connection.fetch(SQL["events_of_occurrence"], occurrence_id)
        if short is None or not events:
            return None
        decisions = await connection.fetch(SQL["decisions_of_occurrence"], occurrence_id)
        duties = await connection.fetch(SQL["duties_of_occurrence"], occurrence_id, at)
        ids = [row["duty_id"] for row in duties]
        timeline = await connection.fetch(SQL["timeline_of_occurrence"], ids)
        identified = await identified_in(connection, occurrence_id)
    return EventStory(
        occurrence_id=occurrence_id,
        type=short["type"],
        occurred_at=short["occurred_at"],
        is_cancelled=short["is_cancelled"],
        refs=tuple(short["refs"]),
        events=tuple(
            Arrived(**{**dict(row), "warnings": tuple(from_json(row["warnings"]))})
            for row in events
        ),
        decisions=tuple(
            Decided(**{**dict(row), "nobody": tuple(from_json(row["nobody"]))}) for row in decisions
        ),
        duties=tuple(
            Owed(**{**dict(row), "reasons": tuple(from_json(row["reasons"]))}) for row in duties
        ),
        timeline=tuple(Happened(**dict(row)) for row in timeline),
        identified=identified,
    )


async def identified_in(connection: Connection, occurrence_id: UUID) -> tuple[Identified, ...]:
    """Who was traced in an occurrence, in the order in which it was said; nothing takes one away.

    Whoever goes by it holds the occurrence's lock.
    """
    rows = await connection.fetch(SQL["identified_in_occurrence"], occurrence_id)
    return tuple(Identified(**dict(row)) for row in rows)
