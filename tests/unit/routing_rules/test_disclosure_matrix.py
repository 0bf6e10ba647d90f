"""The minimum-data matrix: every audience and kind of event, from notices as they are built."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from routing_rules.disclosure import Part
from schemas.values import EventType, Service
from tests.builders import (
    EMERGENCY,
    MARAC,
    POLICE,
    a_person,
    at_home,
    attendance,
    conference,
    decision_on,
    police,
    staffordshire,
    with_rules,
)

DOCUMENT = Path(__file__).parents[3] / "docs" / "disclosure.md"
MINIMUM_DATA = {
    "midwifery": {"address", "police reference", "summary", "other adults by name"},
    "health visiting": {"address", "police reference", "summary", "other adults by name"},
    "school nursing": {"headline", "other adults by role"},
    "gp": {"summary", "other adults by name"},
    "gp about a child": {"headline", "other adults by role"},
    "camhs": {"other adults by role"},
    "paediatric liaison": {"headline", "other adults by role"},
    "safeguarding": {
        "address",
        "police reference",
        "incident location",
        "headline",
        "summary",
        "narrative",
        "other adults by name",
    },
}
"""Domain facts 1.9, for a police notification, beside risk grade and kind of incident."""

FIELDS: Mapping[EventType, Mapping[Part, str]] = {
    POLICE: {
        Part.ADDRESS: "address",
        Part.DUE_DATE: "expected_due_date",
        Part.RISK: "risk",
        Part.INCIDENT_TYPES: "incident_types",
        Part.POLICE_REFERENCE: "police_reference",
        Part.INCIDENT_LOCATION: "location",
        Part.HEADLINE: "headline",
        Part.SUMMARY: "summary",
        Part.NARRATIVE: "narrative",
    },
    EMERGENCY: {
        Part.ADDRESS: "address",
        Part.DUE_DATE: "expected_due_date",
        Part.ATTENDANCE: "disposal",
        Part.CLINICAL_DETAIL: "reason",
        Part.HEADLINE: "headline",
        Part.SUMMARY: "summary",
        Part.NARRATIVE: "narrative",
    },
    MARAC: {
        Part.ADDRESS: "address",
        Part.DUE_DATE: "expected_due_date",
        Part.RISK: "criteria",
        Part.RISK_SUMMARY: "risk_summary",
        Part.FLAG_DATES: "flag_until",
        Part.HEADLINE: "headline",
        Part.SUMMARY: "summary",
    },
}
_RULE = """
- rule: told
  why: They are told.
  event: {event}
  about: {{role: [victim, patient]}}
  tell:
    - {service}: {place}
      urgency: routine
      ask: []
  source: [para 1.13]
  owner: named.nurse
  review by: 2027-04-01
