"""What a replay reads: the decisions of occurrences, what they rested on, and who was told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from pydantic_core import from_json

from routing_rules.identifying import Identification
from routing_rules.known import NOTHING_KNOWN, known_from_json
from routing_rules.replaying import History, Point, Telling, telling_of
from routing_rules.returns import Return
from schemas.events import Event
from schemas.values import DutyState, EventType, Service
from services.ledger.cases import CaseUnreadable, held_duty, stored_event
from services.ledger.queries import SQL
from services.ledger.receipts import RETURNED
from services.ledger.register import Because
from services.runtime.postgres import Connection

LATE = frozenset({Because.LEARNED_LATER, Because.IDENTIFIED})
"""Reasons to decide again by which everything that is told is told late."""


_EVENT_TYPES = {each.value: each for each in EventType}


class Occurrence(NamedTuple):
    """An occurrence, of which kind its events are, and when it happened (UTC)."""

    occurrence_id: UUID
    type: EventType
    occurred_at: datetime


class Extent(NamedTuple):
    """How much a period holds."""

    occurrences: int
    events: int


class Happening(NamedTuple):
    """The first event of an occurrence, and when it happened (UTC)."""

    source: str
    event_id: str
    type: EventType
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision as it was stored: the facts it used, who was not told, and when it was made."""

    at: datetime
    rulebook_hash: str
    because: str | None
    facts: Mapping[str, Any]
    nobody: Sequence[Mapping[str, Any]]


async def extent_of(connection: Connection, since: datetime, until: datetime) -> Extent:
    """How much happened from one moment to just before the other."""
    row = await connection.fetchrow(SQL["replay_extent"], since, until)
    assert row is not None  # noqa: S101 - a count is always answered
    return Extent(row["occurrences"], row["events"])


async def occurrences_in(
    connection: Connection,
    since: datetime,
    until: datetime,
    types: Iterable[EventType] | None = None,
) -> list[Occurrence]:
    """The occurrences of a period, in the order in which they happened, of these kinds only."""
    kinds = None if types is None else sorted(types)
    rows = await connection.fetch(SQL["replay_occurrences"], since, until, kinds)
    return [Occurrence(each, _EVENT_TYPES[event_type], at) for each, event_type, at in rows]


async def read_histories(connection: Connection, asked: Sequence[UUID]) -> dict[UUID, History]:
    """The histories of occurrences. Raises `CaseUnreadable` where one does not fit any more."""
    events = grouped(await connection.fetch(SQL["events_of_occurrences"], asked))
    decisions = grouped(await connection.fetch(SQL["replay_decisions"], asked))
    traced = grouped(await connection.fetch(SQL["replay_identifications"], asked))
    duties = grouped(await connection.fetch(SQL["replay_duties"], asked))
    returns = grouped(await connection.fetch(SQL["replay_returns"], asked, RETURNED))
    return {
        each: History(
            each,
            _points(decisions[each], events[each], traced[each], duties[each]),
            _ended(duties[each]),
            {row["duty_id"]: row["changed_at"] for row in returns[each]},
            _told(duties[each]),
        )
        for each in asked
    }


async def happenings(connection: Connection, asked: Sequence[UUID]) -> dict[UUID, Happening]:
    """The first event of each occurrence."""
    return {
        row["occurrence_id"]: Happening(
            row["source"], row["id"], EventType(row["type"]), row["occurred_at"]
        )
        for row in await connection.fetch(SQL["replay_events"], asked)
    }


async def stored_decisions(connection: Connection, occurrence_id: UUID) -> list[StoredDecision]:
    """The decisions of one occurrence as they were stored, in order."""
    return [
        StoredDecision(
            row["decided_at"],
            row["rulebook_hash"],
            row["because"],
            from_json(row["facts"]),
            from_json(row["nobody"]),
        )
        for row in await connection.fetch(SQL["replay_decisions"], [occurrence_id])
    ]


