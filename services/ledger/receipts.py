"""What recipients say, and how it leaves their duties."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from routing_rules.answers import Answerable
from schemas.values import Ask, DutyState, Service
from services.ledger.jsonb import from_json
from services.ledger.queries import SQL
from services.runtime.postgres import Connection, copy_rows

RETURNED = "returned as not ours"
"""Why a duty was withdrawn that its recipient has returned."""


class ReceiptKey(NamedTuple):
    """What names a receipt for ever: nobody can use up the ids of another organisation."""

    organisation: str
    source: str
    id: str


class ReceiptRow(NamedTuple):
    """A row of `receipt`."""

    source: str
    id: str
    sha256: bytes
    notification_id: UUID
    duty_id: UUID | None
    organisation: str
    status: str
    said_at: datetime
    said_by: str | None
    outcome: str | None
    note: str | None
    suggested_recipient: str | None
    verdict: str
    topic: str | None
    partition: int | None
    log_offset: int | None
    received_at: datetime


class ReturnRow(NamedTuple):
    """A row of `duty_return`: whose duty it was, and whom they name instead."""

    occurrence_id: UUID
    person_key: str
    service: str
    recipient: str
    to_recipient: str | None
    is_by_hand: bool
    duty_id: UUID
    returned_by: str
    returned_at: datetime


class Noticed(NamedTuple):
    """The duty that a notice tells, and which revision of it."""

    duty_id: UUID
    revision: int
    occurrence_id: UUID | None


class AnsweredDuty(NamedTuple):
    """A duty as far as answers concern it; its steps are on the ledger's clock."""

    duty_id: UUID
    occurrence_id: UUID | None
    person_key: str
    service: Service
    recipient: str
    organisation: str
    kind: str
    instead_of: Service | None
    asks: tuple[Ask, ...]
    state: DutyState
    revision: int
    notification_id: UUID
    respond_by: datetime
    look_at: datetime | None
    sent_at: datetime | None
    received_at: datetime | None
    acknowledged_at: datetime | None
    recorded_at: datetime | None
    done_at: datetime | None
    refused_at: datetime | None
    ended_at: datetime | None
    has_case: bool

    def answerable(self, *, can_be_returned: bool) -> Answerable:
        """The duty for the pure core."""
        return Answerable(
            organisation=self.organisation,
            state=self.state,
            asks=self.asks,
            revision=self.revision,
            is_ended=self.ended_at is not None,
            is_refused=self.refused_at is not None,
            can_be_returned=can_be_returned,
        )


_ANSWERS = (
    "duty_id",
    "state",
    "sent_at",
    "received_at",
    "acknowledged_at",
    "recorded_at",
    "done_at",
    "refused_at",
    "ended_at",
    "look_at",
)


async def digests_of(connection: Connection, keys: Iterable[ReceiptKey]) -> dict[ReceiptKey, bytes]:
    """The hash of the bytes of each stored receipt, to tell a repeat from a reused id."""
    asked = sorted(set(keys))
    if not asked:
        return {}
    rows = await connection.fetch(SQL["digests_of_receipts"], *zip(*asked, strict=True))
    return {
        ReceiptKey(row["organisation"], row["source"], row["id"]): row["sha256"] for row in rows
    }


async def duties_of(connection: Connection, notices: Collection[UUID]) -> dict[UUID, Noticed]:
    """The duty of each notice that was ever made."""
    rows = await connection.fetch(SQL["duties_of_notifications"], list(notices))
    return {
        row["notification_id"]: Noticed(row["duty_id"], row["revision"], row["occurrence_id"])
        for row in rows
    }


async def lock_duties(
    connection: Connection, duties: Iterable[UUID], occurrences: Iterable[UUID] = ()
) -> None:
    """Locks the rows of duties, and of all duties of occurrences, to the transaction's end.

    Blocks while somebody else changes one. The caller holds the occurrences' own locks.
    """
    await connection.execute(SQL["lock_duties"], sorted(set(duties)), sorted(set(occurrences)))


async def answerable_duties(
    connection: Connection, asked: Iterable[UUID]
) -> dict[UUID, AnsweredDuty]:
    """Duties as they stand, whose rows the caller has locked."""
    rows = await connection.fetch(SQL["answerable_duties"], sorted(set(asked)))
    return {row["duty_id"]: _duty(row) for row in rows}


async def answer_duties(connection: Connection, duties: Iterable[AnsweredDuty]) -> None:
    """Stores how duties stand after answers, whose rows the caller has locked."""
    rows = [tuple(getattr(each, name) for name in _ANSWERS) for each in duties]
    if rows:
        await connection.execute(SQL["answer_duties"], *zip(*rows, strict=True))


async def insert_receipts(connection: Connection, rows: Sequence[ReceiptRow]) -> None:
    """Appends receipts. One that is stored already is refused, with the whole transaction."""
    await copy_rows(connection, "receipt", ReceiptRow._fields, rows)


async def insert_returns(connection: Connection, rows: Sequence[ReturnRow]) -> None:
    """Appends returns, in order."""
    await copy_rows(connection, "duty_return", ReturnRow._fields, rows)


def _duty(row: asyncpg.Record) -> AnsweredDuty:
    values = dict(row)
    instead_of = values["instead_of"]
    values |= {
        "service": Service(values["service"]),
        "instead_of": None if instead_of is None else Service(instead_of),
        "asks": tuple(Ask(each) for each in from_json(values["asks"])),
        "state": DutyState(values["state"]),
    }
    return AnsweredDuty(**values)
