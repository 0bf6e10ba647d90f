"""One duty with all that became of it, for whoever must act on it. It names nobody but staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from schemas.values import Ask
from services.ledger.duty_rows import ROUTER, WATCH
from services.ledger.jsonb import from_json
from services.ledger.queries import SQL
from services.runtime.postgres import Connection, Pool, reading

_PROCESSES = [ROUTER, WATCH, "relay"]
"""Who changes duties without being a person."""


@dataclass(frozen=True, slots=True)
class DutyInFull:
    """A duty as it stands; `person` is the event's own reference, never a name.

    `cause` says why it was missed, if it was; `awaits` what is missing still.
    """

    duty_id: UUID
    occurrence_id: UUID | None
    dead_letter_id: UUID | None
    service: str
    recipient: str
    organisation: str
    kind: str
    instead_of: str | None
    because: str | None
    urgency: str
    respond_by: datetime
    act_by: datetime | None
    asks: tuple[Ask, ...]
    reasons: tuple[dict[str, str], ...]
    late: bool
    revision: int
    state: str
    owed_at: datetime
    sent_at: datetime | None
    refused_at: datetime | None
    ended_at: datetime | None
    district: str | None
    occurred_at: datetime | None
    overdue_from: datetime | None
    person: str | None
    role: str | None
    cause: str | None
    awaits: str | None
    recipient_sequence: int | None
    published_at: datetime | None


class Change(NamedTuple):
    """Who changed a duty to what, when and why."""

    change_no: int
    changed_at: datetime
    changed_by: str
    state: str
    revision: int
    why: str


class SaidOfDuty(NamedTuple):
    """What a recipient said about a duty, and what came of it."""

    received_at: datetime
    said_at: datetime
    said_by: str | None
    organisation: str
    status: str
    verdict: str
    outcome: str | None
    note: str | None
    suggested_recipient: str | None


class Step(NamedTuple):
    """Whom the ladder told about a duty."""

    escalated_at: datetime
    due_at: datetime
    step: int
    unmet: str
    told: str
    recipient: str
    late: bool


class Origin(NamedTuple):
    """The event that a duty stems from; of a dead letter `field` and `reason` say why it is one."""

    source: str | None
    id: str | None
    type: str | None
    received_at: datetime
    field: str | None
    reason: str | None
    processed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DutyStory:
    """A duty, where it came from, and all that became of it, each in order."""

    duty: DutyInFull
    origin: Origin | None
    changes: tuple[Change, ...]
    said: tuple[SaidOfDuty, ...]
    steps: tuple[Step, ...]


class LastTouch(NamedTuple):
    """The last change of a duty by a named person."""

    change_no: int
    changed_at: datetime
    changed_by: str
    why: str
    state: str


class NoticeOfDuties(NamedTuple):
    """A notice of the ladder: who was told it, and which duties it is about."""

    recipients: frozenset[str]
    duty_ids: tuple[UUID, ...]


class DutyOfNotice(NamedTuple):
    """A duty that a notice is about, as it stands now; without a cause it is not missed.

    Where its own notice names no source, nobody may see one but those who may see everything.
    """

    duty_id: UUID
    occurrence_id: UUID | None
    dead_letter_id: UUID | None
    person: str | None
    service: str
    recipient: str
    district: str | None
    because: str | None
    occurred_at: datetime
    due: datetime
    state: str
    ended_at: datetime | None
    awaits: str
    cause: str | None
    source: str | None
    event_id: str | None
    type: str | None
    names_source: bool


async def duty_story(pool: Pool, duty_id: UUID, *, at: datetime) -> DutyStory | None:
    """A duty as at a time with all that became of it, or None if there is no such duty."""
    async with reading(pool) as connection:
        row = await connection.fetchrow(SQL["duty_in_full"], duty_id, at)
        if row is None:
            return None
        origin = await connection.fetchrow(
            SQL["event_of_duty"], row["occurrence_id"], row["dead_letter_id"]
        )
        changes = await connection.fetch(SQL["changes_of_duty"], duty_id)
        said = await connection.fetch(SQL["receipts_of_duty"], duty_id)
        steps = await connection.fetch(SQL["steps_of_duty"], duty_id)
    return DutyStory(
        _duty(row),
        None if origin is None else Origin(**dict(origin)),
        tuple(Change(**dict(each)) for each in changes),
        tuple(SaidOfDuty(**dict(each)) for each in said),
        tuple(Step(**dict(each)) for each in steps),
    )


async def last_touch(connection: Connection, duty_id: UUID) -> LastTouch | None:
    """The last change of a duty that a named person made, or None."""
    row = await connection.fetchrow(SQL["last_change_by_a_person"], duty_id, _PROCESSES)
    return None if row is None else LastTouch(**dict(row))


async def notice_of_duties(pool: Pool, notice_id: UUID) -> NoticeOfDuties | None:
    """What a notice of the ladder is about; None if nothing by that id told of any duty."""
    async with reading(pool) as connection:
        rows = await connection.fetch(SQL["duties_of_notice"], notice_id)
        addressed = await connection.fetchval(SQL["recipient_of_duty"], notice_id)
    if not rows:
        return None
    told = {row["recipient"] for row in rows} | ({addressed} if addressed else set())
    return NoticeOfDuties(frozenset(told), tuple(dict.fromkeys(row["duty_id"] for row in rows)))


async def duties_of_notice(
    pool: Pool, duty_ids: Sequence[UUID], *, at: datetime
) -> tuple[DutyOfNotice, ...]:
    """Those duties as at a time, the longest due first."""
    async with reading(pool) as connection:
        rows = await connection.fetch(SQL["duties_as_missed"], at, list(duty_ids))
    return tuple(DutyOfNotice(**dict(row)) for row in rows)


def _duty(row: asyncpg.Record) -> DutyInFull:
    values = dict(row)
    values["asks"] = tuple(Ask(each) for each in from_json(values["asks"]))
    values["reasons"] = tuple(from_json(values["reasons"]))
    return DutyInFull(**values)
