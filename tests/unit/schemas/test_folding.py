"""An occurrence as all its events tell it, in whatever order they arrive."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.events import EmergencyAttendance, Event, MaracOutcome, PoliceDomesticAbuse
from schemas.folding import fold, merge
from tests.unit.schemas.letters import (
    TODDLER,
    VICTIM,
    Raw,
    accepted,
    emergency,
    marac,
    person,
    police,
)

START = datetime.fromisoformat("2026-03-06T22:00:00+00:00")


def at(minute: int) -> str:
    return (START + timedelta(minutes=minute)).isoformat()


def police_events(*datas: Raw) -> list[Event]:
    return [
        accepted(police(data, id=f"e{place}", time=at(place))) for place, data in enumerate(datas)
    ]


def emergency_events(*datas: Raw) -> list[Event]:
    return [
        accepted(emergency(data, id=f"e{place}", time=at(place)))
        for place, data in enumerate(datas)
    ]


def folded_police(*datas: Raw) -> PoliceDomesticAbuse:
    data = fold(police_events(*datas))
    assert isinstance(data, PoliceDomesticAbuse)
    return data


def folded_emergency(*datas: Raw) -> EmergencyAttendance:
    data = fold(emergency_events(*datas))
    assert isinstance(data, EmergencyAttendance)
    return data


def test_one_event_is_as_it_is() -> None:
    event = accepted(police())
    assert fold([event]) is event.data


def test_no_events_or_mixed_ones_are_an_error() -> None:
    with pytest.raises(ValueError, match="one type"):
        fold([])
    with pytest.raises(ValueError, match="one type"):
        fold([accepted(police()), accepted(marac())])


def test_later_values_win_and_what_is_left_out_is_not_withdrawn() -> None:
    data = folded_police(
        {"risk": "standard", "headline": "old", "children_present": "yes"},
        {"risk": "high", "headline": None, "children_present": "unknown"},
    )
    assert (data.risk, data.headline, data.children_present) == ("high", "old", "yes")


@pytest.mark.parametrize("risk", [..., None, "not_assessed", "hihg"])
def test_an_unknown_risk_does_not_undo_a_known_one(risk: object) -> None:
    assert folded_police({"risk": "medium"}, {"risk": risk}).risk == "medium"


def test_lists_of_words_are_united() -> None:
    data = folded_police(
        {"incident_types": ["physical"], "do_not_tell": ["a"]},
        {"incident_types": ["threats", "physical"]},
        {"do_not_tell": ["b"]},
    )
    assert data.incident_types == ("physical", "threats")
    assert data.do_not_tell == ("a", "b")


def test_people_are_joined_by_ref_and_nobody_leaves_by_being_left_out() -> None:
    data = folded_police(
        {"people": [person("p1"), person("p2", "child_present", sex="male")]},
        {"people": [person("p3", "unborn"), person("p1", sex="female")]},
    )
    assert [(one.ref, one.sex) for one in data.people] == [
        ("p1", "female"),
        ("p2", "male"),
        ("p3", "unknown"),
    ]


def test_a_person_leaves_by_being_entered_in_error_and_comes_back_by_a_later_word() -> None:
    gone = {"people": [person(status="entered_in_error")]}
    back = {"people": [person()]}
    other = {"people": [person("p2", "other_adult")]}
    assert folded_police(back, gone).people[0].status == "entered_in_error"
    assert folded_police(back, gone, other).people[0].status == "entered_in_error"
    assert folded_police(gone, back).people[0].status == "active"


def test_a_number_and_its_trust_stay_together() -> None:
    known = {"nhs_number": VICTIM, "nhs_number_status": "verified"}

    def status(*tellings: Raw) -> tuple[object, str]:
        one = folded_police(*({"people": [person(**told)]} for told in tellings)).people[0]
        return one.nhs_number, one.nhs_number_status.value

    assert status(known, {}) == (VICTIM, "verified")
    assert status(known, {"nhs_number_status": "absent"}) == (VICTIM, "verified")
    assert status(known, {"nhs_number": "9990000019"}) == (VICTIM, "verified")
    assert status(known, {"nhs_number": VICTIM}) == (VICTIM, "verified")
    assert status(known, {"nhs_number": TODDLER}) == (TODDLER, "unverified")
    assert status({}, known) == (VICTIM, "verified")
    assert status({}, {}) == (None, "absent")


def test_an_address_is_completed_or_replaced_but_never_mixed() -> None:
    def home(*addresses: Raw) -> Raw:
        tellings = ({"people": [person(address=address)]} for address in addresses)
        found = folded_police(*tellings).people[0].address
        assert found is not None
        return found.model_dump(exclude_none=True, exclude_defaults=True)

    assert home({"district": "E1"}, {"postcode": "ZZ99 3CZ"}) == {
        "district": "E1",
        "postcode": "ZZ99 3CZ",
    }
    assert home({"district": "E1", "postcode": "ZZ99 3CZ"}, {"postcode": "ZZ99 4CZ"}) == {
        "postcode": "ZZ99 4CZ"
    }
    assert home({"postcode": "ZZ99 3CZ"}, {"district": "unknown"}) == {"postcode": "ZZ99 3CZ"}
    assert home({"lines": ["1 Test Road"]}, {"lines": ["2 Test Road"]}) == {
        "lines": ("2 Test Road",)
    }


def test_relationships_are_joined_by_whom_they_are_to() -> None:
    def ties(*tellings: list[Raw]) -> list[tuple[str, str]]:
        events = (
            {"people": [person(relationships=told), person("p2"), person("p3")]}
            for told in tellings
        )
        return [(tie.to, tie.is_.value) for tie in folded_police(*events).people[0].relationships]

    two = [{"to": "p2", "is": "partner"}, {"to": "p2", "is": "carer"}]
    assert ties([{"to": "p2", "is": "parent"}], [{"to": "p3"}]) == [
        ("p2", "parent"),
        ("p3", "unknown"),
    ]
    assert ties([{"to": "p2", "is": "parent"}], two) == [("p2", "partner"), ("p2", "carer")]
    assert ties(two, [{"to": "p2"}]) == [("p2", "partner"), ("p2", "carer")]


def test_codes_are_joined_by_system_and_code() -> None:
    one, two = {"system": "s", "code": "1"}, {"system": "s", "code": "2"}
    data = folded_emergency({"codes": [one]}, {"codes": [two, one]})
    assert [code.code for code in data.codes] == ["1", "2"]


def test_actions_are_joined_by_id() -> None:
    first = accepted(marac(id="e1", time=at(0)))
    second = accepted(
        marac({"actions": [{"id": "1", "status": "done"}, {"id": "2"}]}, id="e2", time=at(1))
    )
    data = fold([second, first])
    assert isinstance(data, MaracOutcome)
    assert [(action.id, action.text, action.status) for action in data.actions] == [
        ("1", "Visit", "done"),
        ("2", None, "unknown"),
    ]


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (["cancelled", "new"], "new"),
        (["new", "cancelled"], "cancelled"),
        (["cancelled", ...], "new"),
        (["updated", "entered_in_error"], "entered_in_error"),
    ],
)
def test_the_status_is_the_latest(statuses: list[Any], status: str) -> None:
    assert folded_police(*({"status": told} for told in statuses)).status == status


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (["arrived", "departed"], "departed"),
        (["departed", ...], "departed"),
        (["cancelled", ...], "unknown"),
        (["departed", "cancelled", ...], "departed"),
        (["departed", "cancelled"], "cancelled"),
        ([..., ...], "unknown"),
    ],
)
def test_an_attendance_does_not_go_back_by_an_unknown_status(
    statuses: list[Any], status: str
) -> None:
    assert folded_emergency(*({"status": told} for told in statuses)).status == status


def test_the_patient_is_joined_if_it_is_the_same() -> None:
    data = folded_emergency(
        {"patient": person("kid", "patient", sex="male"), "people": [person("mum", "parent")]},
        {"patient": person("kid", "patient", gp_practice="Y90004")},
    )
    assert (data.patient.sex, data.patient.gp_practice) == ("male", "Y90004")
    assert [one.ref for one in data.people] == ["mum"]


def test_a_former_patient_is_still_among_the_people() -> None:
    data = folded_emergency(
        {"patient": person("kid", "patient"), "people": [person("sis", "sibling")]},
        {"patient": person("sis", "patient")},
    )
    assert data.patient.ref == "sis"
    assert [one.ref for one in data.people] == ["kid"]
    data = folded_emergency(
        {"patient": person("kid", "patient")},
        {"patient": person("sis", "patient"), "people": [person("kid", "sibling")]},
    )
    assert [(one.ref, one.role) for one in data.people] == [("kid", "sibling")]


def test_events_of_one_time_are_ordered_by_sequence_then_id() -> None:
    def risk(*events: tuple[str, str | None, str]) -> str:
        read = [
            accepted(police({"risk": told}, id=name, sequence=sequence))
            for name, sequence, told in events
        ]
        data = fold(read)
        assert isinstance(data, PoliceDomesticAbuse)
        return data.risk.value

    assert risk(("b", "9", "high"), ("a", "10", "medium")) == "medium"
    assert risk(("b", None, "high"), ("a", "0", "medium")) == "medium"
    assert risk(("b", None, "high"), ("a", None, "medium")) == "high"


def test_merging_takes_plain_tellings_as_well() -> None:
    older = {"risk": "high", "people": None, "status": "cancelled"}
    assert merge(older, {"risk": None, "people": [{"ref": "a"}]}) == {
        "risk": "high",
        "people": [{"ref": "a"}],
        "status": "cancelled",
    }
    assert merge({}, {"risk": "not_assessed"}) == {"risk": "not_assessed"}
