"""One duty a recipient: joined, timed, handled and disclosed; and what MASH owns instead."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.values import Ask, NotificationKind, Service
from tests.builders import (
    POLICE,
    a_person,
    at_home,
    decision_on,
    police,
    told,
    with_rules,
)

FRIDAY_NIGHT = datetime(2026, 3, 6, 22, 10, tzinfo=UTC)
SHARED_CONTACT = """
- rule: both-at-once
  why: Both are told at once.
  event: police domestic abuse
  about: {role: child present}
  tell:
    - health visiting: of the home district
      urgency: immediate
      ask: [acknowledge]
    - school nursing: of the home district
      urgency: immediate
      ask: [record]
    - social care: of the home district
      urgency: routine
      ask: [act]
  source: [para 1.13]
  owner: named.nurse
  review by: 2027-04-01
"""
OWN_CONTACT = "860:social-care:emergency-duty"
NO_CONTACT = "Do not phone, text or write."


def a_child(**known: Any) -> dict[str, Any]:
    return a_person("child_present", ref="child", **{**at_home(), **known})


def test_a_team_that_cannot_be_found_becomes_an_exception_that_says_which_and_why() -> None:
    victim = a_person(pregnant="yes", address={"district": "E08000025"})

    exceptions = [
        duty
        for duty in decision_on(POLICE, police(victim)).duties
        if duty.instead_of is Service.MIDWIFERY
    ]

    (duty,) = exceptions
    assert (duty.service, duty.recipient) == (Service.MASH, "MASH:mash")
    assert duty.kind is NotificationKind.EXCEPTION
    assert duty.because == "no midwifery team serves the home district"
    assert duty.asks == (Ask.ACKNOWLEDGE, Ask.ACT)


@pytest.mark.parametrize("name", ["RJF:midwifery", "RJF"], ids=["recipient", "organisation"])
def test_whom_the_publisher_will_not_have_told_is_mashs_to_think_about(name: str) -> None:
    victim = a_person(pregnant="yes", **at_home())

    decision = decision_on(POLICE, police(victim, do_not_tell=[name]))

    duty = next(d for d in decision.duties if d.instead_of is Service.MIDWIFERY)
    assert duty.because == "the publisher says that this recipient must not be told"
    assert Service.MIDWIFERY not in {each.service for each in decision.duties}
    assert ("victim", "Y90004:gp", "") in told(decision)


def test_a_refusal_that_cannot_be_read_may_mean_anybody() -> None:
    """`unknown` stands where a name could not be read; to tell everybody would tell that one."""
    victim = a_person(pregnant="yes", **at_home())

    decision = decision_on(POLICE, police(victim, do_not_tell=["unknown"]))

    assert {duty.service for duty in decision.duties} == {Service.MASH}


def test_what_is_immediate_reaches_the_out_of_hours_contact_of_a_closed_team() -> None:
    decision = decision_on(
        POLICE, police(a_child()), rulebook=with_rules(SHARED_CONTACT), at=FRIDAY_NIGHT
    )

    contact = next(duty for duty in decision.duties if duty.recipient == OWN_CONTACT)
    assert contact.asks == (Ask.ACKNOWLEDGE, Ask.RECORD)
    assert contact.kind is NotificationKind.NOTIFY


def test_two_closed_teams_with_one_contact_give_it_one_duty() -> None:
    """Two duties to one recipient about one person would have one id, and one would be lost."""
    decision = decision_on(
        POLICE, police(a_child()), rulebook=with_rules(SHARED_CONTACT), at=FRIDAY_NIGHT
    )

    recipients = [duty.recipient for duty in decision.duties]
    assert recipients.count(OWN_CONTACT) == 1
    assert len(recipients) == 4


def test_nobody_else_is_woken_while_the_team_is_at_work() -> None:
    decision = decision_on(POLICE, police(a_child()), rulebook=with_rules(SHARED_CONTACT))

    assert OWN_CONTACT not in {duty.recipient for duty in decision.duties}


def test_an_exception_at_night_wakes_the_contact_of_mash_with_the_same_words() -> None:
    victim = a_person(pregnant="yes", address={"district": "E08000025"})

    decision = decision_on(POLICE, police(victim, risk="high"), at=FRIDAY_NIGHT)

    contact = next(duty for duty in decision.duties if duty.recipient == OWN_CONTACT)
    assert contact.kind is NotificationKind.EXCEPTION
    assert contact.instead_of is Service.MIDWIFERY
    assert contact.because == "no midwifery team serves the home district"


def test_a_contact_that_must_not_be_told_is_not_woken() -> None:
    decision = decision_on(
        POLICE,
        police(a_child(), do_not_tell=[OWN_CONTACT]),
        rulebook=with_rules(SHARED_CONTACT),
        at=FRIDAY_NIGHT,
    )

    assert OWN_CONTACT not in {duty.recipient for duty in decision.duties}


def test_a_contact_from_whom_it_is_withheld_is_not_woken() -> None:
    block = """
- withhold: nothing for social care
  event: police domestic abuse
  when: {children present: no}
  about: {role: child present}
  except: [health visiting, school nursing]
"""
    decision = decision_on(
        POLICE, police(a_child()), rulebook=with_rules(SHARED_CONTACT + block), at=FRIDAY_NIGHT
    )

    assert {duty.service for duty in decision.duties} == {
        Service.HEALTH_VISITING,
        Service.SCHOOL_NURSING,
    }
