"""What flowed from each source to each service, by home district: counts, and the duties behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.ledger.missed import Cursor
from services.ledger.queries import SQL
from services.runtime.postgres import Pool, reading, snapshot


class Flowed(NamedTuple):
    """How many events of a source led to duties of a service about people of one district.

    `service` is the one that should know, also where an exception stands for it. Of the events,
    `told` led to a duty of a team of it, and `with_mash` to an exception. `district` is null where
    it is not known.
    """

    source: str
    type: str
    service: str
    district: str | None
    told: int
    with_mash: int


class Came(NamedTuple):
    """How many events of a source were about people of concern of one district.

    Of concern is whoever anybody was told about, whoever it was, and those about whom no rule
    applied though somebody should have been told.
    """

    source: str
    type: str
    district: str | None
    events: int


@dataclass(frozen=True, slots=True)
class Pathways:
    """What flowed and what came in a period."""

    flowed: tuple[Flowed, ...]
    came: tuple[Came, ...]


class DutyListed(NamedTuple):
    """A duty of a list, without whom it is about but the event's own reference."""

    duty_id: UUID
    occurrence_id: UUID | None
    person: str | None
    role: str | None
    service: str
    recipient: str
    kind: str
    instead_of: str | None
    because: str | None
    district: str | None
    state: str
    owed_at: datetime
    overdue_from: datetime | None
    ended_at: datetime | None
    source: str
    type: str


@dataclass(frozen=True, slots=True)
class DutiesAsked:
    """Which duties: owed since a time, and all that is given must match.

    `homes` are districts, with None for one that is not known; `others_than` asks for known
    districts that are none of these. `before` is the last duty of the page before.
    """

    since: datetime
    source: str | None = None
    service: str | None = None
    homes: tuple[str | None, ...] | None = None
    others_than: tuple[str, ...] | None = None
    state: str | None = None
    before: Cursor | None = None
    limit: int = 50


async def pathways_since(pool: Pool, since: datetime) -> Pathways:
    """What was owed since a time and still stands, and what came; it reads each such duty once."""
    async with snapshot(pool) as connection:
        await connection.execute(SQL["room_to_group"])
        rows = await connection.fetch(SQL["pathways_since"], since)
    return Pathways(
        tuple(
            Flowed(
                row["source"],
                row["type"],
                row["service"],
                row["district"],
                row["told"],
                row["with_mash"],
            )
            for row in rows
            if row["service"] is not None
        ),
        tuple(
            Came(row["source"], row["type"], row["district"], row["events"])
            for row in rows
            if row["service"] is None
        ),
    )


async def list_duties_behind(pool: Pool, asked: DutiesAsked) -> Sequence[DutyListed]:
    """A page of duties, the last owed first."""
    homes = None if asked.homes is None else [each for each in asked.homes if each is not None]
    async with reading(pool) as connection:
        rows = await connection.fetch(
            SQL["duties_behind"],
            asked.since,
            asked.source,
            asked.service,
            homes,
            asked.homes is not None and None in asked.homes,
            None if asked.others_than is None else list(asked.others_than),
            asked.state,
            None if asked.before is None else asked.before.occurred_at,
            None if asked.before is None else asked.before.row_id,
            asked.limit,
        )
    return [DutyListed(**dict(row)) for row in rows]
