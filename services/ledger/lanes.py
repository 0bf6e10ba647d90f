"""Lanes of the outbox: who publishes to a partition, and what goes out next."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.ledger.queries import SQL
from services.runtime.errors import TransientError
from services.runtime.postgres import Connection, Pool, reading

RELAYS_LOCK = (0x66696C64, 0x72656C79)
"""Every live relay's session shares this advisory lock, so that relays can be counted."""


class LeaseLost(TransientError):
    """Somebody else may publish to the lane by now: leave it alone."""


@dataclass(frozen=True, slots=True, order=True)
class Lane:
    """One partition of one topic that the outbox has rows for."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class LaneInPlay:
    """A lane that has rows to publish, or a live owner, or both."""

    lane: Lane
    owner: str | None
    has_open_rows: bool


@dataclass(frozen=True, slots=True)
class LanesInPlay:
    """All of them, and how many relays are alive."""

    lanes: tuple[LaneInPlay, ...]
    relays: int


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """A row that has its number."""

    outbox_no: int
    message_id: UUID
    message_key: str
    recipient_sequence: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Published:
    """Messages that Kafka has committed, each with its offset, and how far the log was read."""

    message_ids: tuple[UUID, ...]
    offsets: tuple[int, ...]
    next_offset: int


@dataclass(frozen=True, slots=True)
class Marked:
    """How many rows and duties a marking changed, and how many of the messages are ours."""

    rows: int
    duties: int
    known: int


@dataclass(frozen=True, slots=True)
class LaneLedger:
    """The ledger as one relay, the `owner`, sees it. Leases run by PostgreSQL's own clock.

    Every method is one statement, so it is done wholly or not at all, and blocks for as long as
    PostgreSQL takes. All raise `DatabaseAway`, after which it is not known whether it was done;
    repeating any of them is safe.
    """

    pool: Pool
    owner: str
    lease: timedelta

    async def in_play(self) -> LanesInPlay:
        """What there is to do, and who does it."""
        async with reading(self.pool) as connection:
            rows = await connection.fetch(SQL["lanes_in_play"], *RELAYS_LOCK)
        return LanesInPlay(
            lanes=tuple(
                LaneInPlay(Lane(row["topic"], row["partition"]), row["owner"], row["has_open_rows"])
                for row in rows
            ),
            relays=rows[0]["relays"] if rows else 0,
        )

    async def take(self, lane: Lane) -> bool:
        """Takes a lane for one lease if nobody holds it; answers whether it is ours."""
        async with reading(self.pool) as connection:
            confirmed = await connection.fetchval(
                SQL["take_lane"], lane.topic, lane.partition, self.owner, self.lease
            )
        return confirmed is not None

    async def renew(self, lanes: Collection[Lane]) -> None:
        """Prolongs those of the lanes that are still ours; what has expired stays lost.

        Name only lanes that are worked on: one whose giving back failed must run out.
        """
        topics = [lane.topic for lane in lanes]
        partitions = [lane.partition for lane in lanes]
        async with reading(self.pool) as connection:
            await connection.execute(SQL["renew_lanes"], self.owner, self.lease, topics, partitions)

    async def hold(self, lane: Lane) -> int:
        """Prolongs one lane and answers how far its log is confirmed. Raises `LeaseLost`."""
        async with reading(self.pool) as connection:
            confirmed: int | None = await connection.fetchval(
                SQL["hold_lane"], lane.topic, lane.partition, self.owner, self.lease
            )
        if confirmed is None:
            raise LeaseLost("the lane is no longer ours")
        return confirmed

    async def give_back(self, lane: Lane) -> None:
        """Frees a lane for others; changes nothing if it is not ours."""
        async with reading(self.pool) as connection:
            await connection.execute(SQL["give_lane_back"], lane.topic, lane.partition, self.owner)

    async def number(self, lane: Lane, limit: int) -> tuple[int, ...]:
        """Numbers at most `limit` open rows, gap-free for each recipient; answers which rows.

        Raises `LeaseLost`. If the answer is lost, the rows are among `left_numbered`.
        """
        async with reading(self.pool) as connection:
            row = await connection.fetchrow(
                SQL["number_rows"], lane.topic, lane.partition, self.owner, self.lease, limit
            )
        if row is None or not row["is_held"]:
            raise LeaseLost("the lane is no longer ours")
        return tuple(row["outbox_nos"])

    async def left_numbered(self, lane: Lane) -> tuple[int, ...]:
        """Rows that have a number and are not marked as published, in the order to send them."""
        async with reading(self.pool) as connection:
            rows = await connection.fetch(SQL["numbered_rows"], lane.topic, lane.partition)
        return tuple(row["outbox_no"] for row in rows)

    async def read(self, outbox_nos: Sequence[int]) -> tuple[NumberedRow, ...]:
        """Numbered rows, in the order to send them."""
        async with reading(self.pool) as connection:
            rows = await connection.fetch(SQL["rows_to_publish"], outbox_nos)
        return tuple(
            NumberedRow(
                outbox_no=row["outbox_no"],
                message_id=row["message_id"],
                message_key=row["message_key"],
                recipient_sequence=row["recipient_sequence"],
                headers=json.loads(row["headers"]),
                body=row["body"],
            )
            for row in rows
        )

    async def mark(self, lane: Lane, published: Published, at: datetime) -> Marked:
        """Records what Kafka has committed, and moves duties from owed to sent, never back.

        Marking again changes nothing. Raises `LeaseLost`.
        """
        async with reading(self.pool) as connection:
            row = await connection.fetchrow(
                SQL["mark_published"],
                *(lane.topic, lane.partition, self.owner, self.lease),
                *(published.next_offset, at, published.message_ids, published.offsets),
            )
        if row is None or not row["is_held"]:
            raise LeaseLost("the lane is no longer ours")
        return Marked(rows=row["marked"], duties=row["moved"], known=row["known"])


async def declare_relay_alive(connection: Connection) -> None:
    """Counts a session as a live relay for as long as it lasts; does not wait for anybody."""
    await connection.execute(SQL["declare_relay_alive"], *RELAYS_LOCK)
