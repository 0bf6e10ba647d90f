"""Probes of the way from a source's topic to the queues: asked for, sent, and back again."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from services.ledger.queries import SQL
from services.ledger.sources import probe_message_id
from services.runtime.postgres import Connection

TOO_OLD = timedelta(hours=1)
"""A probe that was asked for longer ago is not sent any more: there is a newer one."""
_LOOKED_FOR = timedelta(hours=6)


class ProbeToSend(NamedTuple):
    """A probe that is to go to its source's topic."""

    probe_id: UUID
    publisher: str
    asked_at: datetime


async def ask_probes(connection: Connection, publishers: Collection[str], *, at: datetime) -> None:
    """Asks for one probe of each source in this hour, if nobody has yet."""
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    rows = await connection.fetch(SQL["missing_probes"], sorted(publishers), hour)
    if rows:
        ids = [uuid4() for _ in rows]
        names = [row["publisher"] for row in rows]
        await connection.execute(SQL["ask_probes"], ids, names, hour, at)


async def probes_to_send(connection: Connection, *, at: datetime) -> tuple[ProbeToSend, ...]:
    """Probes that were asked for and that Kafka is not known to have."""
    rows = await connection.fetch(SQL["probes_to_send"], at - TOO_OLD)
    return tuple(ProbeToSend(*row) for row in rows)


async def probes_sent(connection: Connection, probes: Sequence[UUID], *, at: datetime) -> None:
    """Notes that Kafka has probes. One that is sent twice does no harm: it counts once."""
    await connection.execute(SQL["probes_sent"], probes, at)


async def note_returned_probes(connection: Connection, *, at: datetime) -> None:
    """Notes which probes have come out again: the relay says so of what it has committed."""
    rows = await connection.fetch(SQL["probes_arrived_not_returned"], at - _LOOKED_FOR)
    ids = [row["probe_id"] for row in rows]
    if ids:
        await connection.execute(SQL["probes_returned"], ids, [probe_message_id(i) for i in ids])
