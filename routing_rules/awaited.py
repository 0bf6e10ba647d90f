"""What a duty still waits for, and since when: the closed set of silences that are chased."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from schemas.values import Ask, DutyState, Service, Urgency

_ACKNOWLEDGED = frozenset({DutyState.ACKNOWLEDGED, DutyState.RECORDED, DutyState.DONE})
_RECORDED = frozenset({DutyState.RECORDED, DutyState.DONE})


class Unmet(StrEnum):
    """What nobody has done; in this order where several are due at once.

    Whatever has a date of its own (an action of a conference, a response to an invitation, an
    assessment) is `not_done` from that date on.
    """

    REFUSED = "refused"
    NOT_SENT = "not_sent"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    NOT_RECORDED = "not_recorded"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class WatchedDuty:
    """An open duty as the watch sees it: nobody's name or number. Times are aware.

    `owed_at` is when the ledger first owed it, which may be after `respond_by`.
    """

    duty_id: UUID
    revision: int
    service: Service
    recipient: str
    organisation: str
    urgency: Urgency
    asks: tuple[Ask, ...]
    state: DutyState
    respond_by: datetime
    owed_at: datetime
    act_by: datetime | None = None
    refused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a duty waits for, and the moment from which that is overdue."""

    unmet: Unmet
    since: datetime


def awaited_of(duty: WatchedDuty) -> Awaited | None:
    """What is overdue first if nobody answers; None where all that is asked was answered.

    A refusal needs somebody else at once, whatever the duty's own times are.
    """
    if duty.refused_at is not None:
        return Awaited(Unmet.REFUSED, duty.refused_at)
    unmet = _unmet(duty)
    if not unmet:
        return None
    first = min(unmet, key=lambda awaited: awaited.since)
    if duty.state is DutyState.OWED:
        return Awaited(Unmet.NOT_SENT, first.since)
    return first


def _unmet(duty: WatchedDuty) -> list[Awaited]:
    """Each ask that is not met, in the order of `Unmet`."""
    found = []
    if Ask.ACKNOWLEDGE in duty.asks and duty.state not in _ACKNOWLEDGED:
        found.append(Awaited(Unmet.NOT_ACKNOWLEDGED, duty.respond_by))
    if Ask.RECORD in duty.asks and duty.state not in _RECORDED:
        found.append(Awaited(Unmet.NOT_RECORDED, duty.respond_by))
    if Ask.ACT in duty.asks and duty.state is not DutyState.DONE:
        found.append(Awaited(Unmet.NOT_DONE, duty.act_by or duty.respond_by))
    return found
