"""The bodies of notifications, in the contract's fields and order."""

from collections.abc import Mapping
from datetime import datetime

from routing_rules.case import DutyChange, HeldDuty
from routing_rules.decision import Json, OwedDuty
from routing_rules.facts import Facts
from routing_rules.onward_arrivals import ARRIVED
from routing_rules.pathway_content import may_name_the_clinic
from routing_rules.pregnancy_endings import LET_IT_REST
from routing_rules.reconcile import Step
from routing_rules.rulebook import Rulebook
from schemas.community import CommunityContact, NotBrought
from schemas.events import Event

LEDGER = "urn:fieldfare:ledger"
"""What is named as the source of what no publisher has told, or of what must not name its own."""
_SAID_WHEN_WITHDRAWN = frozenset({ARRIVED, LET_IT_REST})
NOTICE = "This is a notification, not a referral."


def event_as_json(source: str, event_id: str, event_type: str, happened: datetime) -> Json:
    """What a notification says of the event that it stems from."""
    return {
        "source": source,
        "id": event_id,
        "type": str(event_type),
        "occurred_at": happened.isoformat(),
    }


def event_told_to(held: HeldDuty, event: Event, facts: Facts, rulebook: Rulebook) -> Json:
    """What the notice of a duty says of the event that it stems from.

    Where it may not say which clinic it was, the event's source is not named, nor its id, which the
    same clinic has chosen: the ledger's own are.
    """
    if _hides_the_clinic(held, facts, rulebook):
        return event_as_json(LEDGER, str(facts.occurrence_id), event.type, facts.occurred_at)
    return event_as_json(event.source, event.id, event.type, facts.occurred_at)


def _hides_the_clinic(held: HeldDuty, facts: Facts, rulebook: Rulebook) -> bool:
    """Whether the source would tell what the content must not.

    A sexual-health clinic is a source of its own; and of an appointment that was missed others of
    the family hear, whose notices say neither whose it was nor what for.
    """
    data = facts.data
    if not isinstance(data, CommunityContact | NotBrought):
        return False
    allowed = rulebook.disclosure.parts(facts.type, held.service, about_child=False)
    if not may_name_the_clinic(data.setting, allowed):
        return True
    about = (held.about or {}).get("ref")
    patient = {p.person.ref for each in facts.people if (p := each.party).human == data.patient.ref}
    return isinstance(data, NotBrought) and about not in patient


def duty_change(step: Step, told_of: Json, rulebook: Rulebook, at: datetime) -> DutyChange:
    """The change of one duty, with the body of the notice that tells it.

    `recipient_sequence` is not in it: the relay numbers what it sends. `at` is when it was routed.
    """
    held, owed = step.held, step.owed
    body: dict[str, Json] = {
        "notification_id": str(held.notification_id),
        "duty_id": str(held.duty_id),
        "supersedes": str(step.supersedes) if step.supersedes else None,
        "kind": step.kind.value,
        "service": held.service.value,
        "recipient": held.recipient,
        "organisation": held.organisation,
        "event": told_of,
        "routed_at": at.isoformat(),
        "about": None if held.about is None else dict(held.about),
        "urgency": held.urgency.value,
        "respond_by": held.respond_by.isoformat(),
        **_what_is_told(owed, step.why),
        "late": step.late,
        "basis": {
            "lawful_basis": rulebook.settings.basis.lawful_basis,
            "consent": (owed and owed.consent) or rulebook.settings.basis.consent,
        },
        "rulebook": rulebook.label,
        "notice": NOTICE,
    }
    return DutyChange(held=held, owed=owed, late=step.late, why=step.why, notification=body)


def _what_is_told(owed: OwedDuty | None, why: str) -> Mapping[str, Json]:
    """What is asked, why, and the content; a withdrawal asks nothing and tells nothing.

    But for a few reasons that set a mind at rest and betray nobody.
    """
    if owed is None:
        return {
            "asks": [],
            "reasons": [],
            "handling": [],
            "safe_contact": None,
            "instead_of": None,
            "because": why if why in _SAID_WHEN_WITHDRAWN else None,
            "content": {},
        }
    return {
        "asks": [ask.value for ask in owed.asks],
        "reasons": [{"rule": reason.rule, "why": reason.why} for reason in owed.reasons],
        "handling": [item.value for item in owed.handling],
        "safe_contact": owed.safe_contact,
        "instead_of": owed.instead_of.value if owed.instead_of else None,
        "because": owed.because,
        "content": dict(owed.content),
    }
