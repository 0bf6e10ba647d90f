"""About whom no rule is a missed notification, and about whom it is a choice."""

from typing import Any

import pytest

from routing_rules.engine import GUARDED, NO_RULE, NO_RULE_THOUGH
from schemas.values import EventType
from tests.builders import (
    EMERGENCY,
    MARAC,
    POLICE,
    a_person,
    an_event,
    at_home,
    attendance,
    conference,
    decision_on,
    police,
    with_rules,
)
from tests.unit.routing_rules.learned_events import decision
from tests.unit.routing_rules.register_events import ASHA, BELLA, link, registration

NOTHING_APPLIES = with_rules(
    """
- rule: of-no-use-to-anybody-here
  why: It never fires for the people of these tests.
  event: emergency attendance
  when: {concerns: [fgm]}
  about:
    each person where: {role: patient}
  tell:
    - safeguarding: of the attending hospital
      urgency: same day
      ask: [acknowledge]
  source: [para 1.13]
  owner: named.nurse
  review by: 2027-04-01
"""
)
ADULT, CHILD = {"date_of_birth": "1990-01-01"}, {"date_of_birth": "2019-01-01"}


def because(event_type: EventType, data: dict[str, Any], about: str) -> str:
    """Why nobody is told about somebody where no rule applies to anybody."""
    decision = decision_on(event_type, data, rulebook=NOTHING_APPLIES)
    (reason,) = (each.because for each in decision.nobody if each.about == about)
    return reason


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (a_person("victim", **ADULT), NO_RULE_THOUGH),
        (a_person("child_present"), NO_RULE_THOUGH),
        (a_person("sibling"), NO_RULE_THOUGH),
        (a_person("other_adult", **CHILD), NO_RULE_THOUGH),
        (a_person("unborn", pregnancy_id="MAT-1", order=1), NO_RULE_THOUGH),
        (a_person("other_adult"), NO_RULE),
        (a_person("child_present", **ADULT), NO_RULE),
        (a_person("alleged_perpetrator", **ADULT), GUARDED),
    ],
    ids=lambda value: value["role"] if isinstance(value, dict) else "",
)
@pytest.mark.parametrize("event_type", [POLICE, MARAC])
def test_victims_and_children_are_of_concern_whoever_else_is_there(
    event_type: EventType, person: dict[str, Any], expected: str
) -> None:
    data = police(person) if event_type is POLICE else conference(person)

    assert because(event_type, data, str(person["role"])) == expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (CHILD, NO_RULE_THOUGH),
        ({}, NO_RULE_THOUGH),
        ({**ADULT, "pregnant": "possible"}, NO_RULE_THOUGH),
        ({**ADULT, "pregnant": "unknown"}, NO_RULE),
    ],
)
def test_a_patient_is_of_concern_who_may_be_a_child_or_pregnant(
    known: dict[str, Any], expected: str
) -> None:
    data = attendance(a_person("patient", **known))

    assert because(EMERGENCY, data, "patient") == expected


def test_nobody_is_missed_while_the_attendance_goes_on() -> None:
    data = attendance(a_person("patient", **CHILD), status="arrived", departed_at=None)

    assert because(EMERGENCY, data, "patient") == NO_RULE


@pytest.mark.parametrize(
    ("role", "concerns", "expected"),
    [
        ("dependant", ["alcohol"], NO_RULE_THOUGH),
        ("child_present", ["overdose"], NO_RULE_THOUGH),
        ("dependant", ["burn"], NO_RULE),
        ("sibling", ["alcohol"], NO_RULE),
    ],
)
def test_children_of_a_patient_are_of_concern_by_what_the_patient_came_with(
    role: str, concerns: list[str], expected: str
) -> None:
    parent = a_person("patient", **ADULT)
    data = attendance(parent, a_person(role, **CHILD), concerns=concerns)

    assert because(EMERGENCY, data, role) == expected


@pytest.mark.parametrize(
    ("role", "expected"), [("patient", NO_RULE_THOUGH), ("accompanying_adult", NO_RULE)]
)
def test_a_child_whom_only_the_register_knows_is_of_concern_if_it_is_the_patients(
    role: str, expected: str
) -> None:
    parent = a_person(role, nhs_number=ASHA, nhs_number_status="verified", **ADULT)
    others = () if role == "patient" else (a_person("patient", **ADULT),)
    everybody = (parent,) if not others else (*others, parent)
    data = attendance(*everybody, concerns=["alcohol"])
    child = registration(BELLA, date_of_birth="2019-01-01")

    found = decision(an_event(EMERGENCY, data), child, link(ASHA, BELLA), rulebook=NOTHING_APPLIES)

    reasons = {each.about: each.because for each in found.nobody}
    assert reasons.pop("patient") == NO_RULE
    reasons.pop("accompanying_adult", None)
    assert list(reasons.values()) == [expected]


@pytest.mark.parametrize(
    ("role", "expected"),
    [("child_elsewhere", NO_RULE_THOUGH), ("unborn", NO_RULE_THOUGH), ("sibling", NO_RULE)],
)
def test_of_what_social_care_tells_children_are_of_concern_and_siblings_are_not(
    role: str, expected: str
) -> None:
    known = {"pregnancy_id": "MAT-1", "order": 1} if role == "unborn" else CHILD
    data = {"referral_id": "R", "people": [a_person(role, **known)]}

    assert because(EventType.SOCIAL_CARE_REFERRAL, data, role) == expected


def test_nobody_promised_that_a_contact_of_a_child_is_told() -> None:
    data = {"patient": a_person("patient", **CHILD), "setting": "camhs", "concerns": []}

    assert because(EventType.COMMUNITY_CONTACT, data, "patient") == NO_RULE


def test_under_the_shipped_rules_a_child_of_concern_is_told_about() -> None:
    child = a_person("child_present", number=2, **CHILD, **at_home())

    decision = decision_on(POLICE, police(child))

    assert decision.nobody == ()
    assert decision.duties
