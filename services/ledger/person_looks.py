"""Who is looking at whom: found once, for one session, and for a short time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from services.ledger.queries import SQL
from services.runtime.postgres import Connection

LASTS = timedelta(minutes=30)
"""After which a person must be found again."""


@dataclass(frozen=True, slots=True)
class Handle:
    """A person: by NHS number (the one that holds), else by occurrence and reference in it."""

    nhs_number: str | None = None
    occurrence_id: UUID | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Whom a session looks at, since when (UTC), and the reason that was given."""

    look_id: UUID
    handle: Handle
    reason: str
    begun_at: datetime


async def begin_look(connection: Connection, look: Look, session: str) -> None:
    """Keeps a look under the hash of its session's secret; those that have ended are deleted."""
    handle = look.handle
    await connection.execute(
        SQL["begin_person_look"],
        look.look_id,
        _hash(session),
        handle.nhs_number,
        handle.occurrence_id,
        handle.ref,
        look.reason,
        look.begun_at,
        look.begun_at - LASTS,
    )


async def read_look(
    connection: Connection, look_id: UUID, session: str, *, at: datetime
) -> Look | None:
    """A look of this session that has not ended; None for another session's, as for none."""
    row = await connection.fetchrow(SQL["person_look"], look_id, _hash(session), at - LASTS)
    if row is None:
        return None
    handle = Handle(row["nhs_number"], row["occurrence_id"], row["ref"])
    return Look(row["look_id"], handle, row["reason"], row["begun_at"])


def _hash(secret: str) -> bytes:
    return sha256(f"person look|{secret}".encode()).digest()
