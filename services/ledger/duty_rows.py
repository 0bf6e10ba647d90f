"""Rows of duties from what was decided, whoever decided it: the router, or the watch."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from routing_rules.case import DutyChange
from routing_rules.decision import OwedDuty, Reason
from routing_rules.notices import LEDGER
from routing_rules.reconcile import LEARNED_LATER
from routing_rules.unplaced import why_unplaced
from schemas.values import Ask
from services.ledger.duties import DutyChangeRow, DutyRow, DutyUpdate, NotificationRow
from services.ledger.jsonb import json_text

ROUTER = "router"
WATCH = "watch"


def duty_row(
    change: DutyChange,
    owed: OwedDuty,
    *,
    occurrence_id: UUID | None,
    dead_letter_id: UUID | None,
    at: datetime,
) -> DutyRow:
    """A duty that is new to the ledger.

    Where its notice hides the source of the event, it has none: of these the event is asked.
    """
    held, told_of = change.held, _told_of(change)
    return DutyRow(
        duty_id=held.duty_id,
        occurrence_id=occurrence_id,
        dead_letter_id=dead_letter_id,
        person_key=held.person_key,
        about=None if held.about is None else json_text(held.about),
        service=held.service,
        recipient=held.recipient,
        organisation=held.organisation,
        kind=held.kind,
        instead_of=held.instead_of,
        because=owed.because,
        urgency=held.urgency,
        respond_by=held.respond_by,
        asks=_asks(owed.asks),
        reasons=_reasons(owed.reasons),
        late=change.late,
        episode=held.episode,
        revision=held.revision,
        fingerprint=held.fingerprint,
        notification_id=held.notification_id,
        state=held.state,
        owed_at=at,
        act_by=owed.act_by,
        look_at=_look_at(change),
        district=owed.district,
        occurred_at=_occurred_at(change),
        learned_later=change.why == LEARNED_LATER,
        unplaced=why_unplaced(owed),
        event_source=None if told_of["source"] == LEDGER else told_of["source"],
        event_type=told_of["type"],
    )


def duty_update(change: DutyChange, *, at: datetime) -> DutyUpdate:
    """What a known duty has become: it asks again, or is withdrawn."""
    held, owed = change.held, change.owed
    return DutyUpdate(
        duty_id=held.duty_id,
        about=None if held.about is None else json_text(held.about),
        because=owed.because if owed else None,
        urgency=held.urgency,
        respond_by=held.respond_by,
        asks=_asks(owed.asks) if owed else None,
        reasons=_reasons(owed.reasons) if owed else None,
        late=change.late,
        revision=held.revision,
        fingerprint=held.fingerprint,
        notification_id=held.notification_id,
        state=held.state,
        act_by=owed.act_by if owed else None,
        look_at=_look_at(change),
        district=owed.district if owed else None,
        ended_at=at if held.is_ended else None,
        occurred_at=_occurred_at(change),
        learned_later=change.why == LEARNED_LATER,
        unplaced=why_unplaced(owed) if owed else None,
    )


def notification_row(change: DutyChange) -> NotificationRow:
    """The notice that tells a change, by which a receipt finds its duty."""
    held = change.held
    return NotificationRow(held.notification_id, held.duty_id, held.revision)


def duty_change_row(change: DutyChange, *, by: str, at: datetime) -> DutyChangeRow:
    """Who changed a duty, when and why."""
    return DutyChangeRow(
        duty_id=change.held.duty_id,
        changed_at=at,
        changed_by=by,
        state=change.held.state,
        revision=change.held.revision,
        why=change.why,
    )


def _occurred_at(change: DutyChange) -> datetime:
    """When it happened, as the recipient is told."""
    return datetime.fromisoformat(_told_of(change)["occurred_at"])


def _told_of(change: DutyChange) -> dict[str, str]:
    """The event, as the recipient is told of it."""
    event = change.notification["event"]
    assert isinstance(event, dict)  # noqa: S101 - notices.event_as_json makes it
    return {name: str(value) for name, value in event.items()}


def _look_at(change: DutyChange) -> datetime | None:
    """When to look whether it was answered: by when it must be, as the recipient was told."""
    owed = change.owed
    return None if owed is None else replace(owed, respond_by=change.held.respond_by).look_at


@lru_cache(maxsize=1024)
def _asks(asks: tuple[Ask, ...]) -> str:
    return json_text(asks)


@lru_cache(maxsize=1024)
def _reasons(reasons: tuple[Reason, ...]) -> str:
    """Reasons are the rulebook's own words, so few ever occur."""
    return json_text([{"rule": each.rule, "why": each.why} for each in reasons])
