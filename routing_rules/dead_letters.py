"""What could not be read is at once a duty of MASH: nobody knows what it would have said."""

from datetime import datetime
from uuid import UUID

from routing_rules.case import DutyChange
from routing_rules.clocks import due_by, out_of_hours_contact
from routing_rules.decision import Json, OwedDuty, Reason
from routing_rules.directory import Team
from routing_rules.notices import duty_change, event_as_json
from routing_rules.reconcile import reconcile
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from schemas.values import Ask, NotificationKind, Urgency

EVENT_TYPE = "fieldfare.dead-letter.v1"
EVENT_SOURCE = "urn:fieldfare:ledger"
_REASON = Reason("dead-letter", "A message that cannot be read may be about somebody at risk.")


def owe_dead_letter(
    dead_letter_id: UUID, field: str, reason: str, rulebook: Rulebook, at: datetime
) -> tuple[DutyChange, ...]:
    """MASH's duty about one dead letter, and its out-of-hours contact's when MASH is closed.

    It names the ledger's id, the field and the reason, never a value. `at` is when it arrived.
    """
    on = at.astimezone(LONDON).date()
    mash = rulebook.mash(on)
    contact = out_of_hours_contact(rulebook, mash, Urgency.IMMEDIATE, at, on)
    content: dict[str, Json] = {
        "dead_letter_id": str(dead_letter_id),
        "field": field,
        "reason": reason,
    }
    owed = [_duty(team, content, rulebook, at) for team in (mash, contact) if team is not None]
    told_of = event_as_json(EVENT_SOURCE, str(dead_letter_id), EVENT_TYPE, at)
    steps = reconcile(dead_letter_id, owed, (), withdrawn={}, at=at)
    return tuple(duty_change(step, told_of, rulebook, at) for step in steps)


def _duty(team: Team, content: dict[str, Json], rulebook: Rulebook, at: datetime) -> OwedDuty:
    return OwedDuty(
        service=team.service,
        recipient=team.recipient,
        organisation=team.organisation,
        kind=NotificationKind.EXCEPTION,
        about=None,
        urgency=Urgency.IMMEDIATE,
        respond_by=due_by(rulebook, Urgency.IMMEDIATE, at, team.hours),
        asks=(Ask.ACKNOWLEDGE, Ask.ACT),
        reasons=(_REASON,),
        content=content,
        because="a message could not be read as an event",
    )
