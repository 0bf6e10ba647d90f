"""Deciding a case: what one more event of an occurrence makes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from routing_rules.case import Case, HeldDuty, Outcome
from routing_rules.decision import Decision, NotTold
from routing_rules.engine import THE_EVENT, route
from routing_rules.facts import Facts
from routing_rules.footing import Founded, footing_of
from routing_rules.gathering import Times, Told, gather
from routing_rules.humans import humans_of
from routing_rules.identifying import identified
from routing_rules.known import NOTHING_KNOWN, Firing, Known
from routing_rules.looking_again import look_again_at
from routing_rules.notices import duty_change, event_told_to
from routing_rules.people import CHILD_ROLES, person_key
from routing_rules.pregnancy_endings import LET_IT_REST, AfterEndings
from routing_rules.reconcile import (
    UNFOUNDED,
    Identity,
    Step,
    identity_of_held,
    identity_of_owed,
    learned_later,
    reconcile,
)
from routing_rules.register_exceptions import is_register_problem
from routing_rules.registered import Registered, register_adds, with_endings
from routing_rules.retelling import keeping_refs, told_twice, without_the_lost
from routing_rules.rulebook import Rulebook
from routing_rules.subjects import people_of
from routing_rules.withdrawals import CANCELLED, taken_away, taken_back, told_in_error
from schemas.events import AnyEventData, Event, RegisterData
from schemas.folding import place_in_order
from schemas.occurrence import fold, is_cancelled, occurred_at, occurrence_key
from schemas.values import DutyState, NotificationKind


def decide(
    case: Case, event: Event, rulebook: Rulebook, at: datetime, known: Known = NOTHING_KNOWN
) -> tuple[Case, Outcome]:
    """Route the occurrence as all its events now tell it, and say what changes.

    Pure: the same case, event, rulebook, time and knowledge give the same outcome. `at` is the
    time of routing (UTC); clocks start when the event was published. `known` is what the register
    and the history say of the people in it. Returns the case as it then stands.
    """
    now = replace(case, events=(*case.events, event))
    return _decided(_Routed(now, event, rulebook, at, known))


def decide_and_explain(
    case: Case, event: Event, rulebook: Rulebook, at: datetime, known: Known = NOTHING_KNOWN
) -> tuple[Case, Outcome]:
    """As `decide`, with the verdict of every rule."""
    now = replace(case, events=(*case.events, event))
    return _decided(_Routed(now, event, rulebook, at, known, explain=True))


def decide_again(
    case: Case, rulebook: Rulebook, at: datetime, known: Known, *, is_late: bool
) -> tuple[Case, Outcome]:
    """Route a case again though no event says something new: more is known, or time has passed.

    `is_late`: something was learned later that was true at the occurrence, so that whatever is
    told for it is told late.
    """
    latest = max(case.events, key=place_in_order)
    return _decided(_Routed(case, latest, rulebook, at, known, is_late=is_late))


def as_told(case: Case) -> tuple[AnyEventData, datetime]:
    """An occurrence as all its events tell it, and when it occurred (UTC).

    Raises:
        TypeError: it is one of the register's, which is never routed.
    """
    data = fold(case.events) if len(case.events) > 1 else case.events[0].data
    if isinstance(data, RegisterData):
        raise TypeError("an event for the register is never routed")
    data = identified(data, case.identified)
    return data, occurred_at(data, min(each.time for each in case.events))


@dataclass(frozen=True, slots=True)
class _Routed:
    """A case to be decided; `event` is the one that it is decided for."""

    case: Case
    event: Event
    rulebook: Rulebook
    at: datetime
    known: Known
    explain: bool = False
    is_late: bool = False
    heeds_endings: bool = True


def _decided(routed: _Routed) -> tuple[Case, Outcome]:
    """Decides a case, and leaves alone what MASH owes the register because of its events."""
    duties = routed.case.duties
    apart = tuple(duty for duty in duties if is_register_problem(duty))
    if not apart:
        return _decided_of_people(routed)
    own = tuple(duty for duty in duties if duty not in apart)
    after, outcome = _decided_of_people(replace(routed, case=replace(routed.case, duties=own)))
    return replace(after, duties=(*apart, *after.duties)), outcome


def _decided_of_people(routed: _Routed) -> tuple[Case, Outcome]:
    case, event, rulebook = routed.case, routed.event, routed.rulebook
    data, happened = as_told(case)
    facts, keys, registered = _facts(routed, data, happened)
    cancelled = is_cancelled(data)
    decision = _nobody(facts) if cancelled else route(facts, rulebook, explain=routed.explain)
    decision = without_the_lost(decision, registered.ended)
    withdrawn = dict(told_in_error(facts, keys, case, cancelled=cancelled))
    earlier = _earlier(routed) if routed.is_late else ()
    withdrawn |= _unfounded(routed, decision, earlier) if routed.is_late else {}
    withdrawn |= taken_away(case, decision)
    withdrawn |= taken_back(facts, decision, case)
    withdrawn |= told_twice(decision, case.duties, routed.known)
    unended: tuple[Facts, ...] = ()
    if registered.ended.changes_anything and not cancelled:
        unended = () if registered.ended.is_moot else _unended(routed)
        withdrawn |= _let_rest(routed, decision, registered.ended, keys, unended)
    steps = reconcile(
        case.occurrence_id, decision.duties, case.duties, withdrawn=withdrawn, at=routed.at
    )
    steps = learned_later(steps) if routed.is_late else steps
    stored = facts.as_json()
    founded = Founded(case, registered, keys, earlier, unended, event.publisher)
    outcome = Outcome(
        decision=decision,
        facts=stored,
        changes=tuple(
            duty_change(step, event_told_to(step.held, event, facts, rulebook), rulebook, routed.at)
            for step in steps
        ),
        occurrence_key=occurrence_key(event),
        occurred_at=facts.occurred_at,
        is_cancelled=cancelled,
        data=data,
        firings=_firings(facts, decision),
        look_again_at=None if cancelled else look_again_at(facts, rulebook),
        leaves_out=_leaves_out(case, decision),
        footing=None if cancelled else footing_of(facts, stored, founded),
    )
    return replace(case, person_keys=keys, duties=_held_after(case.duties, steps)), outcome


def _leaves_out(case: Case, decision: Decision) -> bool:
    owed = {identity_of_owed(duty) for duty in decision.duties}
    return any(
        identity_of_held(duty) not in owed
        for duty in case.duties
        if duty.state is not DutyState.WITHDRAWN and duty.kind is not NotificationKind.ESCALATE
    )


def _earlier(routed: _Routed) -> tuple[Facts, ...]:
    """The facts of a case before each event but the first, had it been known what is known now."""
    case = routed.case
    found: list[Facts] = []
    for count in range(1, len(case.events)):
        earlier = replace(routed, case=replace(case, events=case.events[:count]))
        data, happened = as_told(earlier.case)
        if not is_cancelled(data):
            found.append(_facts(earlier, data, happened)[0])
    return tuple(found)


def _unfounded(routed: _Routed, decision: Decision, earlier: Iterable[Facts]) -> Mapping[str, str]:
    """By id, the duties that no event would have led to, had it been known what is known now.

    What only a later event left out was rightly told when it was, and stays; and so does what a
    named person has had issued, whatever this rulebook says of it.
    """
    case = routed.case
    left = {identity_of_held(duty) for duty in case.duties if not duty.is_issued}
    left -= {identity_of_owed(duty) for duty in decision.duties}
    for facts in earlier:
        if not left:
            break
        left -= {identity_of_owed(duty) for duty in route(facts, routed.rulebook).duties}
    return {
        str(d.duty_id): UNFOUNDED
        for d in case.duties
        if identity_of_held(d) in left and not d.is_issued
    }


def _unended(routed: _Routed) -> tuple[Facts, ...]:
    """The facts of a case after each event as if no pregnancy had ended."""
    case = routed.case
    earlier = (
        replace(routed, case=replace(case, events=case.events[:count]), heeds_endings=False)
        for count in range(1, len(case.events) + 1)
    )
    return tuple(_facts(each, *as_told(each.case))[0] for each in earlier)


def _let_rest(
    routed: _Routed,
    decision: Decision,
    ended: AfterEndings,
    keys: Mapping[str, str],
    unended: Iterable[Facts],
) -> Mapping[str, str]:
    """By person key or duty id, what was told of a pregnancy that is no more.

    Whatever would still be owed had it not ended, and is not now, was owed because of it. Who is
    told about all the same, as a victim under another ref, is not let rest as a whole.
    """
    duties = routed.case.duties
    left = {identity_of_held(duty) for duty in duties}
    left -= {identity_of_owed(duty) for duty in decision.duties}
    of_it: set[Identity] = set(left) if ended.is_moot else set()
    for facts in unended:
        of_it |= {identity_of_owed(duty) for duty in route(facts, routed.rulebook).duties} & left
    told = {duty.about.key for duty in decision.duties if duty.about is not None}
    lost = {keys[ref]: LET_IT_REST for ref in ended.lost if keys[ref] not in told}
    return {
        **{str(d.duty_id): LET_IT_REST for d in duties if identity_of_held(d) in of_it},
        **lost,
    }


def _facts(
    routed: _Routed, data: AnyEventData, happened: datetime
) -> tuple[Facts, Mapping[str, str], Registered]:
    case, event = routed.case, routed.event
    publications = tuple(each.time for each in case.events)
    settings = routed.rulebook.settings
    registered = register_adds(
        data,
        routed.known,
        settings,
        occurrence_id=case.occurrence_id,
        at=happened,
    )
    registered = keeping_refs(registered, routed.known, case)
    if routed.heeds_endings:
        registered = with_endings(registered, routed.known, settings, happened)
    keys = _fixed_keys(case, registered, event)
    told = Told(
        type=event.type,
        occurrence_id=case.occurrence_id,
        registered=registered,
        keys=keys,
        known=routed.known,
        returns=case.returns,
        publisher=event.publisher,
    )
    times = Times(happened, event.time, routed.at, publications)
    return gather(told, routed.rulebook, times), keys, registered


def _firings(facts: Facts, decision: Decision) -> tuple[Firing, ...]:
    return tuple(
        Firing(rule, number, facts.occurred_at, facts.occurrence_id)
        for rule, number in decision.fired_once
    )


def _fixed_keys(case: Case, registered: Registered, event: Event) -> Mapping[str, str]:
    """The keys of everybody, by ref: fixed when first seen; a human keeps one under a new ref.

    Whoever was joined to somebody else, or born since, keeps the key from before.
    """
    people = [registered.named.get(person.ref, person) for person in people_of(registered.data)]
    before = case.person_keys or {}
    keys = {**{person.ref: person_key(person, event.source) for person in people}, **before}
    if not before or before.keys() >= keys.keys():
        return keys
    humans = humans_of(people, keys)
    fixed: dict[str, str] = {}
    for ref, key in before.items():
        if ref in humans:
            fixed.setdefault(humans[ref], key)
    known = frozenset(before.values())
    for person in people:
        by_number = f"nhs:{person.nhs_number}"
        if person.role in CHILD_ROLES and by_number in known:
            fixed.setdefault(humans[person.ref], by_number)
    new = {ref: fixed[human] for ref, human in humans.items() if human in fixed}
    return {**keys, **new, **before}


def _nobody(facts: Facts) -> Decision:
    refs = [person.party.person.ref for person in facts.people] or [THE_EVENT]
    return Decision((), tuple(NotTold(ref, None, CANCELLED) for ref in refs), ())


def _held_after(held: tuple[HeldDuty, ...], steps: tuple[Step, ...]) -> tuple[HeldDuty, ...]:
    by_id = {duty.duty_id: duty for duty in (*held, *(step.held for step in steps))}
    return tuple(by_id.values())
