"""The parts of each kind of event: an empty part is left out, a withheld one leaves no trace."""

from typing import Any

import pytest

from routing_rules.content_parts import (
    attendance_parts,
    category_of_concern,
    health_actions,
    marac_parts,
    own_actions,
    police_parts,
)
from routing_rules.decision import Json
from routing_rules.disclosure import Part
from schemas.events import EmergencyAttendance, MaracOutcome, PoliceDomesticAbuse
from schemas.values import Service
from tests.builders import (
    EMERGENCY,
    MARAC,
    POLICE,
    a_person,
    attendance,
    conference,
    data_of,
    police,
)

ALL = frozenset(Part)


def an_attendance(*concerns: str, **known: Any) -> EmergencyAttendance:
    texts = {
        "reason": "The reason",
        "headline": "The headline",
        "summary": "The summary",
        "narrative": "The narrative",
        "codes": [{"system": "snomed", "code": "283734005"}],
    }
    data = attendance(a_person("patient"), concerns=list(concerns), **{**texts, **known})
    read = data_of(EMERGENCY, data)
    assert isinstance(read, EmergencyAttendance)
    return read


def a_conference(**known: Any) -> MaracOutcome:
    read = data_of(MARAC, conference(a_person(), **known))
    assert isinstance(read, MaracOutcome)
    return read


def shown(data: EmergencyAttendance, *parts: Part, withheld: str = "") -> dict[str, Json]:
    return attendance_parts(data, frozenset(parts), frozenset({withheld} - {""}))


def test_a_police_notification_shows_what_the_table_allows() -> None:
    known = police(
        a_person(),
        location={"postcode": "ZZ99 3CZ"},
        headline="The headline",
        summary="The summary",
        narrative="The narrative",
    )
    data = data_of(POLICE, known)
    assert isinstance(data, PoliceDomesticAbuse)

    assert police_parts(data, ALL) == {
        "risk": "medium",
        "incident_types": ["physical"],
        "police_reference": "STF/2026/000001",
        "location": {"postcode": "ZZ99 3CZ"},
        "headline": "The headline",
        "summary": "The summary",
        "narrative": "The narrative",
    }
    assert police_parts(data, frozenset()) == {}


def test_what_the_police_do_not_say_is_left_out() -> None:
    data = data_of(POLICE, {"people": [a_person()]})
    assert isinstance(data, PoliceDomesticAbuse)

    assert police_parts(data, ALL) == {"risk": "not assessed"}


def test_a_conference_shows_what_the_table_allows() -> None:
    data = a_conference(
        criteria=["marac_repeat"], flag_until="2027-03-05", risk_summary="High", headline="A line"
    )

    assert marac_parts(data, ALL) == {
        "criteria": ["marac repeat"],
        "repeat": False,
        "risk_summary": "High",
        "flag_until": "2027-03-05",
        "headline": "A line",
    }
    assert marac_parts(a_conference(), frozenset({Part.FLAG_DATES})) == {}


def test_an_attendance_shows_its_concerns_and_its_story() -> None:
    assert shown(an_attendance("burn"), *ALL) == {
        "site": "RJF-QUEENS-ED",
        "department": "ed",
        "category": "unplanned first",
        "arrived_at": "2026-03-06T11:00:00+00:00",
        "departed_at": "2026-03-06T13:00:00+00:00",
        "disposal": "treated",
        "perceived_risk": "unknown",
        "parent_contacted": "not recorded",
        "concerns": ["burn"],
        "reason": "The reason",
        "codes": [{"system": "snomed", "code": "283734005"}],
        "headline": "The headline",
        "summary": "The summary",
        "narrative": "The narrative",
    }


def test_an_attendance_without_times_says_none() -> None:
    parts = shown(an_attendance(arrived_at=None, departed_at=None), Part.ATTENDANCE)

    assert parts.keys().isdisjoint({"arrived_at", "departed_at"})


@pytest.mark.parametrize(
    "concern", ["sexual_health", "emergency_contraception", "exploitation", "unknown"]
)
def test_what_may_be_sexual_health_takes_every_text_with_it(concern: str) -> None:
    """A concern that could not be read may be one of these."""
    parts = shown(an_attendance("burn", concern), *(ALL - {Part.SEXUAL_HEALTH}))

    assert parts["concerns"] == ["burn"]
    assert not {"reason", "codes", "headline", "summary", "narrative"} & parts.keys()


def test_who_may_see_sexual_health_sees_it_all() -> None:
    parts = shown(an_attendance("sexual_health"), *ALL)

    assert parts["concerns"] == ["sexual health"]
    assert parts["reason"] == "The reason"


def test_a_withheld_concern_takes_every_text_with_it() -> None:
    parts = shown(an_attendance("burn", "alcohol"), *ALL, withheld="alcohol")

    assert parts["concerns"] == ["burn"]
    assert "reason" not in parts


def test_the_withholding_of_what_is_not_there_takes_nothing() -> None:
    assert "reason" in shown(an_attendance("burn"), *ALL, withheld="alcohol")


def test_the_detail_of_self_harm_is_of_self_harm_only() -> None:
    parts = shown(an_attendance("self_harm"), Part.SELF_HARM_DETAIL)

    assert parts.keys() == {"summary", "reason", "codes"}
    assert shown(an_attendance("burn"), Part.SELF_HARM_DETAIL) == {}


def test_a_category_of_concern_never_tells_of_sexual_health() -> None:
    data = an_attendance("overdose", "sexual_health")

    assert category_of_concern(data, ALL) == {"category_of_concern": ["overdose"]}
    assert category_of_concern(data, frozenset()) == {
        "concern": "parental concern, speak to the safeguarding lead"
    }


def test_own_actions_are_the_open_ones_of_the_service_and_organisation() -> None:
    mine = {"service": "camhs", "organisation": "RRE"}
    data = a_conference(
        actions=[
            {"id": "1", "status": "open", **mine},
            {"id": "2", **mine},
            {"id": "3", "status": "done", **mine},
            {"id": "4", "status": "open", "service": "camhs", "organisation": "RLY"},
            {"id": "5", "status": "open", "service": "gp", "organisation": "RRE"},
        ]
    )

    assert [action.id for action in own_actions(data, Service.CAMHS, ("RRE",))] == ["1", "2"]


def test_the_actions_of_health_are_not_those_of_others() -> None:
    services = ["midwifery", "social-care", "mash", "police", "camhs"]
    data = a_conference(actions=[{"id": name, "service": name} for name in services])

    assert [action.id for action in health_actions(data)] == ["midwifery", "camhs"]
