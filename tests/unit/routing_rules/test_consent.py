"""Consent-gated sharing: with it, without it for a recorded reason, and else not, in words."""

import json
from datetime import timedelta
from typing import Any

import pytest

from routing_rules.consent import NOT_SHAREABLE
from routing_rules.explain import Casebook, explain
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import DutyState, EventType, Service
from tests.builders import NOW, POLICE, a_person, an_event, at_home, police, staffordshire

PLAN = EventType.RELAPSE_PLAN
PATIENT = a_person("patient", number=1, date_of_birth="1990-05-05", **at_home())
TODDLER = a_person("dependant", number=2, date_of_birth="2023-02-02", **at_home())
REASON = "Reason0x"
BLOCK = "withheld: nobody has agreed that this relapse plan is shared"


def plan(*, minutes: int = 0, **known: Any) -> Event:
    data = {
        "plan_id": "PLAN-1",
        "agreed_on": "2026-03-04",
        "provider": "RRE",
        "plan": "mental_health",
        "crisis": "no",
        "caring_responsibilities": "yes",
        "indicators": "Signs0x",
        "patient": PATIENT,
        "people": [TODDLER],
        **known,
    }
    time = NOW + timedelta(minutes=minutes)
    return an_event(PLAN, data, event_id=f"plan-{minutes}", time=time)


def standing(casebook: Casebook, event: Event) -> dict[tuple[str, str], dict[str, Any]]:
    """What is told and not withdrawn, by person and service."""
    case = casebook.cases[occurrence_id(occurrence_key(event))]
    told = [casebook.told[d.duty_id] for d in case.duties if d.state is not DutyState.WITHDRAWN]
    bodies: list[dict[str, Any]] = [dict(body) for body in told]
    return {(body["about"]["ref"], body["service"]): body for body in bodies}


@pytest.mark.parametrize(
    ("known", "consent"),
    [
        ({"consent": "given"}, "given"),
        ({"consent": "refused", "override_reason": REASON}, "refused_overridden"),
        ({"override_reason": REASON}, "not_recorded_overridden"),
        ({"consent": "not_sought_unsafe"}, "not_sought_unsafe"),
        (
            {"consent": "not_sought_unsafe", "override_reason": REASON},
            "not_sought_unsafe_overridden",
        ),
    ],
)
def test_what_is_shared_says_how_consent_stands(known: dict[str, Any], consent: str) -> None:
    casebook, event = Casebook(staffordshire()), plan(**known)
    casebook.receive(event, NOW)

    told = standing(casebook, event)

    assert told.keys() == {
        ("patient", "health-visiting"),
        ("patient", "gp"),
        ("dependant", "health-visiting"),
    }
    assert {body["basis"]["consent"] for body in told.values()} == {consent}
    assert told["patient", "health-visiting"]["content"]["indicators"] == "Signs0x"
    assert REASON not in json.dumps(list(told.values()))
    assert event.data.override_reason == known.get("override_reason")  # type: ignore[union-attr]


@pytest.mark.parametrize("known", [{"consent": "refused"}, {"consent": "not_recorded"}, {}])
def test_what_is_not_shared_is_a_decision_with_a_lawful_basis(known: dict[str, Any]) -> None:
    casebook, event = Casebook(staffordshire()), plan(**known)
    outcome = casebook.receive(event, NOW)
    assert outcome is not None

    told = standing(casebook, event)
    nobody = outcome.decision.nobody

    assert told.keys() <= {("patient", "adult-mental-health")}
    assert "Signs0x" not in json.dumps(list(told.values()))
    assert {(each.about, each.service) for each in nobody} == {
        ("patient", Service.HEALTH_VISITING),
        ("patient", Service.GP),
        ("dependant", Service.HEALTH_VISITING),
    }
    assert {each.because for each in nobody} == {BLOCK}
    assert all(each.basis and "confidentiality" in each.basis for each in nobody)


def test_the_basis_of_not_sharing_is_explained() -> None:
    explained: Any = explain(plan(consent="refused"), Casebook(staffordshire()), NOW)

    nobody = explained["decision"]["nobody"]
    assert {each["because"] for each in nobody} == {BLOCK}
    assert all("UK GDPR" in each["basis"] for each in nobody)


def test_consent_that_is_taken_back_takes_back_what_was_told() -> None:
    casebook, event = Casebook(staffordshire()), plan(consent="given")
    casebook.receive(event, NOW)
    told = standing(casebook, event)

    outcome = casebook.receive(plan(consent="refused", minutes=5), NOW + timedelta(minutes=5))

    assert outcome is not None
    assert {change.why for change in outcome.changes} == {NOT_SHAREABLE}
    assert len(outcome.changes) == len(told)
    assert standing(casebook, event) == {}


def test_a_reason_that_is_recorded_later_shares_it_after_all() -> None:
    casebook, event = Casebook(staffordshire()), plan(consent="refused")
    casebook.receive(event, NOW)

    casebook.receive(
        plan(consent="refused", override_reason=REASON, minutes=5), NOW + timedelta(minutes=5)
    )

    assert ("patient", "health-visiting") in standing(casebook, event)


def test_where_sharing_does_not_rest_on_consent_the_rulebook_says_so() -> None:
    casebook = Casebook(staffordshire())
    outcome = casebook.receive(an_event(POLICE, police(a_person(number=3, **at_home()))), NOW)
    assert outcome is not None

    usual = staffordshire().settings.basis.consent
    said: list[Any] = [change.notification["basis"] for change in outcome.changes]
    assert {basis["consent"] for basis in said} == {usual}
