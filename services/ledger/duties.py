"""Duties, and every change of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.ledger.queries import SQL
from services.runtime.postgres import Connection, copy_rows


class DutyRow(NamedTuple):
    """A row of `duty`: somebody must be told about one person because of one occurrence."""

    duty_id: UUID
    occurrence_id: UUID | None
    dead_letter_id: UUID | None
    person_key: str
    about: str | None
    service: str
    recipient: str
    organisation: str
    kind: str
    instead_of: str | None
    because: str | None
    urgency: str
    respond_by: datetime
    asks: str
    reasons: str
    late: bool
    episode: int
    revision: int
    fingerprint: bytes
    notification_id: UUID
    state: str
    owed_at: datetime
    act_by: datetime | None
    look_at: datetime | None
    district: str | None
    ended_at: datetime | None = None
    occurred_at: datetime | None = None
    learned_later: bool = False
    unplaced: str | None = None
    event_source: str | None = None
    event_type: str | None = None


class DutyUpdate(NamedTuple):
    """What a known duty has become.

    With `asks` it asks again: nobody has answered that yet. Without, it is withdrawn, and what it
    told and the times of its steps stay as they are.
    """

    duty_id: UUID
    about: str | None
    because: str | None
    urgency: str
    respond_by: datetime
    asks: str | None
    reasons: str | None
    late: bool
    revision: int
    fingerprint: bytes
    notification_id: UUID
    state: str
    act_by: datetime | None
    look_at: datetime | None
    district: str | None
    ended_at: datetime | None
    occurred_at: datetime
    learned_later: bool
    unplaced: str | None


class NotificationRow(NamedTuple):
    """A row of `notification`: which duty, and which revision of it, a notice tells."""

    notification_id: UUID
    duty_id: UUID
    revision: int


class DutyChangeRow(NamedTuple):
    """A row of `duty_change`: who changed a duty, when and why."""

    duty_id: UUID
    changed_at: datetime
    changed_by: str
    state: str
    revision: int
    why: str


async def insert_duties(connection: Connection, rows: Iterable[DutyRow]) -> None:
    """Stores new duties. A duty that is known already is refused, with the whole transaction."""
    await copy_rows(connection, "duty", DutyRow._fields, rows)


async def update_duties(connection: Connection, rows: Sequence[DutyUpdate]) -> None:
    """Changes known duties, whose rows the caller has locked by reading their cases."""
    if rows:
        await connection.execute(SQL["update_duties"], *zip(*rows, strict=True))


async def insert_notifications(connection: Connection, rows: Iterable[NotificationRow]) -> None:
    """Appends notices, by which receipts find their duties."""
    await copy_rows(connection, "notification", NotificationRow._fields, rows)


async def insert_duty_changes(connection: Connection, rows: Iterable[DutyChangeRow]) -> None:
    """Appends changes, in order."""
    await copy_rows(connection, "duty_change", DutyChangeRow._fields, rows)
