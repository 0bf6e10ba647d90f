"""A router over a real ledger, and records to give to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import asyncpg

from routing_rules.learning import route_again, route_event
from schemas.reading import read_event
from services.router.arrivals import ReadEvent
from services.router.batch import Written
from services.router.handler import Router
from services.router.messages import Post
from services.router.record import Record
from services.router.routing import RouteAgain, RouteEvent, Routing
from services.runtime.backoff import Backoff
from services.runtime.clock import Clock, FixedClock
from services.runtime.postgres import Pool
from services.runtime.topics import Topics
from tests.builders import a_person, at_home, police, staffordshire
from tests.examples import family_named_by, publisher_of

TOPIC = "fieldfare.events.police.staffordshire-police"
NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
_SOURCE = "urn:fieldfare:source:staffordshire-police"
_TABLES = (
    "event",
    "occurrence",
    "decision",
    "duty",
    "duty_change",
    "dead_letter",
    "outbox",
)


def family(reference: str = "STF/2026/000001", **known: Any) -> dict[str, Any]:
    """A pregnant victim and a toddler at home."""
    victim = a_person(
        "victim", number=1, date_of_birth="1996-04-11", sex="female", pregnant="yes", **at_home()
    )
    toddler = a_person("child_present", number=2, date_of_birth="2024-02-02", **at_home())
    return police(victim, toddler, police_reference=reference, **known)


def message(
    data: Mapping[str, Any] | None = None, *, event_id: str = "e1", at: datetime = NOON
) -> bytes:
    """An event in structured mode."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": event_id,
            "source": _SOURCE,
            "type": "fieldfare.police.domestic-abuse.v1",
            "time": at.isoformat(),
            "datacontenttype": "application/json",
            "data": family() if data is None else data,
        }
    ).encode()


def record(value: bytes | None, offset: int = 0, *, partition: int = 0) -> Record:
    """A record of the one topic."""
    return Record(TOPIC, partition, offset, (), value, 0)


def records(*values: bytes | None, begin: int = 0, partition: int = 0) -> list[Record]:
    """Records of one partition, one after the other."""
    return [record(value, begin + i, partition=partition) for i, value in enumerate(values)]


def records_of(*events: Mapping[str, Any], begin: int = 0, partition: int = 0) -> list[Record]:
    """Records of whole events, each of its own publisher's topic; `begin` counts in each."""
    made: list[Record] = []
    for event in events:
        topic = f"fieldfare.events.{family_named_by(event)}.{publisher_of(event)}"
        offset = begin + sum(1 for each in made if each.topic == topic)
        made.append(Record(topic, partition, offset, (), json.dumps(event).encode(), 0))
    return made


def a_router(
    pool: Pool,
    *,
    decide_by: RouteEvent = route_event,
    again_by: RouteAgain = route_again,
    read: ReadEvent = read_event,
    clock: Clock | None = None,
) -> Router:
    """A router under the shipped rulebook, at noon unless it has a clock."""
    routing = Routing(staffordshire(), Post(Topics("fieldfare"), 1), decide_by, again_by)
    backoff = Backoff(first=0.01, most=0.1, random=Random(1))
    at_noon = FixedClock(NOON + timedelta(seconds=5))
    return Router(pool, routing, read, clock or at_noon, backoff=backoff)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a test sees of the ledger."""

    pool: Pool

    async def rows(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """The rows of a query."""
        async with self.pool.acquire() as connection:
            return list(await connection.fetch(query, *arguments))

    async def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {
            table: (await self.rows(f"SELECT count(*) FROM {table}"))[0][0]  # noqa: S608
            for table in _TABLES
        }

    async def replies(self) -> list[dict[str, Any]]:
        """Bodies of replies, in order."""
        return await self._bodies("%.replies.%")

    async def notices(self) -> list[dict[str, Any]]:
        """Bodies of notifications that are not withdrawn, in order."""
        return await self._bodies("%.queue.%")

    async def standing(self, family: str = "") -> set[tuple[str, str, bool]]:
        """Who is told about whom, and whether late, of what is not withdrawn.

        With a family, only because of what happened in events of it.
        """
        found = await self.rows(
            "SELECT about, recipient, late FROM duty LEFT JOIN occurrence USING (occurrence_id)"
            " WHERE state <> 'withdrawn' AND starts_with(coalesce(occurrence_key, ''), $1)",
            family,
        )
        return {
            (json.loads(row["about"])["ref"] if row["about"] else "", row["recipient"], row["late"])
            for row in found
        }

    async def waiting(self) -> list[tuple[str, datetime]]:
        """What is to be decided again: why, and from when."""
        found = await self.rows("SELECT because, due_at FROM reconsideration ORDER BY 1, 2")
        return [(row["because"], row["due_at"]) for row in found]

    async def next_offset(self, partition: int = 0) -> int | None:
        """Where the router goes on."""
        found = await self.rows(
            "SELECT next_offset FROM source_offset WHERE partition = $1", partition
        )
        return found[0][0] if found else None

    async def _bodies(self, topics: str) -> list[dict[str, Any]]:
        found = await self.rows(
            "SELECT body FROM outbox WHERE topic LIKE $1 AND withdrawn_at IS NULL"
            " ORDER BY outbox_no",
            topics,
        )
        return [json.loads(row["body"]) for row in found]


async def handle_each(router: Router, batches: Sequence[Sequence[Record]]) -> Written:
    """Batches one after the other."""
    written = Written()
    for batch in batches:
        written += await router.handle(batch)
    return written
