"""Ledger rows from what arrived and what was decided."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from routing_rules.case import Case, Outcome
from schemas.events import Event
from services.ledger.cases import OccurrenceRow, event_data_text, warnings_text
from services.ledger.dead_letters import DeadLetterRow
from services.ledger.decisions import DecisionRow
from services.ledger.events import EventRow
from services.ledger.jsonb import headers_text, json_text, storable
from services.router.arrivals import Understood, Unreadable

_DEAD_LETTERS = UUID("5a2e4c1b-93d7-5b6f-8c55-1f0e6a7d9b34")


class Made(NamedTuple):
    """How a decision was made; `because` is why, where no event says something new."""

    occurrence_id: UUID
    rulebook_hash: str
    at: datetime
    because: str | None = None


def event_row(arrived: Understood, *, at: datetime) -> EventRow:
    """An event as it arrived and as it was understood."""
    record, event = arrived.record, arrived.event
    return EventRow(
        source=event.source,
        id=event.id,
        type=event.type,
        published_at=event.time,
        sequence=event.sequence,
        occurrence_id=arrived.occurrence_id,
        sha256=event.sha256,
        headers=headers_text(record.headers),
        body=record.value or b"",
        data=event_data_text(event),
        warnings=warnings_text(event.warnings),
        topic=record.topic,
        partition=record.partition,
        log_offset=record.offset,
        received_at=at,
    )


def occurrence_row(case: Case, outcome: Outcome) -> OccurrenceRow:
    """An occurrence as it now stands."""
    return OccurrenceRow(
        occurrence_id=case.occurrence_id,
        occurrence_key=outcome.occurrence_key,
        type=case.events[0].type,
        occurred_at=outcome.occurred_at,
        is_cancelled=outcome.is_cancelled,
        person_keys=json_text(dict(case.person_keys or {})),
    )


def decision_row(event: Event, outcome: Outcome, made: Made) -> DecisionRow:
    """What routing concluded of one event, and the facts it used."""
    nobody = [
        {"about": each.about, "service": each.service, "because": each.because}
        | ({"basis": each.basis} if each.basis else {})
        for each in outcome.decision.nobody
    ]
    return DecisionRow(
        occurrence_id=made.occurrence_id,
        source=event.source,
        event_id=event.id,
        decided_at=made.at,
        rulebook_hash=made.rulebook_hash,
        facts=json_text(outcome.facts),
        nobody=json_text(nobody),
        because=made.because,
        occurred_at=outcome.occurred_at,
        leaves_out=outcome.leaves_out,
        footing=None if outcome.footing is None else json_text(outcome.footing),
    )


def dead_letter_row(unreadable: Unreadable, *, at: datetime) -> DeadLetterRow:
    """A dead letter, without its bytes where these may not be kept.

    Its id is of the place and the bytes, so that reading the place again gives the same id.
    """
    record, refused = unreadable.record, unreadable.refused
    place = f"{record.topic}|{record.partition}|{record.offset}|{refused.sha256.hex()}"
    return DeadLetterRow(
        dead_letter_id=uuid5(_DEAD_LETTERS, place),
        topic=record.topic,
        partition=record.partition,
        log_offset=record.offset,
        source=None if refused.source is None else storable(refused.source),
        event_id=None if refused.id is None else storable(refused.id),
        field=storable(refused.field),
        reason=refused.reason,
        sha256=refused.sha256,
        headers=headers_text(record.headers) if refused.keep_bytes else None,
        body=(record.value or b"") if refused.keep_bytes else None,
        received_at=at,
    )
