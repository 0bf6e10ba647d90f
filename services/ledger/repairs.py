"""What a named person puts right: rows of it, and what must be read for it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.ledger.jsonb import from_json, json_text
from services.ledger.outbox import OutboxRow
from services.ledger.queries import SQL
from services.runtime.postgres import Connection, copy_rows

_RESENT = "ce_resent"
"""Marks a message that tells once more what was told before."""


class IdentificationRow(NamedTuple):
    """A row of `identification`: who somebody in an occurrence is, and who has traced it."""

    occurrence_id: UUID
    ref: str
    nhs_number: str
    date_of_birth: date
    identified_by: str
    why: str
    identified_at: datetime


class ReplayIssueRow(NamedTuple):
    """A row of `replay_issue`: who has had late notices issued, of which period, by which rules."""

    issue_id: UUID
    rulebook_hash: str
    since: datetime
    until: datetime
    issued_by: str
    why: str
    issued_at: datetime


class KeptLetter(NamedTuple):
    """A dead letter with its bytes, if they may be kept."""

    dead_letter_id: UUID
    topic: str
    partition: int
    log_offset: int
    source: str | None
    event_id: str | None
    reason: str
    headers: tuple[tuple[str, bytes], ...]
    body: bytes | None
    processed_at: datetime | None


async def occurrences_of_event(
    connection: Connection, event_id: str, source: str | None
) -> tuple[UUID, ...]:
    """The occurrences that events of that id report; none for what only the register learned."""
    rows = await connection.fetch(SQL["occurrences_of_event"], event_id, source)
    return tuple(dict.fromkeys(row["occurrence_id"] for row in rows))


async def insert_identification(connection: Connection, row: IdentificationRow) -> None:
    """Appends who somebody is."""
    await copy_rows(connection, "identification", IdentificationRow._fields, [row])


async def insert_replay_issue(connection: Connection, row: ReplayIssueRow) -> None:
    """Keeps an order to issue late notices; given again, it stays as it was first given."""
    await connection.execute(SQL["insert_replay_issue"], *row)


async def mark_issued(connection: Connection, duty_ids: Sequence[UUID], issue_id: UUID) -> None:
    """Notes of duties by which order they were issued."""
    await connection.execute(SQL["mark_issued"], duty_ids, issue_id)


async def letter_to_process(connection: Connection, dead_letter_id: UUID) -> KeptLetter | None:
    """A dead letter, locked to the transaction's end. Blocks while somebody else reads it again."""
    row = await connection.fetchrow(SQL["dead_letter_to_process"], dead_letter_id)
    return None if row is None else _letter(row)


async def letters_to_process(connection: Connection) -> tuple[UUID, ...]:
    """Every dead letter with bytes that nobody has read again yet, in order of arrival."""
    return tuple(row[0] for row in await connection.fetch(SQL["dead_letters_to_process"]))


async def mark_processed(
    connection: Connection, dead_letter_id: UUID, *, by: str, why: str, at: datetime
) -> None:
    """Notes that a dead letter was read again."""
    await connection.execute(SQL["mark_dead_letter_processed"], dead_letter_id, at, by, why)


async def open_duties_of_letter(connection: Connection, dead_letter_id: UUID) -> tuple[UUID, ...]:
    """MASH's open duties about one dead letter."""
    rows: Sequence[asyncpg.Record] = await connection.fetch(
        SQL["open_duties_of_dead_letter"], dead_letter_id
    )
    return tuple(row["duty_id"] for row in rows)


async def message_to_resend(
    connection: Connection, message_id: UUID, *, resent_as: UUID, duty_id: UUID
) -> OutboxRow | None:
    """The same message under another id and marked; None if it has not gone out."""
    row = await connection.fetchrow(SQL["message_to_resend"], message_id)
    if row is None or row["published_at"] is None:
        return None
    return OutboxRow(
        message_id=resent_as,
        topic=row["topic"],
        partition=row["partition"],
        recipient=row["recipient"],
        message_key=row["message_key"],
        headers=json_text({**from_json(row["headers"]), _RESENT: "true"}),
        body=row["body"],
        duty_id=duty_id,
    )


async def has_message(connection: Connection, message_id: UUID) -> bool:
    """Whether a message is in the outbox already."""
    return bool(await connection.fetchval(SQL["has_message"], message_id))


def _letter(row: asyncpg.Record) -> KeptLetter:
    pairs = from_json(row["headers"]) if row["headers"] else []
    headers = tuple((name, (value or "").encode()) for name, value in pairs)
    return KeptLetter(**{**dict(row), "headers": headers})
