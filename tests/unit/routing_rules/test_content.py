"""What one notice tells: the allowed parts, and nothing of the other party where that matters."""

from collections.abc import Mapping
from typing import Any

import pytest

from routing_rules.decision import Decision, OwedDuty
from schemas.values import Service
from tests.builders import (
    POLICE,
    a_person,
    at_home,
    decision_on,
    everything_in,
    only_duty,
    police,
    with_rules,
)

SECRETS = ("Vera", "Secret", "STF/2026", "shouting", "9 Victim Lane", "physical", "medium")
VERA: Mapping[str, Any] = {
    "name": {"given": "Vera", "family": "Secret"},
    "date_of_birth": "1990-01-02",
}
TOLD_TO_ALL = """
- rule: everybody
  why: Everybody hears of it.
  event: {event}
  about: {{role: [{role}]}}
  tell:
    - health visiting: of the home district
      urgency: routine
      ask: []
    - gp: at the registered practice
      urgency: routine
      ask: []
    - safeguarding: of the attending hospital
      urgency: routine
      ask: []
  source: [para 1.33]
  owner: named.nurse
  review by: 2027-04-01
"""


def told_of_police(*people: Mapping[str, Any], **known: Any) -> Decision:
    texts = {
        "headline": "A headline of shouting",
        "summary": "A summary of shouting",
        "narrative": "A narrative of shouting",
        "location": {"address": "9 Victim Lane"},
    }
    return decision_on(POLICE, police(*people, **texts, **known))


def leaks(duty: OwedDuty) -> list[str]:
    text = everything_in(duty)
    return [secret for secret in SECRETS if secret in text]


def test_the_unborn_child_of_the_accused_brings_nothing_about_the_victim() -> None:
    accused = a_person("alleged_perpetrator", ref="a", number=4, pregnant="yes", **at_home())

    decision = told_of_police(a_person(sex="male", **VERA), accused)

    midwifery = only_duty(decision, "a/unborn", Service.MIDWIFERY)
    assert leaks(midwifery) == []
    assert midwifery.content == {
        "event": "police domestic abuse",
        "occurred_at": "2026-03-06T12:00:00+00:00",
        "role": "unborn",
        "mother": {
            "nhs_number": "9990000042",
            "name": {},
            "date_of_birth": "unknown",
        },
    }


@pytest.mark.parametrize("pregnant", ["yes", "possible", "unknown"])
def test_however_little_is_said_of_the_accused_her_unborn_child_brings_nothing(
    pregnant: str,
) -> None:
    """The publisher names the unborn child and links it, and forgets to say who is pregnant."""
    accused = a_person("alleged_perpetrator", ref="a", pregnant=pregnant, **at_home())
    link = [{"to": "a", "is": "child"}]
    unborn = a_person("unborn", maternity_provider="RJF", relationships=link, **at_home())

    decision = told_of_police(a_person(sex="male", **VERA), accused, unborn)

    told = [duty for duty in decision.duties if duty.about and duty.about.ref == "unborn"]
    assert [leaks(duty) for duty in told] == [[]] * len(told)
    assert told


def test_the_unborn_child_of_who_is_accused_and_victim_brings_nothing_of_the_other() -> None:
    decision = told_of_police(
        a_person("victim", ref="k", number=3, pregnant="yes", **at_home()),
        a_person("alleged_perpetrator", ref="ka", number=3),
        a_person("victim", ref="vera", number=5, sex="male", **VERA),
        a_person("alleged_perpetrator", ref="va", number=5, sex="male"),
        a_person("unborn", relationships=[{"to": "k", "is": "child"}]),
    )

    midwifery = only_duty(decision, "unborn", Service.MIDWIFERY)
    assert leaks(midwifery) == ["STF/2026", "physical", "medium"]
    assert "other_adults" not in midwifery.content


def test_who_is_accused_and_victim_is_told_about_without_the_other() -> None:
    decision = told_of_police(
        a_person("victim", ref="k", number=3, **at_home()),
        a_person("alleged_perpetrator", ref="ka", number=3),
        a_person("victim", ref="vera", number=5, **VERA),
        a_person("alleged_perpetrator", ref="va", number=5),
    )

    assert leaks(only_duty(decision, "k", Service.GP)) == ["physical", "medium"]


def test_a_victims_notice_names_the_other_adults_and_no_child() -> None:
    decision = told_of_police(
        a_person(number=3, **at_home()),
        a_person("alleged_perpetrator", name={"given": "Al", "family": "Leged"}),
        a_person("other_adult"),
        a_person("child_present", date_of_birth="2020-01-01"),
        a_person("dependant"),
    )

    assert only_duty(decision, "victim", Service.GP).content["other_adults"] == [
        {"role": "alleged perpetrator", "name": {"given": "Al", "family": "Leged"}},
        {"role": "other adult"},
    ]


def test_nobody_is_another_adult_beside_themselves() -> None:
    decision = told_of_police(
        a_person("victim", ref="k", **VERA, **at_home()),
        a_person("parent", ref="kp", **VERA),
    )

    assert "other_adults" not in only_duty(decision, "k", Service.GP).content


def test_the_practice_of_a_child_hears_roles_and_no_names() -> None:
    decision = told_of_police(
        a_person(**VERA), a_person("child_present", date_of_birth="2020-01-01", **at_home())
    )

    assert only_duty(decision, "child_present", Service.GP).content["other_adults"] == [
        {"role": "victim"}
    ]


@pytest.mark.parametrize("role", ["dependant", "sibling", "child_present"])
def test_whoever_may_be_a_child_is_told_about_as_one(role: str) -> None:
    """Of unknown age: the table for a victim's practice would tell more of the adults."""
    decision = told_of_police(a_person(**VERA), a_person(role, **at_home()))

    content = only_duty(decision, role, Service.GP).content
    assert content["headline"] == "A headline of shouting"
    assert "summary" not in content


def address_told(*others: Mapping[str, Any], restricted: bool | None) -> bool:
    victim = a_person(pregnant="yes", **at_home()) | {"address_restricted": restricted}
    decision = told_of_police(victim, *others)
    return "address" in only_duty(decision, "victim", Service.MIDWIFERY).content


def test_an_address_is_told_only_when_it_is_known_not_to_be_restricted() -> None:
    assert address_told(restricted=False)
    assert not address_told(restricted=True)
    assert not address_told(restricted=None)


def test_where_the_address_of_a_child_is_restricted_nobodys_is_told() -> None:
    child = a_person("child_present", date_of_birth="2020-01-01", address_restricted=True)

    assert not address_told(child, restricted=False)
    assert address_told({**child, "address_restricted": False}, restricted=False)


def test_nobody_without_an_address_has_one_made_up() -> None:
    victim = a_person(pregnant="yes", gp_practice="Y90004", address_restricted=False)

    assert "address" not in only_duty(told_of_police(victim), "victim", Service.MIDWIFERY).content


def test_where_an_address_is_restricted_the_place_of_the_incident_is_too() -> None:
    rules = TOLD_TO_ALL.format(event="police domestic abuse", role="victim").replace(
        "health visiting: of the home district", "safeguarding: at the booked provider"
    )
    for restricted in (True, False):
        victim = a_person(maternity_provider="RJF", **at_home())
        data = police(
            victim | {"address_restricted": restricted}, location={"address": "9 Victim Lane"}
        )
        decision = decision_on(POLICE, data, rulebook=with_rules(rules))
        (duty,) = (d for d in decision.duties if d.recipient == "RJF:safeguarding")
        assert ("location" in duty.content) is not restricted
