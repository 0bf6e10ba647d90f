"""A county for some simulated weeks: router, relay, teams and watch over a real ledger.

Everything happens on one clock, which is an object. Only Kafka is not there: what the relay would
publish is handed to the teams at once, numbered and marked by the ledger's own statements.
"""

import heapq
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4

from routing_rules.learning import route_again, route_event
from routing_rules.rulebook import Rulebook
from schemas.reading import read_event
from schemas.receipt import read_receipt
from services.ledger.conservation import check_conservation
from services.ledger.lanes import Lane, LaneLedger, Published
from services.router.duty_orders import close
from services.router.handler import Router
from services.router.messages import Post
from services.router.orders import Order
from services.router.receiver import Receiver
from services.router.record import Record
from services.router.routing import Routing
from services.runtime.backoff import Backoff
from services.runtime.clock import FixedClock
from services.runtime.postgres import Pool, transaction
from services.runtime.topics import Topics
from services.watch.chasing import Chasing
from services.watch.failpoints import Failpoint
from services.watch.sources import SourceWatch
from tests.integration.weeks.model import HOUR

Notice = Mapping[str, Any]
Answer = tuple[datetime, str, Mapping[str, Any]]
_LEASE = timedelta(hours=1)
DEAD_LETTER = "a dead letter"


class Killed(Exception):
    """The watch was killed."""


@dataclass(slots=True)
class KillsItself:
    """Kills the watch when a point is reached, once."""

    at: Failpoint | None = None

    async def reached(self, point: Failpoint) -> None:
        if point is self.at:
            self.at = None
            raise Killed


