"""Which duties follow, who is not told and why: every rule that matches fires."""

from typing import Any

from routing_rules.decision import NotTold
from schemas.values import Ask, Service, Urgency
from tests.builders import (
    EMERGENCY,
    POLICE,
    a_person,
    at_home,
    attendance,
    decision_on,
    only_duty,
    police,
    told,
    with_rules,
)

SCHOOL = {"urn": "900006", "type": "state"}
RUBY = {"number": 3, "date_of_birth": "2009-12-12", "school": SCHOOL, **at_home()}
"""A pupil of sixteen."""
TEEN = {"number": 5, "date_of_birth": "2011-05-01", "school": SCHOOL, **at_home()}

CONFIDENTIAL = """
- rule: reviewed
  why: Sexual health is reviewed for exploitation.
  event: emergency attendance
  when: {concerns: [sexual health]}
  about: {role: patient}
  tell:
    - safeguarding: of the attending hospital
      urgency: routine
      ask: [act]
  source: [para 1.33]
  owner: named.nurse
  review by: 2027-04-01
- rule: seen
  why: A child who self-harms is seen.
  event: emergency attendance
  when: {concerns: [self harm, alcohol]}
  about: {role: patient}
  tell:
    - camhs: of the home district
      urgency: routine
      ask: [act]
    - gp: at the registered practice
      urgency: routine
      ask: []
  source: [para 2.13]
  owner: named.nurse
  review by: 2027-04-01
- rule: asked-about
  why: Whoever attends for sexual health is asked about it by CAMHS.
  event: emergency attendance
  when: {concerns: [sexual health]}
  about: {role: patient}
  tell:
    - camhs: of the home district
      urgency: immediate
      ask: [record]
  source: [para 2.13]
  owner: named.nurse
  review by: 2027-04-01
- withhold: sexual health is confidential
  event: emergency attendance
  when: {concerns: [sexual health]}
  about: {role: patient}
  except: [safeguarding]
  but still: {concerns: [self harm], tell: [camhs]}
"""
ABOUT_ALL = """
- rule: everybody
  why: Everybody hears of it.
  event: {event}
  about: {{role: [victim, patient, child present, alleged perpetrator, other adult]}}
  tell:
    - gp: at the registered practice
      urgency: routine
      ask: []
  source: [para 1.33]
  owner: named.nurse
  review by: 2027-04-01
"""


def attends(*concerns: str, **known: Any) -> dict[str, Any]:
    return attendance(a_person("patient", **{**TEEN, **known}), concerns=list(concerns))


def test_every_rule_that_matches_fires_and_one_duty_a_recipient_remains() -> None:
    data = attendance(a_person("patient", **TEEN), concerns=["self_harm"], site="RJF-QUEENS-ED")

    practice = only_duty(decision_on(EMERGENCY, data), "patient", Service.GP)

    assert [reason.rule for reason in practice.reasons] == [
        "ed-child-at-school",
        "ed-self-harm-of-a-child",
    ]
    assert practice.urgency is Urgency.NEXT_WORKING_DAY
    assert practice.asks == (Ask.ACKNOWLEDGE, Ask.RECORD)


def test_somebody_about_whom_no_rule_speaks_is_recorded_as_such() -> None:
    decision = decision_on(POLICE, police(a_person("other_adult")))

    assert decision.duties == ()
    assert decision.nobody == (NotTold("other_adult", None, "no rule applies"),)


def test_nothing_is_told_about_who_is_only_accused_and_it_says_why() -> None:
    rulebook = with_rules(ABOUT_ALL.format(event="police domestic abuse"))
    accused = a_person("alleged_perpetrator", number=4, **at_home())

    decision = decision_on(POLICE, police(a_person(**at_home()), accused), rulebook=rulebook)

    assert told(decision) == {("victim", "Y90004:gp", "")}
    assert decision.nobody == (
        NotTold(
            "alleged_perpetrator",
            None,
            "only an alleged perpetrator: nothing is ever told about them",
        ),
    )


def test_one_human_under_two_refs_is_told_about_once_to_each_recipient() -> None:
    """Both refs match the rules about a pupil; two duties with one id would go to each."""
    victim = a_person("victim", ref="v", **RUBY)
    accused = a_person("alleged_perpetrator", ref="a", **RUBY)

    decision = decision_on(POLICE, police(accused, victim))

    recipients = [duty.recipient for duty in decision.duties]
    assert len(recipients) == len(set(recipients))
    assert {about for about, _, _ in told(decision)} == {"v"}
    assert NotTold("a", None, "told about as a victim, under another ref") in decision.nobody


def test_all_that_one_human_is_in_an_event_is_told_in_one_notice() -> None:
    """A victim of unknown age who is also listed as a child present keeps the child's rules."""
    both = {"number": 3, "school": SCHOOL, **at_home()}
    data = police(a_person("child_present", ref="c", **both), a_person("victim", ref="v", **both))

    decision = decision_on(POLICE, data)

    assert {about for about, _, _ in told(decision)} == {"v"}
    practice = only_duty(decision, "v", Service.GP)
    assert {reason.rule for reason in practice.reasons} == {
        "da-victim-practice",
        "da-child-of-unknown-age-practice",
    }


def test_a_pregnancy_that_only_the_accusation_mentions_still_reaches_the_midwife() -> None:
    data = police(
        a_person("victim", ref="v", number=3, **at_home()),
        a_person("alleged_perpetrator", ref="a", number=3, pregnant="yes"),
    )

    assert ("v", "RJF:midwifery", "") in told(decision_on(POLICE, data))


def test_an_urgency_that_a_field_decides() -> None:
    high = decision_on(POLICE, police(a_person(pregnant="yes", **at_home()), risk="high"))
    medium = decision_on(POLICE, police(a_person(pregnant="yes", **at_home())))

    assert only_duty(high, "victim", Service.MIDWIFERY).urgency is Urgency.IMMEDIATE
    assert only_duty(medium, "victim", Service.MIDWIFERY).urgency is Urgency.SAME_DAY


def test_an_urgency_may_depend_on_the_person() -> None:
    rules = CONFIDENTIAL.replace(
        "urgency: immediate",
        "urgency: {by: pregnant, yes: immediate, no: routine, possible: routine, unknown: routine}",
    )
    data = attends("sexual_health", "self_harm", pregnant="yes")
    rules = rules.split("- withhold")[0]

    decision = decision_on(EMERGENCY, data, rulebook=with_rules(rules))

    assert only_duty(decision, "patient", Service.CAMHS).urgency is Urgency.IMMEDIATE
