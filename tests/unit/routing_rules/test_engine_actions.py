"""Open actions of a conference: owned, even where no rule tells their owner."""

import pytest

from schemas.values import Ask, NotificationKind, Service
from tests.builders import (
    MARAC,
    a_person,
    at_home,
    conference,
    decision_on,
    only_duty,
    told,
    with_rules,
)
from tests.unit.routing_rules.test_engine import ABOUT_ALL

ACTION = {"id": "1", "text": "See the pupil", "service": "camhs", "organisation": "RRE"}


def test_an_action_of_a_service_that_no_rule_tells_is_a_duty_about_the_victim() -> None:
    data = conference(
        a_person("other_adult", **at_home()),
        a_person(**at_home()),
        actions=[{**ACTION, "status": "open"}],
    )

    duty = only_duty(decision_on(MARAC, data), "victim", Service.CAMHS)

    assert duty.recipient == "RRE:camhs"
    assert duty.asks == (Ask.ACKNOWLEDGE, Ask.ACT)
    assert duty.content["actions"] == [{"id": "1", "text": "See the pupil", "due_on": None}]


def test_an_action_whose_status_nobody_knows_may_be_open() -> None:
    decision = decision_on(MARAC, conference(a_person(**at_home()), actions=[ACTION]))

    assert ("victim", "RRE:camhs", "") in told(decision)


def test_an_action_that_is_done_is_nobodys_duty() -> None:
    done = {**ACTION, "status": "done"}

    decision = decision_on(MARAC, conference(a_person(**at_home()), actions=[done]))

    assert Service.CAMHS not in {duty.service for duty in decision.duties}


@pytest.mark.parametrize("organisation", [{}, {"organisation": "XYZ"}], ids=["none", "unlisted"])
def test_an_action_without_a_known_owner_is_owned_by_mash(organisation: dict[str, str]) -> None:
    action = {"id": "1", "text": "See the pupil", "service": "camhs", **organisation}

    decision = decision_on(MARAC, conference(a_person(**at_home()), actions=[action]))

    duty = only_duty(decision, "victim", Service.MASH)
    assert duty.kind is NotificationKind.EXCEPTION
    assert duty.instead_of is Service.CAMHS
    assert duty.content["actions"] == [{"id": "1", "text": "See the pupil", "due_on": None}]


def test_an_action_of_somebody_outside_health_is_not_ours_to_send() -> None:
    police_action = {"id": "1", "service": "police", "organisation": "STF", "status": "open"}

    decision = decision_on(MARAC, conference(a_person(**at_home()), actions=[police_action]))

    assert {duty.service for duty in decision.duties} == {Service.GP, Service.SAFEGUARDING}
    assert not any("actions" in duty.content for duty in decision.duties)


def test_actions_about_nobody_who_may_be_told_about_are_recorded() -> None:
    data = conference(a_person("alleged_perpetrator"), actions=[ACTION])

    decision = decision_on(MARAC, data)

    assert decision.duties == ()
    assert ("alleged_perpetrator", Service.CAMHS) in {
        (item.about, item.service) for item in decision.nobody
    }


def test_what_is_withheld_about_the_victim_is_withheld_from_the_owner_of_an_action() -> None:
    block = """
- withhold: nothing of a repeated case
  event: marac outcome
  when: {repeat: yes}
  about: {role: victim}
  except: [gp]
"""
    rulebook = with_rules(ABOUT_ALL.format(event="marac outcome") + block)
    data = conference(a_person(**at_home()), actions=[ACTION], repeat=True)

    decision = decision_on(MARAC, data, rulebook=rulebook)

    assert {duty.service for duty in decision.duties} == {Service.GP}
    assert (Service.CAMHS, "withheld: nothing of a repeated case") in {
        (item.service, item.because) for item in decision.nobody
    }
