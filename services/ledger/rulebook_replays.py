"""Replays that the console starts: at most one at work for a version, and what each found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.ledger.jsonb import from_json, json_text
from services.ledger.queries import SQL
from services.runtime.postgres import Connection, Pool, reading, transaction

SILENT = timedelta(minutes=2)
"""A replay of which nobody has heard for so long has stopped: its process says so far oftener."""
_STOPPED = "whatever ran it has ended; begin it again"


@dataclass(frozen=True, slots=True)
class KeptReplay:
    """One replay. `found` is None until it has ended, and where `problem` says why it did not.

    `occurrences` is None until it is known how many there are to look at.
    """

    replay_id: UUID
    happened_from: datetime
    happened_until: datetime
    asked_at: datetime
    asked_by: str
    heard_at: datetime
    occurrences: int | None
    done: int
    ended_at: datetime | None
    problem: str | None
    found: Mapping[str, Any] | None

    def is_at_work(self, at: datetime) -> bool:
        """Whether somebody is still at it."""
        return self.ended_at is None and self.heard_at >= at - SILENT

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 * self.done // self.occurrences if self.occurrences else 0


async def begin_replay(
    connection: Connection,
    content_hash: str,
    period: tuple[datetime, datetime],
    *,
    by: str,
    at: datetime,
) -> UUID | None:
    """Notes that one begins, in the caller's transaction; None if one is at work already.

    One that has stopped without a word is ended.
    """
    await connection.execute(SQL["end_silent_replays"], content_hash, at - SILENT, at, _STOPPED)
    begun: UUID | None = await connection.fetchval(
        SQL["begin_replay"], uuid4(), content_hash, *period, at, by
    )
    return begun


async def note_replay(
    pool: Pool, replay_id: UUID, occurrences: int | None, done: int, *, at: datetime
) -> None:
    """Says how far it is, and that somebody is at it."""
    async with transaction(pool) as connection:
        await connection.execute(SQL["note_replay"], replay_id, at, occurrences, done)


async def end_replay(
    pool: Pool,
    replay_id: UUID,
    *,
    at: datetime,
    found: Mapping[str, Any] | None = None,
    problem: str | None = None,
) -> None:
    """Keeps what it found, or else why it found nothing; repeating it changes nothing."""
    kept = None if found is None else json_text(found)
    async with transaction(pool) as connection:
        await connection.execute(SQL["end_replay"], replay_id, at, problem, kept)


async def replays_of(pool: Pool, content_hash: str) -> Sequence[KeptReplay]:
    """The last replays of a version, the newest first."""
    async with reading(pool) as connection:
        rows = await connection.fetch(SQL["replays_of_version"], content_hash)
    return [
        KeptReplay(**{**dict(row), "found": row["found"] and from_json(row["found"])})
        for row in rows
    ]
