"""What a notice tells of an attendance, and what of an action of a conference."""

from routing_rules.decision import OwedDuty
from schemas.values import Service
from tests.builders import (
    EMERGENCY,
    MARAC,
    a_person,
    at_home,
    attendance,
    conference,
    decision_on,
    everything_in,
    only_duty,
    with_rules,
)
from tests.unit.routing_rules.test_content import TOLD_TO_ALL, VERA, told_of_police


def about_the_child_of_a_patient(service: Service) -> OwedDuty:
    rules = TOLD_TO_ALL.format(event="emergency attendance", role="child present")
    patient = a_person("patient", number=3, **VERA)
    child = a_person("child_present", date_of_birth="2023-01-01", **at_home())
    data = attendance(
        patient,
        child,
        concerns=["overdose", "sexual_health"],
        reason="Took Secret tablets",
        summary="A Secret summary",
        headline="A Secret headline",
        codes=[{"system": "snomed", "code": "Secret"}],
    )
    return only_duty(
        decision_on(EMERGENCY, data, rulebook=with_rules(rules)), "child_present", service
    )


def test_the_health_visitor_of_a_child_hears_the_category_of_a_parents_concern() -> None:
    duty = about_the_child_of_a_patient(Service.HEALTH_VISITING)

    assert duty.content["category_of_concern"] == ["overdose"]
    assert "Secret" not in everything_in(duty)


def test_the_practice_of_a_child_hears_only_that_there_is_a_concern() -> None:
    duty = about_the_child_of_a_patient(Service.GP)

    assert duty.content["concern"] == "parental concern, speak to the safeguarding lead"
    assert "overdose" not in everything_in(duty)
    assert "Secret" not in everything_in(duty)


def test_the_patient_under_another_ref_is_still_the_patient() -> None:
    rules = TOLD_TO_ALL.format(event="emergency attendance", role="parent")
    data = attendance(
        a_person("patient", number=3, **VERA, **at_home()),
        a_person("parent", number=3, **VERA, **at_home()),
        reason="A fall",
    )

    decision = decision_on(EMERGENCY, data, rulebook=with_rules(rules))

    assert only_duty(decision, "patient", Service.GP).content["reason"] == "A fall"


def test_another_person_who_is_called_a_patient_does_not_read_the_patients_story() -> None:
    rules = TOLD_TO_ALL.format(event="emergency attendance", role="patient")
    data = attendance(
        a_person("patient", ref="p", number=3, **at_home()),
        a_person("patient", ref="q", number=5, **at_home()),
        reason="A fall",
    )

    decision = decision_on(EMERGENCY, data, rulebook=with_rules(rules))

    assert "reason" not in only_duty(decision, "q", Service.GP).content


def test_a_due_date_is_the_mothers() -> None:
    victim = a_person(pregnant="yes", expected_due_date="2026-08-20", **at_home())

    decision = told_of_police(victim, a_person("unborn"))

    for about in ("victim", "unborn"):
        duty = only_duty(decision, about, Service.MIDWIFERY)
        assert duty.content["expected_due_date"] == "2026-08-20"
    assert "expected_due_date" not in only_duty(decision, "victim", Service.GP).content


ACTIONS = [
    {"id": "1", "text": "Of the midwives", "service": "midwifery", "organisation": "RJF"},
    {"id": "2", "text": "Of the visitors", "service": "health-visiting", "organisation": "R1E"},
]


def test_each_service_sees_its_own_actions_only() -> None:
    data = conference(a_person(pregnant="yes", **at_home()), actions=ACTIONS)

    decision = decision_on(MARAC, data)

    midwifery = only_duty(decision, "victim", Service.MIDWIFERY)
    assert midwifery.content["actions"] == [{"id": "1", "text": "Of the midwives", "due_on": None}]
    assert "actions" not in only_duty(decision, "victim", Service.GP).content


def test_a_safeguarding_team_sees_all_actions_of_health() -> None:
    rules = TOLD_TO_ALL.format(event="marac outcome", role="victim").replace(
        "health visiting: of the home district", "safeguarding: at the booked provider"
    )
    other = {"id": "3", "text": "Of the police", "service": "police", "due_on": "2026-03-19"}
    victim = a_person(maternity_provider="RJF", **at_home())
    data = conference(victim, actions=[*ACTIONS, other])

    decision = decision_on(MARAC, data, rulebook=with_rules(rules))

    (duty,) = (d for d in decision.duties if d.recipient == "RJF:safeguarding")
    assert "Of the visitors" in everything_in(duty)
    assert "Of the police" not in everything_in(duty)


def test_the_text_of_an_action_tells_nobody_about_the_other_party() -> None:
    data = conference(
        a_person("victim", ref="k", number=3, pregnant="yes", **at_home()),
        a_person("alleged_perpetrator", number=3),
        actions=[{**ACTIONS[0], "due_on": "2026-03-19"}],
    )

    midwifery = only_duty(decision_on(MARAC, data), "k", Service.MIDWIFERY)

    assert midwifery.content["actions"] == [{"id": "1", "text": None, "due_on": "2026-03-19"}]


def test_a_table_without_actions_shows_none() -> None:
    rules = TOLD_TO_ALL.format(event="marac outcome", role="victim").replace(
        "health visiting: of the home district", "paediatric liaison: at the booked provider"
    )
    action = {"id": "1", "text": "See", "service": "paediatric-liaison", "organisation": "R1E"}
    victim = a_person(maternity_provider="R1E", **at_home())

    decision = decision_on(MARAC, conference(victim, actions=[action]), rulebook=with_rules(rules))

    (duty,) = (d for d in decision.duties if d.service is Service.PAEDIATRIC_LIAISON)
    assert "actions" not in duty.content
