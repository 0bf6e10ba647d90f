"""How a notice must be handled, whom it is filed under, and by when it is answered."""

from datetime import UTC, datetime

import pytest

from schemas.values import Ask, Handling, Service, Urgency
from tests.builders import (
    EMERGENCY,
    MARAC,
    POLICE,
    a_person,
    at_home,
    attendance,
    conference,
    decision_on,
    nhs_number,
    only_duty,
    police,
    with_rules,
)
from tests.unit.routing_rules.test_duty_builder import NO_CONTACT, SHARED_CONTACT, a_child


def test_no_safe_contact_given_means_none() -> None:
    decision = decision_on(POLICE, police(a_person(**at_home())))

    assert only_duty(decision, "victim", Service.GP).safe_contact == NO_CONTACT


def test_the_safe_contact_that_is_given_is_passed_on() -> None:
    data = police(a_person(**at_home()), safe_contact="Through her sister")

    assert only_duty(decision_on(POLICE, data), "victim", Service.GP).safe_contact == (
        "Through her sister"
    )


def test_nobody_knows_whose_safe_contact_it_is_where_both_accuse_each_other() -> None:
    victim = a_person("victim", ref="v", number=3, **at_home())
    data = police(
        victim, a_person("alleged_perpetrator", ref="a", number=3), safe_contact="At her sister's"
    )

    assert only_duty(decision_on(POLICE, data), "v", Service.GP).safe_contact == NO_CONTACT


def test_the_unborn_child_of_the_accused_does_not_tell_how_to_reach_the_victim() -> None:
    accused = a_person("alleged_perpetrator", pregnant="yes", **at_home())
    data = police(a_person(sex="male"), accused, safe_contact="At her sister's")

    duty = only_duty(
        decision_on(POLICE, data), "alleged_perpetrator/unborn", Service.HEALTH_VISITING
    )

    assert duty.safe_contact == NO_CONTACT


def test_an_attendance_without_violence_has_no_such_caution() -> None:
    child = a_person("patient", date_of_birth="2020-01-01", **at_home())

    calm = only_duty(decision_on(EMERGENCY, attendance(child)), "patient", Service.GP)
    violent = only_duty(
        decision_on(EMERGENCY, attendance(child, concerns=["assault"])), "patient", Service.GP
    )

    assert (calm.safe_contact, calm.handling) == (None, ())
    assert violent.safe_contact == NO_CONTACT
    assert violent.handling == (Handling.HIDE_FROM_ONLINE_ACCESS,)


def test_a_practice_that_the_accused_shares_is_told_and_warned() -> None:
    data = police(a_person(**at_home()), a_person("alleged_perpetrator", gp_practice="Y90004"))

    duty = only_duty(decision_on(POLICE, data), "victim", Service.GP)

    assert duty.handling == (
        Handling.HIDE_FROM_ONLINE_ACCESS,
        Handling.PERPETRATOR_SHARES_PRACTICE,
    )


def test_nobody_shares_a_practice_with_themselves() -> None:
    data = police(
        a_person("victim", ref="v", number=3, **at_home()),
        a_person("alleged_perpetrator", ref="a", number=3, **at_home()),
    )

    handling = only_duty(decision_on(POLICE, data), "v", Service.GP).handling

    assert Handling.PERPETRATOR_SHARES_PRACTICE not in handling


def test_who_is_accused_and_victim_shares_a_practice_with_the_other() -> None:
    data = police(
        a_person("victim", ref="v", **at_home()),
        a_person("victim", ref="w", number=3, gp_practice="Y90016"),
        a_person("alleged_perpetrator", ref="a", number=3, gp_practice="Y90004"),
    )

    handling = only_duty(decision_on(POLICE, data), "v", Service.GP).handling

    assert Handling.PERPETRATOR_SHARES_PRACTICE in handling


def test_minutes_of_a_conference_are_not_copied() -> None:
    duty = only_duty(decision_on(MARAC, conference(a_person(**at_home()))), "victim", Service.GP)

    assert duty.handling == (Handling.HIDE_FROM_ONLINE_ACCESS, Handling.DO_NOT_COPY)


def test_a_restricted_address_is_marked() -> None:
    victim = a_person(**at_home()) | {"address_restricted": True}

    duty = only_duty(decision_on(POLICE, police(victim)), "victim", Service.GP)

    assert Handling.NO_ADDRESS in duty.handling


def test_a_notice_of_a_child_that_stems_from_another_says_who_may_read_it() -> None:
    rules = SHARED_CONTACT.replace("police domestic abuse", "emergency attendance")
    data = attendance(a_person("patient"), a_child(date_of_birth="2020-01-01"))

    duty = only_duty(
        decision_on(EMERGENCY, data, rulebook=with_rules(rules)), "child", Service.SOCIAL_CARE
    )

    assert duty.handling == (
        Handling.HIDE_FROM_ONLINE_ACCESS,
        Handling.OTHER_PARENT_MAY_HAVE_ACCESS,
    )


def test_a_number_that_is_that_of_the_accused_is_not_filed_under() -> None:
    """A wrong unchecked number would file the victim's notice on the accused's record."""
    number = {"nhs_number": nhs_number(9)}
    data = police(
        a_person("victim", **number, **at_home()),
        a_person("alleged_perpetrator", number=9),
    )

    duty = only_duty(decision_on(POLICE, data), "victim", Service.GP)

    assert duty.about is not None
    assert duty.about.nhs_number is None


def test_a_guarded_person_without_a_number_takes_nobodys_number_away() -> None:
    data = police(a_person(number=3, **at_home()), a_person("alleged_perpetrator"))

    duty = only_duty(decision_on(POLICE, data), "victim", Service.GP)

    assert duty.about is not None
    assert duty.about.nhs_number == nhs_number(3)


def test_an_own_action_is_asked_for_beside_what_the_rule_asks() -> None:
    action = {"id": "1", "service": "midwifery", "organisation": "RJF", "status": "open"}
    data = conference(a_person(pregnant="yes", **at_home()), actions=[action])

    duty = only_duty(decision_on(MARAC, data), "victim", Service.MIDWIFERY)

    assert duty.asks == (Ask.ACKNOWLEDGE, Ask.RECORD, Ask.ACT)


def test_a_clock_starts_when_the_event_was_published() -> None:
    victim = a_person(pregnant="yes", **at_home())

    duty = only_duty(decision_on(POLICE, police(victim, risk="high")), "victim", Service.MIDWIFERY)

    assert duty.urgency is Urgency.IMMEDIATE
    assert duty.respond_by == datetime(2026, 3, 6, 18, 0, tzinfo=UTC)


def test_before_there_was_a_mash_nothing_may_be_routed() -> None:
    data = police(a_person(address={"district": "E08000025"}))

    with pytest.raises(LookupError, match="no MASH team on that day"):
        decision_on(POLICE, data, at=datetime(2011, 3, 4, 12, 0, tzinfo=UTC))
