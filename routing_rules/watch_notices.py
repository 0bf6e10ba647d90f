"""Duties that the watch owes: somebody must look, and is told counts and a link, never who."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from routing_rules.case import DutyChange, HeldDuty
from routing_rules.clocks import due_by, out_of_hours_contact
from routing_rules.decision import Json, OwedDuty, Reason
from routing_rules.directory import Team
from routing_rules.notices import LEDGER, duty_change, event_as_json
from routing_rules.reconcile import reconcile
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from schemas.notification import ESCALATION_TYPE
from schemas.values import Ask, NotificationKind, Urgency


@dataclass(frozen=True, slots=True)
class WatchNotice:
    """What one team is told of by the watch.

    `belongs_to` names the matter for ever: the same matter for the same recipient is the same duty.
    `content` holds counts, names of sources and services, times and a link; nothing of a person.
    `told_of` is the type of what the notice says that it stems from.
    """

    belongs_to: UUID
    team: Team
    urgency: Urgency
    reason: Reason
    because: str
    content: Mapping[str, Json]
    asks: tuple[Ask, ...] = (Ask.ACKNOWLEDGE,)
    told_of: str = ESCALATION_TYPE


def owe_notice(notice: WatchNotice, rulebook: Rulebook, at: datetime) -> DutyChange:
    """The team's duty, of kind `escalate` and about nobody; its clock starts at `at` (aware)."""
    owed = OwedDuty(
        service=notice.team.service,
        recipient=notice.team.recipient,
        organisation=notice.team.organisation,
        kind=NotificationKind.ESCALATE,
        about=None,
        urgency=notice.urgency,
        respond_by=due_by(rulebook, notice.urgency, at, notice.team),
        asks=notice.asks,
        reasons=(notice.reason,),
        content=notice.content,
        because=notice.because,
    )
    told_of = event_as_json(LEDGER, str(notice.belongs_to), notice.told_of, at)
    (step,) = reconcile(notice.belongs_to, [owed], (), withdrawn={}, at=at)
    return duty_change(step, told_of, rulebook, at)


def withdraw_notice(
    belongs_to: UUID, held: HeldDuty, why: str, rulebook: Rulebook, at: datetime
) -> DutyChange:
    """Takes back an open notice of the watch: what it told of has ended by itself."""
    told_of = event_as_json(LEDGER, str(belongs_to), ESCALATION_TYPE, at)
    (step,) = reconcile(belongs_to, (), [held], withdrawn={held.person_key: why}, at=at)
    return duty_change(step, told_of, rulebook, at)


def and_out_of_hours(
    team: Team, urgency: Urgency, rulebook: Rulebook, at: datetime
) -> tuple[Team, ...]:
    """The team, and whoever hears for it as well while it is closed, if that cannot wait."""
    on = at.astimezone(LONDON).date()
    contact = out_of_hours_contact(rulebook, team, urgency, at, on)
    return (team,) if contact is None else (team, contact)
