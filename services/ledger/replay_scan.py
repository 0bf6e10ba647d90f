"""What a replay reads first: footings, features, and who was told; mostly all that it needs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from pydantic_core import from_json

from routing_rules.reconcile import Identity
from routing_rules.replay_sieve import StoredFacts
from routing_rules.replaying import Telling
from schemas.values import DutyState, EventType, NotificationKind, Service
from services.ledger.queries import SQL
from services.ledger.replaying import grouped
from services.runtime.postgres import Connection


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a sieve needs to know of one stored decision; `leaves_out` as in `DecisionRow`.

    Footings of one occurrence that are equal are one object.
    """

    type: EventType
    rulebook_hash: str
    because: str | None
    facts: StoredFacts
    has_endings: bool
    leaves_out: bool | None
    footing: Mapping[str, Any] | None = None


class Tellings(NamedTuple):
    """Who was told of an occurrence and not withdrawn, and whether anybody has answered."""

    told: tuple[Telling, ...]
    is_answered: bool


async def scan(connection: Connection, asked: Sequence[UUID]) -> dict[UUID, list[Scanned]]:
    """What a sieve looks at, by occurrence, decisions in order."""
    found: defaultdict[UUID, list[Scanned]] = defaultdict(list)
    text, footing = None, None
    for row in await connection.fetch(SQL["replay_scan"], asked):
        scanned = found[row["occurrence_id"]]
        if not scanned or row["footing"] != text:
            text = row["footing"]
            footing = None if text is None else from_json(text)
        scanned.append(
            Scanned(
                EventType(row["type"]),
                row["rulebook_hash"],
                row["because"],
                _features(row) if footing is None else _features_of_footing(footing),
                row["has_endings"],
                row["leaves_out"],
                footing,
            )
        )
    return found


def _features(row: asyncpg.Record) -> StoredFacts:
    people = from_json(row["people"]) if row["people"] else []
    return StoredFacts(from_json(row["event"]), people)


def _features_of_footing(footing: Mapping[str, Any]) -> StoredFacts:
    return StoredFacts(footing["event"], [each["features"] for each in footing["people"]])


async def read_tellings(connection: Connection, asked: Sequence[UUID]) -> dict[UUID, Tellings]:
    """Who was told, by occurrence; of several episodes the last one says so."""
    rows = grouped(await connection.fetch(SQL["replay_tellings"], asked, DutyState.WITHDRAWN.value))
    return {each: _tellings(rows[each]) for each in asked}


def _tellings(rows: Iterable[asyncpg.Record]) -> Tellings:
    told: dict[Identity, Telling] = {}
    is_answered = False
    for row in rows:
        is_answered = is_answered or row["is_answered"]
        service, stands_for = row["service"], row["instead_of"]
        identity = (row["person_key"], service, row["recipient"], row["kind"], stands_for or "")
        told.pop(identity, None)
        if not row["is_withdrawn"]:
            told[identity] = Telling(
                identity=identity,
                ref=row["ref"] or "",
                service=Service(stands_for or service),
                recipient=row["recipient"],
                kind=NotificationKind(row["kind"]),
                district=row["district"],
                rules=tuple(str(each["rule"]) for each in from_json(row["reasons"])),
                duty_id=row["duty_id"],
                notification_id=row["notification_id"],
            )
    return Tellings(tuple(told.values()), is_answered)
