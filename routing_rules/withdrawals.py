"""Why what was told is withdrawn: taken back, returned, entered in error, or no longer so."""

from collections.abc import Mapping

from routing_rules.case import Case
from routing_rules.consent import NOT_SHAREABLE, may_not_be_shared
from routing_rules.decision import Decision
from routing_rules.engine import GUARDED
from routing_rules.facts import Facts
from routing_rules.onward_arrivals import ARRIVED, CONFIRMED
from routing_rules.people import key_of_unborn
from routing_rules.reconcile import identity_of_held, identity_of_owed
from routing_rules.returns import standing
from routing_rules.subjects import people_of
from schemas.values import PersonStatus

CANCELLED = "the occurrence was cancelled or entered in error"
ENTERED_IN_ERROR = "the person was entered in error"
HANDED_OVER = "handed over to somebody else"


def taken_away(case: Case, decision: Decision) -> Mapping[str, str]:
    """By id, the open duties of those who returned them, or from whom they were taken."""
    if not case.returns:
        return {}
    owed = {identity_of_owed(duty) for duty in decision.duties}
    return {
        str(duty.duty_id): HANDED_OVER
        for duty in case.duties
        if not duty.is_ended
        and identity_of_held(duty) not in owed
        and duty.recipient
        in standing(case.returns, duty.person_key, duty.instead_of or duty.service)
    }


def taken_back(facts: Facts, decision: Decision, case: Case) -> Mapping[str, str]:
    """By id, what was told because somebody had not arrived who meanwhile has, or may not be told.

    Consent may be taken back, and an arrival be learned of later.
    """
    if facts.event.get("arrival") == CONFIRMED:
        why = ARRIVED
    elif may_not_be_shared(facts.data):
        why = NOT_SHAREABLE
    else:
        return {}
    owed = {identity_of_owed(duty) for duty in decision.duties}
    return {str(d.duty_id): why for d in case.duties if identity_of_held(d) not in owed}


def told_in_error(
    facts: Facts, keys: Mapping[str, str], case: Case, *, cancelled: bool
) -> Mapping[str, str]:
    """By person key, why everything told about them is withdrawn."""
    if cancelled:
        return {duty.person_key: CANCELLED for duty in case.duties}
    present = {person.party.key for person in facts.people if not person.party.guarded}
    gone = [p for p in people_of(facts.data) if p.status is PersonStatus.ENTERED_IN_ERROR]
    left = {keys[person.ref]: ENTERED_IN_ERROR for person in gone}
    unborn = {key_of_unborn(person, keys[person.ref]): ENTERED_IN_ERROR for person in gone}
    guarded = {person.party.key: GUARDED for person in facts.people if person.party.guarded}
    why = {**unborn, **left, **guarded}
    return {key: because for key, because in why.items() if key not in present}
