"""Receipts and answered duties, as rows of the ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from routing_rules.answers import Answer, Effect, ReceiptVerdict, steps_up_to
from schemas.receipt import Said
from schemas.values import ReceiptStatus
from services.ledger.jsonb import storable
from services.ledger.receipts import RETURNED, AnsweredDuty, ReceiptKey, ReceiptRow
from services.router.record import Record

STUCK = "not ours, but nobody else can be told"


@dataclass(frozen=True, slots=True)
class Answered:
    """A receipt, the organisation that said it, and where it stood if it came by a topic."""

    said: Said
    organisation: str
    record: Record | None = None

    @property
    def key(self) -> ReceiptKey:
        """What names it for ever."""
        return ReceiptKey(self.organisation, self.said.source, self.said.id)


def after_answer(duty: AnsweredDuty, answer: Answer, at: datetime) -> AnsweredDuty:
    """The duty as it stands after an answer; steps that were overtaken are taken by it."""
    steps = {} if answer.effect is Effect.RETURNED else _steps(duty, answer, at)
    ended_at = (duty.ended_at or at) if answer.is_ended else None
    look_at = at if answer.effect is Effect.REFUSED else duty.look_at
    refused_at = (duty.refused_at or at) if answer.is_refused else None
    become: dict[str, Any] = {
        **steps,
        "state": answer.state,
        "refused_at": refused_at,
        "ended_at": ended_at,
        "look_at": None if answer.is_ended else look_at,
    }
    return duty._replace(**become)


def _steps(duty: AnsweredDuty, answer: Answer, at: datetime) -> dict[str, datetime]:
    names = [f"{step.value}_at" for step in steps_up_to(answer.state)]
    return {name: getattr(duty, name) or at for name in names}


def why_moved(effect: Effect, status: ReceiptStatus) -> str:
    """Why a duty moved, for its record."""
    if effect is Effect.RETURNED:
        return RETURNED
    if effect is Effect.REFUSED and status is ReceiptStatus.NOT_OURS:
        return STUCK
    return status.value


def name_of(answered: Answered) -> str:
    """Who said it."""
    by = answered.said.receipt.by
    return f"a system of {answered.organisation}" if by is None else storable(by)


def receipt_row(
    answered: Answered, duty_id: UUID | None, verdict: ReceiptVerdict, *, at: datetime
) -> ReceiptRow:
    """A receipt as it is kept, whatever became of it."""
    said, record, receipt = answered.said, answered.record, answered.said.receipt
    suggested = receipt.suggested_recipient
    return ReceiptRow(
        source=said.source,
        id=said.id,
        sha256=said.sha256,
        notification_id=receipt.notification_id,
        duty_id=duty_id,
        organisation=answered.organisation,
        status=receipt.status,
        said_at=receipt.at,
        said_by=None if receipt.by is None else storable(receipt.by),
        outcome=None if receipt.outcome is None else storable(receipt.outcome),
        note=None if receipt.note is None else storable(receipt.note),
        suggested_recipient=None if suggested is None else storable(suggested),
        verdict=verdict,
        topic=None if record is None else record.topic,
        partition=None if record is None else record.partition,
        log_offset=None if record is None else record.offset,
        received_at=at,
    )
