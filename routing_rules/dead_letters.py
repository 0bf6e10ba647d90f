"""What could not be read is at once a duty of MASH: nobody knows what it would have said."""

from datetime import datetime
from uuid import UUID

from routing_rules.case import DutyChange
from routing_rules.clocks import out_of_hours_contact
from routing_rules.decision import Reason
from routing_rules.mash_duties import Matter, exception_for
from routing_rules.notices import duty_change, event_as_json
from routing_rules.reconcile import reconcile
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from schemas.values import Urgency

EVENT_TYPE = "fieldfare.dead-letter.v1"
EVENT_SOURCE = "urn:fieldfare:ledger"
_REASON = Reason("dead-letter", "A message that cannot be read may be about somebody at risk.")
_ANSWER = Reason("dead-letter", "An answer that cannot be read counts for nothing.")


def owe_dead_letter(
    dead_letter_id: UUID, field: str, reason: str, rulebook: Rulebook, at: datetime
) -> tuple[DutyChange, ...]:
    """MASH's duty about one dead letter, and its out-of-hours contact's when MASH is closed.

    It names the ledger's id, the field and the reason, never a value. `at` is when it arrived.
    """
    matter = Matter(
        content={"dead_letter_id": str(dead_letter_id), "field": field, "reason": reason},
        urgency=Urgency.IMMEDIATE,
        reason=_REASON,
        because="a message could not be read as an event",
    )
    return _owe(dead_letter_id, matter, rulebook, at)


def owe_unread_receipt(
    dead_letter_id: UUID, field: str, reason: str, rulebook: Rulebook, at: datetime
) -> tuple[DutyChange, ...]:
    """MASH's duty about an answer that could not be read, as `owe_dead_letter`.

    It is due on the same day, and not at once: the duty that was answered keeps its own clock.
    """
    matter = Matter(
        content={"dead_letter_id": str(dead_letter_id), "field": field, "reason": reason},
        urgency=Urgency.SAME_DAY,
        reason=_ANSWER,
        because="a message could not be read as a receipt",
    )
    return _owe(dead_letter_id, matter, rulebook, at)


def _owe(
    dead_letter_id: UUID, matter: Matter, rulebook: Rulebook, at: datetime
) -> tuple[DutyChange, ...]:
    on = at.astimezone(LONDON).date()
    mash = rulebook.mash(on)
    contact = out_of_hours_contact(rulebook, mash, matter.urgency, at, on)
    teams = [team for team in (mash, contact) if team is not None]
    owed = [exception_for(team, matter, rulebook, at) for team in teams]
    told_of = event_as_json(EVENT_SOURCE, str(dead_letter_id), EVENT_TYPE, at)
    steps = reconcile(dead_letter_id, owed, (), withdrawn={}, at=at)
    return tuple(duty_change(step, told_of, rulebook, at) for step in steps)
