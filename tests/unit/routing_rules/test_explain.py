"""What `rules explain` prints: all that is owed as the occurrence now stands, and why."""

import json
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from routing_rules.explain import Casebook, explain
from schemas.events import Event, FieldWarning
from tests.builders import (
    NOW,
    POLICE,
    a_person,
    an_event,
    at_home,
    nhs_number,
    police,
    staffordshire,
)
from tests.unit.schemas.letters import accepted, family_link, registration

VICTIM = a_person(number=3, **at_home())


def explained(*events: Event) -> dict[str, object]:
    casebook = Casebook(staffordshire())
    for known in events[:-1]:
        casebook.receive(known, known.time)
    told = json.loads(json.dumps(explain(events[-1], casebook, events[-1].time)))
    assert isinstance(told, dict)
    return told


def decision(*events: Event) -> dict[str, list[dict[str, object]]]:
    told = explained(*events)["decision"]
    assert isinstance(told, dict)
    return told


def test_a_duty_has_the_fields_of_the_contract() -> None:
    (duty,) = decision(an_event(POLICE, police(VICTIM)))["duties"]

    assert list(duty) == snapshot(
        [
            "service",
            "recipient",
            "organisation",
            "kind",
            "about",
            "urgency",
            "respond_by",
            "asks",
            "handling",
            "safe_contact",
            "instead_of",
            "because",
            "content",
            "reasons",
        ]
    )


def test_who_is_not_told_and_every_rule_looked_at_come_with_their_reason() -> None:
    told = decision(an_event(POLICE, police(a_person("other_adult"))))

    assert told["nobody"] == [
        {"about": "other_adult", "service": None, "because": "no rule applies"}
    ]
    assert {rule["fired"] for rule in told["rules"]} == {False}
    assert {
        "rule": "da-victim-practice",
        "about": "other_adult",
        "fired": False,
        "because": "role is other adult, not victim",
    } in told["rules"]


def test_no_rule_fires_for_somebody_about_whom_nothing_is_told() -> None:
    """A pupil who is only accused matches the rules about pupils."""
    accused = a_person("alleged_perpetrator", date_of_birth="2012-01-01")

    rules = decision(an_event(POLICE, police(VICTIM, accused)))["rules"]

    of_accused = [rule for rule in rules if rule["about"] == "alleged_perpetrator"]
    assert not any(rule["fired"] for rule in of_accused)
    assert {
        "rule": "da-child-practice",
        "about": "alleged_perpetrator",
        "fired": False,
        "because": "only an alleged perpetrator: nothing is ever told about them",
    } in of_accused


def test_the_explanation_is_of_the_occurrence_as_it_now_stands() -> None:
    first = an_event(POLICE, police(VICTIM))
    later = an_event(
        POLICE,
        police(VICTIM | {"pregnant": "yes"}),
        event_id="e2",
        time=NOW + timedelta(hours=1),
    )

    told = decision(first, later)["duties"]

    assert {(duty["recipient"], duty["kind"]) for duty in told} == {
        ("Y90004:gp", "notify"),
        ("RJF:midwifery", "notify"),
        ("R1E:health-visiting:E07000193", "notify"),
    }


def test_what_is_withdrawn_is_no_longer_owed() -> None:
    cancelled = an_event(POLICE, police(VICTIM, status="cancelled"), event_id="e2")

    told = decision(an_event(POLICE, police(VICTIM)), cancelled)

    assert told["duties"] == []
    assert told["nobody"] == [
        {
            "about": "victim",
            "service": None,
            "because": "the occurrence was cancelled or entered in error",
        }
    ]


def test_warnings_name_fields() -> None:
    event = an_event(POLICE, police(VICTIM))
    warned = Event(
        event.source,
        event.id,
        event.type,
        event.time,
        None,
        event.data,
        event.sha256,
        (FieldWarning("data.risk", "not a usable value; read as not known"),),
    )

    assert explained(warned)["warnings"] == [
        {"field": "data.risk", "reason": "not a usable value; read as not known"}
    ]


def test_an_event_that_is_known_already_is_not_explained_again() -> None:
    event = an_event(POLICE, police(VICTIM))

    with pytest.raises(ValueError, match="among the known ones"):
        explained(event, event)


def test_another_occurrence_is_another_case() -> None:
    other = an_event(POLICE, police(VICTIM, police_reference="STF/2"), event_id="e2")

    assert len(decision(an_event(POLICE, police(VICTIM)), other)["duties"]) == 1


def test_nobody_is_told_of_what_is_for_the_register() -> None:
    known = accepted(registration())
    told = explained(known, accepted(registration(id="event-2")))
    assert told["decision"] == {"duties": [], "nobody": [], "rules": []}
    casebook = Casebook(staffordshire())
    assert casebook.receive(known, known.time) is None
    assert (casebook.cases, casebook.told) == ({}, {})


def test_a_link_that_cannot_be_registered_is_explained_with_its_warnings() -> None:
    told = explained(accepted(family_link({"to": "9990000019"})))
    assert told["warnings"] == [
        {"field": "data.to", "reason": "fails its check; the number was dropped"}
    ]


def test_what_cannot_stand_of_a_registration_is_owed_to_mash() -> None:
    number = nhs_number(7)
    event = accepted(family_link({"from": number, "to": number}))

    (duty,) = decision(event)["duties"]

    assert (duty["service"], duty["kind"], duty["about"]) == ("mash", "exception", None)
    assert duty["content"] == {
        "nhs_number": number,
        "field": "to",
        "reason": "a person cannot be their own family; not used",
    }


def test_a_registration_that_stands_is_owed_to_nobody() -> None:
    assert decision(accepted(registration()))["duties"] == []