async def notices_of(
    connection: Connection, occurrence_id: UUID
) -> dict[UUID, Mapping[str, Any] | None]:
    """By notification, what went out, or goes out, for one occurrence; None: nothing did."""
    rows = await connection.fetch(SQL["notices_of_duties"], [occurrence_id])
    return {
        row["notification_id"]: None if row["body"] is None else from_json(row["body"])
        for row in rows
    }


def grouped(rows: Iterable[asyncpg.Record]) -> defaultdict[UUID, list[asyncpg.Record]]:
    """Rows by their occurrence."""
    grouped: defaultdict[UUID, list[asyncpg.Record]] = defaultdict(list)
    for row in rows:
        grouped[row["occurrence_id"]].append(row)
    return grouped


def _points(
    decisions: Iterable[asyncpg.Record],
    events: Iterable[asyncpg.Record],
    traced: Sequence[asyncpg.Record],
    duties: Sequence[asyncpg.Record],
) -> tuple[Point, ...]:
    by_name: dict[tuple[str, str], Event] = {
        (row["source"], row["id"]): stored_event(row) for row in events
    }
    return tuple(
        replace(_point(row, by_name, traced), issued=_issued(row, duties)) for row in decisions
    )


def _issued(
    decision: asyncpg.Record, duties: Iterable[asyncpg.Record]
) -> frozenset[tuple[str, Service]] | None:
    """Whom a named person had told late by a decision; None if it was another kind of decision."""
    if decision["because"] != Because.REPLAYED:
        return None
    return frozenset(
        (row["person_key"], Service(row["instead_of"] or row["service"]))
        for row in duties
        if row["is_issued"] and row["owed_at"] == decision["decided_at"]
    )


def _point(
    row: asyncpg.Record,
    events: Mapping[tuple[str, str], Event],
    traced: Iterable[asyncpg.Record],
) -> Point:
    facts, because = from_json(row["facts"]), row["because"]
    try:
        known = NOTHING_KNOWN if facts["known"] is None else known_from_json(facts["known"])
        event = events[row["source"], row["event_id"]] if because is None else None
        returns = tuple(map(_returned, facts.get("returns", ())))
    except (KeyError, ValueError):
        raise CaseUnreadable("the facts of a stored decision do not fit") from None
    return Point(
        at=row["decided_at"],
        rulebook_hash=row["rulebook_hash"],
        event=event,
        known=known,
        is_late=because in LATE,
        returns=returns,
        identified=tuple(
            Identification(each["ref"], each["nhs_number"], each["date_of_birth"])
            for each in traced
            if each["identified_at"] <= row["decided_at"]
        ),
    )


def _returned(stored: Mapping[str, Any]) -> Return:
    return Return(
        person_key=stored["person_key"],
        service=Service(stored["service"]),
        recipient=stored["recipient"],
        to_recipient=stored["to_recipient"],
        is_by_hand=stored["is_by_hand"],
        at=datetime.fromisoformat(stored["at"]),
    )


def _ended(duties: Iterable[asyncpg.Record]) -> dict[UUID, datetime]:
    """When duties had ended by an answer; what was withdrawn, a decision has withdrawn."""
    return {
        row["duty_id"]: row["ended_at"]
        for row in duties
        if row["ended_at"] is not None and row["state"] != DutyState.WITHDRAWN
    }


def _told(duties: Iterable[asyncpg.Record]) -> tuple[Telling, ...]:
    """What was told and not withdrawn; of several episodes the last one says so."""
    told: dict[tuple[str, ...], Telling | None] = {}
    for row in duties:
        rules = [str(each["rule"]) for each in from_json(row["reasons"])]
        telling = telling_of(held_duty(row), district=row["district"], rules=rules)
        is_withdrawn = row["state"] == DutyState.WITHDRAWN
        told[telling.identity] = None if is_withdrawn else telling
    return tuple(each for each in told.values() if each is not None)
