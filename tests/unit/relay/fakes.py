"""A ledger and a log in memory, which keep what the relay may rely on and nothing more."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from services.ledger.lanes import (
    Lane,
    LaneInPlay,
    LanesInPlay,
    LeaseLost,
    Marked,
    NumberedRow,
    Published,
)
from services.relay.message import Message
from services.runtime.errors import FieldfareError

LANE = Lane("queue", 0)


async def eventually(holds: Callable[[], bool]) -> None:
    """Waits until something holds; fails the test if it does not in time."""
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.002)


@dataclass
class MemoryLedger:
    """One recipient a lane.

    `fails` holds errors for the next calls of `in_play`, and `breaks` for those of `read`.
    """

    open_rows: dict[Lane, list[UUID]] = field(default_factory=dict)
    numbered: dict[Lane, list[NumberedRow]] = field(default_factory=dict)
    marked: dict[UUID, int] = field(default_factory=dict)
    owned: set[Lane] = field(default_factory=set)
    confirmed: dict[Lane, int] = field(default_factory=dict)
    fails: list[FieldfareError] = field(default_factory=list)
    breaks: list[Exception] = field(default_factory=list)
    renewed: set[Lane] = field(default_factory=set)

    def add(self, count: int, lane: Lane = LANE) -> list[UUID]:
        ids = [uuid4() for _ in range(count)]
        self.open_rows.setdefault(lane, []).extend(ids)
        return ids

    @property
    def is_empty(self) -> bool:
        return not any(self.open_rows.values()) and not any(map(self._unmarked, self.numbered))

    async def in_play(self) -> LanesInPlay:
        if self.fails:
            raise self.fails.pop()
        lanes = {*self.owned, *(lane for lane in self.open_rows if self._has_open(lane))}
        return LanesInPlay(
            tuple(
                LaneInPlay(lane, "me" if lane in self.owned else None, self._has_open(lane))
                for lane in sorted(lanes)
            ),
            relays=1,
        )

    async def take(self, lane: Lane) -> bool:
        self.owned.add(lane)
        return True

    async def renew(self, lanes: Collection[Lane]) -> None:
        self.renewed = set(lanes)

    async def give_back(self, lane: Lane) -> None:
        self.owned.discard(lane)

    async def hold(self, lane: Lane) -> int:
        if lane not in self.owned:
            raise LeaseLost
        return self.confirmed.get(lane, 0)

    async def number(self, lane: Lane, limit: int) -> tuple[int, ...]:
        await self.hold(lane)
        rows, fresh = self.numbered.setdefault(lane, []), self.open_rows.setdefault(lane, [])
        first = len(rows)
        rows += [
            NumberedRow(number, message_id, "team", number + 1, {}, b"{}")
            for number, message_id in enumerate(fresh[:limit], first)
        ]
        del fresh[:limit]
        return tuple(row.outbox_no for row in rows[first:])

    async def left_numbered(self, lane: Lane) -> tuple[int, ...]:
        return tuple(row.outbox_no for row in self._unmarked(lane))

    async def read(self, outbox_nos: Sequence[int]) -> tuple[NumberedRow, ...]:
        if self.breaks:
            raise self.breaks.pop()
        [rows] = self.numbered.values()
        return tuple(rows[number] for number in outbox_nos)

    async def mark(self, lane: Lane, published: Published, at: datetime) -> Marked:
        await self.hold(lane)
        assert at.tzinfo is not None
        ours = {row.message_id for row in self.numbered.get(lane, [])}
        known = [message_id for message_id in published.message_ids if message_id in ours]
        self.marked |= dict(zip(published.message_ids, published.offsets, strict=True))
        self.confirmed[lane] = published.next_offset
        return Marked(rows=len(known), duties=0, known=len(known))

    def _has_open(self, lane: Lane) -> bool:
        return bool(self.open_rows.get(lane)) or bool(self._unmarked(lane))

    def _unmarked(self, lane: Lane) -> list[NumberedRow]:
        return [r for r in self.numbered.get(lane, []) if r.message_id not in self.marked]


@dataclass
class MemoryLog:
    """A partition.

    `fails` holds, for each publish to come, the error if any and whether the messages got through.
    """

    messages: list[Message] = field(default_factory=list)
    fails: list[tuple[FieldfareError | None, bool]] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    opened: int = 0
    closed: int = 0

    async def open(self) -> None:
        self.opened += 1

    async def read_tail(self, confirmed_offset: int) -> Published:
        return self._published(confirmed_offset)

    async def publish(self, messages: Sequence[Message]) -> Published:
        await asyncio.sleep(0)
        first = len(self.messages)
        error, came_through = self.fails.pop(0) if self.fails else (None, True)
        if came_through:
            self.batches.append(len(messages))
            self.messages.extend(messages)
        if error is not None:
            raise error
        return self._published(first)

    async def close(self) -> None:
        self.closed += 1

    def _published(self, first: int) -> Published:
        ids = tuple(message.message_id for message in self.messages[first:])
        return Published(ids, tuple(range(first, first + len(ids))), len(self.messages))
