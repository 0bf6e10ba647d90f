"""Who hears of self-harm, or of a missed appointment, learns nothing of a sexual-health clinic."""

import json
from dataclasses import replace
from typing import Any

import pytest

from routing_rules.case import DutyChange
from routing_rules.explain import Casebook
from schemas.events import Event
from schemas.registration import RegistrationPerson
from schemas.values import EventType
from tests.builders import (
    EMERGENCY,
    NOW,
    a_person,
    an_event,
    at_home,
    attendance,
    staffordshire,
)

CONTACT, NOT_BROUGHT = EventType.COMMUNITY_CONTACT, EventType.NOT_BROUGHT
CLINIC = "urn:fieldfare:source:r1e-sexual-health"
LEDGER = "urn:fieldfare:ledger"
GIRL = a_person("patient", number=3, date_of_birth="2011-05-01", **at_home())
TEXTS = {"headline": "A Secret headline", "summary": "A Secret summary"}
OF_CLINIC = ("exual", "ontracept", "Secret", "fraser", "exploitation", "R1E")

Notices = dict[str, dict[str, Any]]


def notices(event_type: EventType, data: dict[str, Any], *plans: str, about: str) -> Notices:
    """By service, the notices about somebody, of an event from a clinic; the patient has plans."""
    casebook = Casebook(staffordshire())
    if plans:
        casebook.receive(_flagged(data["patient"], plans), NOW)
    made = an_event(event_type, data, event_id="CLINIC-7")
    outcome = casebook.receive(replace(made, source=CLINIC), NOW)
    assert outcome is not None
    told = [dict[str, Any](each.notification) for each in outcome.changes]
    return {str(each["service"]): each for each in told if each["about"]["ref"] == about}


def _flagged(somebody: dict[str, Any], plans: tuple[str, ...]) -> Event:
    flags = [{"kind": kind, "state": "active"} for kind in plans]
    recorded = {"person": somebody, "recorded_at": "2026-01-05T09:00:00+00:00", "flags": flags}
    data = RegistrationPerson.model_validate_json(json.dumps(recorded))
    made = an_event(EMERGENCY, attendance(somebody), event_id="flagged")
    return replace(made, type=EventType.REGISTRATION_PERSON, data=data)


def _ref(change: DutyChange) -> str | None:
    about = change.notification["about"]
    return str(about["ref"]) if isinstance(about, dict) else None


def at_clinic(*concerns: str, **known: Any) -> dict[str, Any]:
    told = {"contact_id": "CON-1", "setting": "sexual_health", "provider": "R1E", **TEXTS}
    asked = {"fraser_assessed": "yes", "exploitation_tool": "negative"}
    return {**told, **asked, "concerns": [*concerns], "patient": GIRL, **known}


def missed(setting: str, patient: dict[str, Any], *people: dict[str, Any]) -> dict[str, Any]:
    told = {"appointment_id": "APP-1", "setting": setting, "provider": "R1E", **TEXTS}
    return {**told, "missed": "was_not_brought", "patient": patient, "people": [*people]}


@pytest.mark.parametrize("setting", ["sexual_health", "unknown"])
def test_camhs_hear_of_self_harm_and_not_of_the_clinic_where_it_was_told(setting: str) -> None:
    data = at_clinic("self_harm", "emergency_contraception", setting=setting)

    notice = notices(CONTACT, data, about="patient")["camhs"]

    assert notice["content"]["concerns"] == ["self harm"]
    assert notice["event"]["source"] == LEDGER
    assert notice["event"]["id"] != "CLINIC-7"
    assert not [word for word in OF_CLINIC if word in json.dumps(notice)]


def test_camhs_hear_that_a_child_who_waits_got_worse_and_no_more() -> None:
    data = at_clinic("worse_while_waiting", "sexual_health")

    notice = notices(CONTACT, data, about="patient")["camhs"]

    assert notice["content"]["concerns"] == ["worse while waiting"]
    assert not [word for word in OF_CLINIC if word in json.dumps(notice)]


def test_who_owns_what_camhs_cannot_be_told_learns_nothing_of_the_clinic_either() -> None:
    elsewhere = a_person("patient", number=3, date_of_birth="2011-05-01", **at_home("E08000025"))

    told = notices(CONTACT, at_clinic("self_harm", patient=elsewhere), about="patient")

    assert told["mash"]["instead_of"] == "camhs"
    assert not [word for word in OF_CLINIC if word in json.dumps(told["mash"])]


def test_whoever_reviews_the_sexual_health_of_a_child_is_told_where_it_was_seen() -> None:
    told = notices(CONTACT, at_clinic("emergency_contraception"), about="patient")

    assert set(told) == {"safeguarding"}
    assert told["safeguarding"]["event"]["source"] == CLINIC
    assert told["safeguarding"]["content"]["setting"] == "sexual health"


def test_a_source_that_gives_nothing_away_is_named() -> None:
    told = notices(CONTACT, at_clinic("self_harm", setting="school_nursing"), about="patient")

    assert {notice["event"]["source"] for notice in told.values()} == {CLINIC}
    assert {"camhs", "gp"} <= set(told)


def test_who_holds_a_plan_hears_that_an_appointment_was_missed_and_not_at_which_clinic() -> None:
    data = missed("sexual_health", GIRL)

    told = notices(NOT_BROUGHT, data, "looked_after", about="patient")

    assert {"gp", "social-care", "safeguarding"} <= set(told)
    for notice in told.values():
        assert notice["event"]["source"] == LEDGER
        assert not [word for word in ("exual", "Secret") if word in json.dumps(notice)]


def test_of_a_family_it_is_told_that_an_appointment_was_missed_and_not_whose_or_what_for() -> None:
    brother = a_person("sibling", number=5, date_of_birth="2014-05-01", **at_home())
    casebook = Casebook(staffordshire())
    casebook.receive(_flagged(brother, ("child_protection",)), NOW)

    made = an_event(NOT_BROUGHT, missed("camhs", GIRL, brother), event_id="CLINIC-7")
    outcome = casebook.receive(replace(made, source=CLINIC), NOW)

    assert outcome is not None
    changes = [each for each in outcome.changes if _ref(each) == "sibling"]
    about_him = [dict[str, Any](each.notification) for each in changes]
    assert {notice["service"] for notice in about_him} >= {"social-care", "safeguarding"}
    for notice in about_him:
        assert notice["content"].keys() & {"category_of_concern", "concern"}
        clinic = ("camhs", "exual", "Secret", "APP-1", "CLINIC-7")
        assert not [word for word in clinic if word in json.dumps(notice)]


def test_who_cares_for_a_looked_after_child_hears_of_an_overdose_and_of_nothing_else() -> None:
    data = attendance(
        GIRL,
        concerns=["overdose", "emergency_contraception"],
        reason="Took Secret tablets",
        codes=[{"system": "snomed", "code": "Secret"}],
        **TEXTS,
    )

    told = notices(EMERGENCY, data, "looked_after", about="patient")

    assert set(told) == {"camhs", "looked-after-health", "safeguarding", "social-care"}
    for service in ("camhs", "looked-after-health"):
        assert told[service]["content"]["concerns"] == ["overdose"]
        assert "ontracept" not in json.dumps(told[service])
        assert "Secret" not in json.dumps(told[service])
