"""Cases: occurrences as the ledger knows them, read and written whole."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg
from pydantic import ValidationError

from routing_rules.case import Case, HeldDuty
from routing_rules.identifying import Identification
from routing_rules.returns import Return
from schemas.events import DATA_MODELS, Event, FieldWarning
from schemas.values import DutyState, EventType, NotificationKind, Service, Urgency
from services.ledger.jsonb import from_json, json_text
from services.ledger.queries import SQL
from services.runtime.errors import PermanentError
from services.runtime.postgres import Connection, copy_rows


class CaseUnreadable(PermanentError):
    """A stored event does not fit this release's schemas any more; no value is in the message."""


class OccurrenceRow(NamedTuple):
    """A row of `occurrence`."""

    occurrence_id: UUID
    occurrence_key: str
    type: str
    occurred_at: datetime
    is_cancelled: bool
    person_keys: str


def event_data_text(event: Event) -> str:
    """An event's data as `read_cases` gives it back: with what was said, even if it was null."""
    return event.data.model_dump_json(by_alias=True, exclude_unset=True)


def warnings_text(warnings: Sequence[FieldWarning]) -> str:
    """Warnings as JSON: each a field's path and a reason, never a value."""
    return json_text([{"field": each.field, "reason": each.reason} for each in warnings])


async def read_cases(connection: Connection, asked: Iterable[UUID]) -> dict[UUID, Case]:
    """The cases of those occurrences that have been seen before; their duties' rows are locked.

    The caller holds the occurrences' locks, taken by an earlier statement. Raises
    `CaseUnreadable`.
    """
    found = await connection.fetch(SQL["known_occurrences"], list(asked))
    if not found:
        return {}
    known = [row["occurrence_id"] for row in found]
    events = await _by_occurrence(connection, "events_of_occurrences", known)
    duties = await _by_occurrence(connection, "duties_of_occurrences", known)
    returns = await _by_occurrence(connection, "returns_of_occurrences", known)
    traced = await _by_occurrence(connection, "identifications_of_occurrences", known)
    return {
        row["occurrence_id"]: Case(
            occurrence_id=row["occurrence_id"],
            events=tuple(stored_event(each) for each in events[row["occurrence_id"]]),
            person_keys=from_json(row["person_keys"]),
            duties=tuple(held_duty(each) for each in duties[row["occurrence_id"]]),
            returns=tuple(_returned(each) for each in returns[row["occurrence_id"]]),
            identified=tuple(_identified(each) for each in traced[row["occurrence_id"]]),
        )
        for row in found
    }


async def insert_occurrences(connection: Connection, rows: Iterable[OccurrenceRow]) -> None:
    """Stores occurrences that are new."""
    await copy_rows(connection, "occurrence", OccurrenceRow._fields, rows)


async def update_occurrences(connection: Connection, rows: Sequence[OccurrenceRow]) -> None:
    """Stores what known occurrences have become."""
    if rows:
        ids, _, _, *become = zip(*rows, strict=True)
        await connection.execute(SQL["update_occurrences"], ids, *become)


async def _by_occurrence(
    connection: Connection, query: str, known: Sequence[UUID]
) -> Mapping[UUID, list[asyncpg.Record]]:
    grouped: defaultdict[UUID, list[asyncpg.Record]] = defaultdict(list)
    for row in await connection.fetch(SQL[query], known):
        grouped[row["occurrence_id"]].append(row)
    return grouped


def stored_event(row: asyncpg.Record) -> Event:
    """An event from a row of `events_of_occurrences`. Raises `CaseUnreadable`."""
    event_type = EventType(row["type"])
    try:
        data = DATA_MODELS[event_type].model_validate_json(row["data"])
    except ValidationError:
        raise CaseUnreadable("a stored event does not fit its schema") from None
    return Event(
        source=row["source"],
        id=row["id"],
        type=event_type,
        time=row["published_at"],
        sequence=row["sequence"],
        data=data,
        sha256=row["sha256"],
        warnings=tuple(FieldWarning(**each) for each in from_json(row["warnings"])),
    )


def _returned(row: asyncpg.Record) -> Return:
    return Return(
        person_key=row["person_key"],
        service=Service(row["service"]),
        recipient=row["recipient"],
        to_recipient=row["to_recipient"],
        is_by_hand=row["is_by_hand"],
        at=row["returned_at"],
    )


def _identified(row: asyncpg.Record) -> Identification:
    return Identification(row["ref"], row["nhs_number"], row["date_of_birth"])


def held_duty(row: asyncpg.Record) -> HeldDuty:
    """A duty from a row that has every column of `duties_of_occurrences`."""
    return HeldDuty(
        duty_id=row["duty_id"],
        person_key=row["person_key"],
        service=Service(row["service"]),
        recipient=row["recipient"],
        organisation=row["organisation"],
        kind=NotificationKind(row["kind"]),
        instead_of=None if row["instead_of"] is None else Service(row["instead_of"]),
        episode=row["episode"],
        revision=row["revision"],
        fingerprint=row["fingerprint"],
        notification_id=row["notification_id"],
        state=DutyState(row["state"]),
        urgency=Urgency(row["urgency"]),
        respond_by=row["respond_by"],
        about=None if row["about"] is None else from_json(row["about"]),
        is_ended=row["is_ended"],
        is_issued=row["is_issued"],
    )