"""
_AT_HOME = (
    Service.HEALTH_VISITING,
    Service.SCHOOL_NURSING,
    Service.CAMHS,
    Service.ADULT_MENTAL_HEALTH,
    Service.LOOKED_AFTER_HEALTH,
    Service.SOCIAL_CARE,
)
_PLACES = {
    Service.GP: "at the registered practice",
    Service.MASH: "of the county",
    **dict.fromkeys(_AT_HOME, "of the home district"),
}
_PHRASES = {
    POLICE: "police domestic abuse",
    EMERGENCY: "emergency attendance",
    MARAC: "marac outcome",
}
_PROVIDERS = {Service.PAEDIATRIC_LIAISON: "R1E", Service.EMERGENCY: "RJF"}
_TEXTS = {"headline": "H", "summary": "S"}


def content(event: EventType, service: Service, *, is_child: bool) -> Mapping[str, object]:
    """What a notice of this service holds when the event says everything."""
    place = _PLACES.get(service, "at the booked provider")
    if event is EMERGENCY and service not in _PLACES:
        place = "of the attending hospital"
    name = service.value.replace("-", " ")
    rules = with_rules(_RULE.format(event=_PHRASES[event], service=name, place=place))
    known = {
        **at_home(),
        "date_of_birth": "2012-01-01" if is_child else "1990-01-01",
        "pregnant": "yes",
        "expected_due_date": "2026-08-20",
        "maternity_provider": _PROVIDERS.get(service, "RJF"),
    }
    other = a_person("other_adult", name={"given": "Other", "family": "Adult"})
    if event is POLICE:
        texts = {**_TEXTS, "narrative": "N", "location": {"postcode": "ZZ99 3CZ"}}
        data = police(a_person(**known), other, **texts)
    elif event is MARAC:
        more = {"criteria": ["marac_repeat"], "flag_until": "2027-01-01", "risk_summary": "R"}
        data = conference(a_person(**known), other, **_TEXTS, **more)
    else:
        texts = {**_TEXTS, "narrative": "N", "reason": "R"}
        data = attendance(a_person("patient", **known), other, **texts)
    duties = decision_on(event, data, rulebook=rules).duties
    reader = service if _reached(event, service) else Service.MASH
    return next(d.content for d in duties if d.service is reader)


AUDIENCES = [
    (event, service, is_child)
    for event in FIELDS
    for service in Service
    for is_child in ((False, True) if service is Service.GP else (False,))
]


@pytest.mark.parametrize(("event", "service", "is_child"), AUDIENCES)
def test_a_notice_holds_exactly_what_the_table_allows(
    event: EventType, service: Service, is_child: bool
) -> None:
    told = content(event, service, is_child=is_child)
    reader = service if _reached(event, service) else Service.MASH
    allowed = staffordshire().disclosure.parts(event, reader, about_child=is_child)

    for part, field in FIELDS[event].items():
        assert (field in told) is (part in allowed), part
    names = Part.OTHER_ADULTS_BY_NAME in allowed
    assert ("other_adults" in told) is (names or Part.OTHER_ADULTS_BY_ROLE in allowed)
    assert ("Other" in repr(told)) is names


def _reached(event: EventType, service: Service) -> bool:
    """An emergency department, of which a hospital has several, is told of its own attendances."""
    return service is not Service.EMERGENCY or event is EMERGENCY


@pytest.mark.parametrize("audience", MINIMUM_DATA)
def test_the_shipped_table_of_police_notifications_is_the_minimum_data_matrix(
    audience: str,
) -> None:
    allowed = staffordshire().disclosure.allowed[POLICE, audience]

    told = {part.value for part in allowed} - {"risk", "incident types", "due date"}
    assert told == MINIMUM_DATA[audience]


def test_only_safeguarding_and_social_care_see_sexual_health() -> None:
    allowed = staffordshire().disclosure.allowed

    seeing = {audience for (_, audience), parts in allowed.items() if Part.SEXUAL_HEALTH in parts}
    assert seeing == {"safeguarding", "social care"}


def test_the_practice_of_a_child_is_never_told_the_category_of_a_parents_concern() -> None:
    allowed = staffordshire().disclosure.allowed

    assert Part.CATEGORY_OF_CONCERN not in allowed[EMERGENCY, "gp about a child"]
    assert Part.CATEGORY_OF_CONCERN in allowed[EMERGENCY, "health visiting"]
    assert Part.CATEGORY_OF_CONCERN in allowed[EMERGENCY, "school nursing"]


def test_the_documented_tables_are_those_of_the_shipped_rulebook() -> None:
    documented: dict[tuple[EventType, str], set[str]] = {}
    event = None
    for line in DOCUMENT.read_text("utf-8").splitlines():
        if line.startswith("## "):
            phrase = line.removeprefix("## ").lower()
            event = next((kind for kind, word in _PHRASES.items() if word == phrase), None)
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if event is not None and line.startswith("| ") and cells[0] != "audience":
            documented[event, cells[0]] = set(cells[1].split(", "))

    allowed = staffordshire().disclosure.allowed
    shipped = {audience: {part.value for part in parts} for audience, parts in allowed.items()}
    assert documented == shipped
