"""What one more event makes of a case: in any order, however often, and never in silence."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from routing_rules.case import Case, HeldDuty, Outcome
from routing_rules.casework import decide
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import DutyState
from tests.builders import (
    EMERGENCY,
    NOW,
    POLICE,
    a_person,
    an_event,
    at_home,
    attendance,
    police,
    staffordshire,
)

VICTIM = a_person(number=3, **at_home())
LATER = NOW + timedelta(hours=1)


def told_in_turn(*events: Event) -> tuple[Case, list[Outcome]]:
    case = Case(occurrence_id(occurrence_key(events[0])))
    outcomes = []
    for event in events:
        case, outcome = decide(case, event, staffordshire(), LATER)
        outcomes.append(outcome)
    return case, outcomes


def standing(case: Case) -> dict[tuple[str, ...], HeldDuty]:
    return {
        (held.person_key, held.recipient, held.kind, held.instead_of or ""): held
        for held in case.duties
        if held.state is not DutyState.WITHDRAWN
    }


def an_update(number: int, *people: Mapping[str, Any], **known: Any) -> Event:
    return an_event(
        POLICE,
        police(*people, **known),
        event_id=f"e{number}",
        time=NOW + timedelta(minutes=number),
    )


def test_an_update_that_says_nothing_new_changes_nothing() -> None:
    _, outcomes = told_in_turn(an_update(1, VICTIM), an_update(2, VICTIM))

    assert outcomes[1].changes == ()


def test_a_person_who_is_left_out_has_not_left() -> None:
    child = a_person("child_present", date_of_birth="2020-01-01", **at_home())

    case, _ = told_in_turn(an_update(1, VICTIM, child), an_update(2, VICTIM))

    assert {about for about, *_ in standing(case)} == {
        "nhs:9990000034",
        "ref:urn:fieldfare:source:staffordshire-police:child_present",
    }


def test_a_person_entered_in_error_is_withdrawn_and_nobody_else_is() -> None:
    child = a_person("child_present", date_of_birth="2020-01-01", **at_home())
    gone = child | {"status": "entered_in_error"}

    case, outcomes = told_in_turn(an_update(1, VICTIM, child), an_update(2, VICTIM, gone))

    assert {change.why for change in outcomes[1].changes} == {"the person was entered in error"}
    assert {about for about, *_ in standing(case)} == {"nhs:9990000034"}


def test_the_unborn_child_of_an_accused_who_was_entered_in_error_is_withdrawn() -> None:
    """Nobody names that child, so nobody could ever take it back otherwise."""
    accused = a_person("alleged_perpetrator", number=4, pregnant="yes", **at_home())
    gone = accused | {"status": "entered_in_error"}

    case, _ = told_in_turn(an_update(1, VICTIM, accused), an_update(2, VICTIM, gone))

    assert {about for about, *_ in standing(case)} == {"nhs:9990000034"}


def test_somebody_entered_in_error_under_one_ref_is_still_there_under_another() -> None:
    twice = VICTIM | {"ref": "again"}

    case, outcomes = told_in_turn(
        an_update(1, VICTIM, twice), an_update(2, VICTIM, twice | {"status": "entered_in_error"})
    )

    assert all(c.notification["kind"] != "withdraw" for c in outcomes[1].changes)
    assert standing(case)


def test_who_turns_out_to_be_only_accused_is_withdrawn() -> None:
    case, outcomes = told_in_turn(
        an_update(1, VICTIM, a_person("victim", ref="other", number=4, **at_home())),
        an_update(2, VICTIM, a_person("alleged_perpetrator", ref="other", number=4)),
    )

    assert {about for about, *_ in standing(case)} == {"nhs:9990000034"}
    withdrawn = [c for c in outcomes[1].changes if c.notification["kind"] == "withdraw"]
    assert {c.why for c in withdrawn} == {
        "only an alleged perpetrator: nothing is ever told about them"
    }


def test_a_cancellation_withdraws_everything() -> None:
    case, outcomes = told_in_turn(an_update(1, VICTIM), an_update(2, VICTIM, status="cancelled"))

    assert outcomes[1].is_cancelled
    assert standing(case) == {}


def test_a_cancellation_that_comes_first_leaves_a_tombstone() -> None:
    case, outcomes = told_in_turn(an_update(2, VICTIM, status="cancelled"), an_update(1, VICTIM))

    assert [outcome.changes for outcome in outcomes] == [(), ()]
    assert case.duties == ()
    assert outcomes[1].is_cancelled


def test_what_is_told_again_after_a_cancellation_is_a_new_episode() -> None:
    case, outcomes = told_in_turn(
        an_update(1, VICTIM), an_update(2, VICTIM, status="cancelled"), an_update(3, VICTIM)
    )

    (held,) = standing(case).values()
    assert held.episode == 2
    assert outcomes[2].changes[0].notification["kind"] == "notify"


def test_a_key_stays_as_it_was_first_seen() -> None:
    unknown = a_person(**at_home())

    case, _ = told_in_turn(an_update(1, unknown), an_update(2, VICTIM))

    assert case.person_keys == {"victim": "ref:urn:fieldfare:source:staffordshire-police:victim"}
    assert len(standing(case)) == 1


def test_when_it_happened_does_not_depend_on_what_arrives_first() -> None:
    """Neither event says when: the earlier publication counts, else ages would depend on luck."""
    first = an_event(POLICE, police(VICTIM, incident_at=None), time=NOW)
    second = an_event(POLICE, police(VICTIM, incident_at=None), event_id="e2", time=LATER)

    _, in_order = told_in_turn(first, second)
    _, reversed_ = told_in_turn(second, first)

    assert in_order[1].occurred_at == reversed_[1].occurred_at == NOW


def test_what_was_told_at_night_to_the_contact_is_told_there_in_any_order() -> None:
    night = NOW + timedelta(hours=8)
    victim = a_person(number=3, pregnant="yes", address={"district": "E08000025"})
    first = an_event(POLICE, police(victim, risk="high"), time=night)
    morning = an_event(
        POLICE, police(victim, risk="high"), event_id="e2", time=NOW + timedelta(days=3)
    )

    in_order, _ = told_in_turn(first, morning)
    reversed_, _ = told_in_turn(morning, first)

    assert standing(in_order).keys() == standing(reversed_).keys()
    assert any("emergency-duty" in recipient for _, recipient, *_ in standing(in_order))


def test_the_facts_used_and_the_occurrences_name_are_kept() -> None:
    _, (outcome,) = told_in_turn(an_update(1, VICTIM))

    assert outcome.occurrence_key == "police|staffordshire-police|STF/2026/000001"
    assert outcome.facts["directory_on"] == "2026-03-06"


def test_a_routine_notice_follows_when_the_departure_is_known() -> None:
    child = a_person("patient", number=3, date_of_birth="2020-01-01", **at_home())
    mother = a_person("parent", name={"given": "Asha", "family": "Example"})
    arrived = attendance(
        child, mother, status="arrived", departed_at=None, arrived_at="2026-03-06T13:30:00Z"
    )

    _, outcomes = told_in_turn(
        an_event(EMERGENCY, arrived, time=NOW),
        an_event(EMERGENCY, attendance(child, mother), event_id="e2", time=LATER),
    )

    assert [len(outcome.changes) for outcome in outcomes] == [0, 2]


# Properties