@dataclass(slots=True)
class World:
    """The county. `answers` says, by event, person and recipient, who answers otherwise than most.

    Whoever is not named there finishes what is asked an hour after it arrives; nobody answers an
    escalation. Nothing leaves for the topics in `held`.
    """

    pool: Pool
    rulebook: Rulebook
    clock: FixedClock
    answers: dict[tuple[str, str | None, str], list[Answer]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    failpoint: KillsItself = field(default_factory=KillsItself)
    killed: int = 0
    broken: list[tuple[datetime, str]] = field(default_factory=list)
    _actions: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = field(
        default_factory=list
    )
    _numbers: Any = field(default_factory=count)
    _offsets: dict[str, int] = field(default_factory=dict)
    _lane_ends: dict[Lane, int] = field(default_factory=dict)

    def at(self, when: datetime, does: Callable[[], Awaitable[None]]) -> None:
        """Something that will happen."""
        heapq.heappush(self._actions, (when, next(self._numbers), does))

    async def until(self, when: datetime) -> None:
        """Lets everything happen, in order, up to a moment."""
        while self._actions and self._actions[0][0] <= when:
            now, _, does = heapq.heappop(self._actions)
            self.clock.set(now)
            await does()
        self.clock.set(when)

    def publish(self, when: datetime, family: str, event: Mapping[str, Any] | bytes) -> None:
        """An event that a source will publish, and that arrives at once."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        publisher = "staffordshire-police"
        if not isinstance(event, bytes):
            publisher = str(event["source"]).rsplit(":", 1)[-1]
        topic = f"fieldfare.events.{family}.{publisher}"
        self.at(when, lambda: self._route(topic, body))

    def watch_every_hour(self, since: datetime, until: datetime) -> None:
        """The watch, hourly; sources and the ledger's sums now and then."""
        hours = (until - since) // HOUR
        for hour in range(hours + 1):
            self.at(since + hour * HOUR, self._chase)
            if hour % 2 == 0:
                self.at(since + hour * HOUR, self._look)
            if hour % 12 == 0:
                self.at(since + hour * HOUR, self._add_up)

    def close(self, when: datetime, event: str, recipient: str) -> None:
        """A named person will close the duty of a recipient."""
        self.at(when, lambda: self._close(event, recipient))

    async def _close(self, event: str, recipient: str) -> None:
        async with transaction(self.pool) as connection:
            duty_id = await connection.fetchval(
                "SELECT duty_id FROM duty INNER JOIN event USING (occurrence_id)"
                " WHERE event.id = $1 AND duty.recipient = $2",
                *(event, recipient),
            )
            order = Order("A. Coordinator", "told by telephone")
            await close(connection, duty_id, order, at=self.clock.now())

    async def relay(self) -> None:
        """Numbers and delivers whatever is open, but for what is held."""
        lanes = LaneLedger(self.pool, "relay", _LEASE)
        for each in (await lanes.in_play()).lanes:
            if each.has_open_rows and each.lane.topic not in self.held:
                await self._empty(lanes, each.lane)

    async def _empty(self, lanes: LaneLedger, lane: Lane) -> None:
        await lanes.take(lane)
        rows = await lanes.read(await lanes.number(lane, 10_000))
        begin = self._lane_ends.get(lane, 0)
        end = begin + len(rows)
        marked = Published(
            tuple(row.message_id for row in rows), tuple(range(begin, end)), next_offset=end
        )
        await lanes.mark(lane, marked, self.clock.now())
        self._lane_ends[lane] = end
        await lanes.give_back(lane)
        for row in rows:
            if ".queue." in lane.topic:
                self._deliver(json.loads(row.body))

    def _deliver(self, notice: Notice) -> None:
        """A team reads a notice, and will answer as the script says, or as teams mostly do."""
        if notice["kind"] in {"escalate", "withdraw"}:
            return
        person = notice["about"]["ref"] if notice["about"] else None
        event = notice["event"]["id"] if notice["about"] else DEAD_LETTER
        key = (event, person, notice["recipient"])
        most: list[Answer] = [
            (self.clock.now() + HOUR, "done" if "act" in notice["asks"] else "recorded", {})
        ]
        for when, status, said in self.answers.get(key, most):
            self.at(when, partial(self._answer, notice, status, said))

    async def _answer(self, notice: Notice, status: str, said: Mapping[str, Any]) -> None:
        data = {
            "notification_id": notice["notification_id"],
            "status": status,
            "at": self.clock.now().isoformat(),
            "by": "A. Practitioner",
            **said,
        }
        organisation = str(notice["organisation"])
        envelope = {
            "specversion": "1.0",
            "id": str(uuid4()),
            "source": f"urn:fieldfare:source:{organisation.lower()}",
            "type": "fieldfare.receipt.v1",
            "time": self.clock.now().isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }
        topic = f"fieldfare.receipts.{organisation}"
        record = self._record(topic, json.dumps(envelope).encode())
        receiver = Receiver(
            self.pool, self._routing(), read_receipt, self.clock, backoff=_patience()
        )
        await receiver.handle([record])
        await self.relay()

    async def _route(self, topic: str, body: bytes) -> None:
        router = Router(self.pool, self._routing(), read_event, self.clock, backoff=_patience())
        await router.handle([self._record(topic, body)])
        await router.reconsider()
        await self.relay()

    async def _chase(self) -> None:
        chasing = Chasing(
            self.pool, self.rulebook, self._post(), "https://console.example", self.failpoint
        )
        try:
            await chasing.chase(self.clock.now())
        except Killed:  # and started again at once
            self.killed += 1
            await chasing.chase(self.clock.now())
        await self.relay()

    async def _look(self) -> None:
        await SourceWatch(self.pool, self.rulebook, self._post(), with_probes=False).look(
            self.clock.now()
        )
        await self.relay()

    async def _add_up(self) -> None:
        at = self.clock.now()
        for each in await check_conservation(self.pool, at=at):
            if not each.is_whole:
                self.broken.append((at, each.name))

    def _record(self, topic: str, body: bytes) -> Record:
        offset = self._offsets.get(topic, 0)
        self._offsets[topic] = offset + 1
        return Record(topic, 0, offset, (), body, 0)

    def _post(self) -> Post:
        return Post(Topics("fieldfare"), 1)

    def _routing(self) -> Routing:
        return Routing(self.rulebook, self._post(), route_event, route_again)


def _patience() -> Backoff:
    return Backoff(first=0.01, most=0.1, random=Random(1))
