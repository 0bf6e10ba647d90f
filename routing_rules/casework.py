"""Deciding a case: what one more event of an occurrence makes of it."""

from collections.abc import Mapping
from datetime import datetime

from routing_rules.case import Case, HeldDuty, Outcome
from routing_rules.decision import Decision, NotTold
from routing_rules.engine import GUARDED, route
from routing_rules.facts import Facts, Times, gather
from routing_rules.notices import duty_change, event_as_json
from routing_rules.people import key_of_unborn, people_of, person_key
from routing_rules.reconcile import Step, reconcile
from routing_rules.rulebook import Rulebook
from schemas.events import AnyEventData, Event
from schemas.occurrence import fold, is_cancelled, occurred_at, occurrence_key
from schemas.values import PersonStatus

CANCELLED = "the occurrence was cancelled or entered in error"
ENTERED_IN_ERROR = "the person was entered in error"


def decide(
    case: Case, event: Event, rulebook: Rulebook, at: datetime, *, explain: bool = False
) -> tuple[Case, Outcome]:
    """Route the occurrence as all its events now tell it, and say what changes.

    Pure: the same case, event, rulebook and time give the same outcome. `at` is the time of
    routing (UTC); clocks start when the event was published. Returns the case as it then stands.
    """
    events = (*case.events, event)
    data = fold(events) if case.events else event.data
    keys = _fixed_keys(case, data, event)
    publications = tuple(each.time for each in events)
    happened = occurred_at(data, min(publications))
    times = Times(happened, event.time, at, publications)
    facts = gather(event.type, data, rulebook, keys=keys, times=times)
    cancelled = is_cancelled(data)
    decision = _nobody(facts) if cancelled else route(facts, rulebook, explain=explain)
    steps = reconcile(
        case.occurrence_id,
        decision.duties,
        case.duties,
        withdrawn=_withdrawn(facts, keys, case, cancelled=cancelled),
        at=at,
    )
    told_of = event_as_json(event.source, event.id, event.type, happened)
    outcome = Outcome(
        decision=decision,
        facts=facts.as_json(),
        changes=tuple(duty_change(step, told_of, rulebook, at) for step in steps),
        occurrence_key=occurrence_key(event),
        occurred_at=happened,
        is_cancelled=cancelled,
    )
    return (
        Case(case.occurrence_id, events, keys, _held_after(case.duties, steps)),
        outcome,
    )


def _fixed_keys(case: Case, data: AnyEventData, event: Event) -> Mapping[str, str]:
    keys = dict(case.person_keys or {})
    for person in people_of(data):
        if person.ref not in keys:
            keys[person.ref] = person_key(person, event.source)
    return keys


def _nobody(facts: Facts) -> Decision:
    nobody = tuple(NotTold(p.party.person.ref, None, CANCELLED) for p in facts.people)
    return Decision((), nobody, ())


def _withdrawn(
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


def _held_after(held: tuple[HeldDuty, ...], steps: tuple[Step, ...]) -> tuple[HeldDuty, ...]:
    by_id = {duty.duty_id: duty for duty in held}
    by_id.update({step.held.duty_id: step.held for step in steps})
    return tuple(by_id.values())
