"""A team's own notices, as they were told to it. They hold personal data: record who reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from schemas.values import Ask, DutyState
from services.ledger.jsonb import from_json
from services.ledger.queries import SQL
from services.runtime.postgres import Pool, reading

_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """A place in a worklist: by when it is due, then by the duty's id."""

    respond_by: datetime = _BEGINNING
    duty_id: UUID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Notice:
    """A duty of a team, and its notice as it is told (`told`: the notification's own fields).

    `recipient_sequence` is None until the relay has numbered it; `told` is empty for a duty whose
    notice is not in the outbox, which no duty should be.
    """

    duty_id: UUID
    notification_id: UUID
    recipient: str
    kind: str
    urgency: str
    respond_by: datetime
    act_by: datetime | None
    asks: tuple[Ask, ...]
    late: bool
    revision: int
    state: DutyState
    owed_at: datetime
    overdue_from: datetime | None
    acknowledged_at: datetime | None
    recorded_at: datetime | None
    done_at: datetime | None
    refused_at: datetime | None
    ended_at: datetime | None
    recipient_sequence: int | None
    published_at: datetime | None
    told: Mapping[str, Any]

    @property
    def place(self) -> Place:
        """Where it stands in its worklist."""
        return Place(self.respond_by, self.duty_id)

    @property
    def awaits(self) -> tuple[Ask, ...]:
        """What is asked and was not answered yet."""
        answered = {
            Ask.ACKNOWLEDGE: self.acknowledged_at or self.recorded_at or self.done_at,
            Ask.RECORD: self.recorded_at or self.done_at,
            Ask.ACT: self.done_at,
        }
        return tuple(ask for ask in self.asks if not answered[ask])


class TakenBack(NamedTuple):
    """A notice that took back what a team had been told."""

    message_id: UUID
    recipient: str
    recipient_sequence: int
    duty_id: UUID
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of a team's open notices, how many there are, and what was taken back lately."""

    notices: tuple[Notice, ...]
    open: int
    overdue: int
    taken_back: tuple[TakenBack, ...]


async def read_worklist(  # noqa: PLR0913 - whose, as at when, and which page of it
    pool: Pool,
    recipients: Sequence[str],
    *,
    at: datetime,
    since: datetime,
    after: Place | None = None,
    limit: int = 50,
) -> Worklist:
    """What these recipients have to answer as at a time, the soonest due first."""
    asked = list(recipients)
    async with reading(pool) as connection:
        rows = await connection.fetch(SQL["worklist"], asked, *(after or Place()), limit)
        [counts] = await connection.fetch(SQL["worklist_count"], asked, at)
        taken_back = await connection.fetch(SQL["taken_back"], asked, since)
    return Worklist(
        notices=tuple(_notice(row) for row in rows),
        open=counts["open"],
        overdue=counts["overdue"],
        taken_back=tuple(TakenBack(**dict(row)) for row in taken_back),
    )


async def read_notice(
    pool: Pool, notification_id: UUID, recipients: Sequence[str]
) -> Notice | None:
    """One notice of these recipients as its duty stands now; None if it is not theirs, or none."""
    async with reading(pool) as connection:
        row = await connection.fetchrow(SQL["notice_of_team"], notification_id, list(recipients))
    return None if row is None else _notice(row)


def _notice(row: asyncpg.Record) -> Notice:
    values = dict(row)
    body = values.pop("body")
    values["asks"] = tuple(Ask(each) for each in from_json(values["asks"]))
    values["state"] = DutyState(values["state"])
    values["told"] = {} if body is None else from_json(body.decode())
    return Notice(**values)
