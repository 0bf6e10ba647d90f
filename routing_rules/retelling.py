"""What is not told, or not any more, because people turned out to be one, or were lost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from routing_rules.case import Case, HeldDuty
from routing_rules.decision import Decision, NotTold
from routing_rules.known import Known
from routing_rules.pregnancy_endings import LET_IT_REST, AfterEndings
from routing_rules.reconcile import identity_of_held, identity_of_owed
from routing_rules.registered import Registered, ref_of_child
from routing_rules.subjects import people_of, with_people
from schemas.person import Person

ONE_PERSON = "this is told under another NHS number of the same person"


def without_the_lost(decision: Decision, ended: AfterEndings) -> Decision:
    """The decision with those who were lost as told about to nobody; nothing if it is moot."""
    nobody = tuple(NotTold(ref, None, LET_IT_REST) for ref in sorted(ended.lost))
    if not ended.is_moot:
        return replace(decision, nobody=(*decision.nobody, *nobody)) if nobody else decision
    refs = dict.fromkeys(duty.about.ref for duty in decision.duties if duty.about)
    moot = tuple(NotTold(ref, None, LET_IT_REST) for ref in refs)
    return replace(decision, duties=(), nobody=(*decision.nobody, *nobody, *moot), fired_once=())


def keeping_refs(registered: Registered, known: Known, case: Case) -> Registered:
    """The same, with each child whom only the register knows under the ref it had in the case.

    One that was first known by a number that has given way keeps that number's ref and key.
    """
    refs: dict[str, str] = {}
    named: dict[str, Person] = {}
    for child in people_of(registered.data):
        if child.ref not in registered.parents or child.ref in (case.person_keys or {}):
            continue
        for old in sorted(old for old, one in known.called.items() if one == child.nhs_number):
            ref = ref_of_child(case.occurrence_id, old)
            if ref in (case.person_keys or {}):
                refs.setdefault(child.ref, ref)
                named.setdefault(ref, child.model_copy(update={"ref": ref, "nhs_number": old}))
    if not refs:
        return registered
    people = [
        each.model_copy(update={"ref": refs.get(each.ref, each.ref)})
        for each in people_of(registered.data)
    ]
    return replace(
        registered,
        data=with_people(registered.data, people),
        matched={refs.get(ref, ref): one for ref, one in registered.matched.items()},
        parents={refs.get(ref, ref): of for ref, of in registered.parents.items()},
        named={**registered.named, **named},
    )


def told_twice(decision: Decision, held: Sequence[HeldDuty], known: Known) -> Mapping[str, str]:
    """By duty id, what is held under one number of a person and now owed under another."""
    if not known.called:
        return {}
    owed = {identity_of_owed(duty) for duty in decision.duties}
    told = {
        duty.about.nhs_number: duty.about.key
        for duty in decision.duties
        if duty.about is not None and duty.about.nhs_number is not None
    }
    found: dict[str, str] = {}
    for duty in held:
        number = duty.person_key.removeprefix("nhs:")
        key = told.get(known.called.get(number, number))
        if key not in (None, duty.person_key) and identity_of_held(duty) not in owed:
            found[str(duty.duty_id)] = ONE_PERSON
    return found
