"""Children whom only the register knows become people of the event; and what its facts then are."""

from typing import Any
from uuid import UUID

import pytest

from routing_rules.people import people_of
from routing_rules.registered import register_adds
from schemas.values import NhsNumberStatus, Role, Service
from tests.builders import (
    EMERGENCY,
    MARAC,
    NOW,
    POLICE,
    a_person,
    an_event,
    at_home,
    attendance,
    conference,
    data_of,
    police,
    staffordshire,
)
from tests.unit.routing_rules.learned_events import decided, decision, features_of, ref_of_child
from tests.unit.routing_rules.register_events import (
    ASHA,
    BELLA,
    CARL,
    known_from,
    link,
    registration,
)
from tests.unit.routing_rules.test_registered import UNVERIFIED, VERIFIED, added

BORN = "2020-01-02"
CHILD = registration(BELLA, date_of_birth=BORN, **at_home("E07000197", "Y90016"))


def test_a_child_whom_only_the_register_knows_becomes_a_person_of_the_event() -> None:
    known = known_from(link(ASHA, BELLA), CHILD)

    registered = added(known, a_person(**VERIFIED))

    _, child = people_of(registered.data)
    assert (child.role, child.nhs_number) == (Role.CHILD_KNOWN_TO_REGISTER, BELLA)
    assert (child.gp_practice, str(child.date_of_birth)) == ("Y90016", BORN)
    assert registered.parents == {child.ref: ("victim",)}
    assert BELLA not in child.ref


def test_of_a_child_of_whom_there_is_only_a_link_nothing_else_is_known() -> None:
    registered = added(known_from(link(ASHA, BELLA)), a_person(**VERIFIED))

    _, child = people_of(registered.data)
    assert (child.nhs_number, child.date_of_birth, child.gp_practice) == (BELLA, None, None)


def test_a_child_of_two_people_of_the_event_stands_there_once() -> None:
    known = known_from(link(ASHA, BELLA), link(CARL, BELLA))
    father = a_person("alleged_perpetrator", nhs_number=CARL, nhs_number_status="traced")

    registered = added(known, a_person(**VERIFIED), father)

    *_, child = people_of(registered.data)
    assert registered.parents == {child.ref: ("victim", "alleged_perpetrator")}


def test_a_child_of_an_attendance_stands_behind_its_people() -> None:
    data = data_of(EMERGENCY, attendance(a_person("patient", **VERIFIED), a_person("parent")))
    known = known_from(link(ASHA, BELLA))
    settings = staffordshire().settings

    registered = register_adds(data, known, settings, occurrence_id=UUID(int=1), at=NOW)

    roles = [person.role for person in people_of(registered.data)]
    assert roles == [Role.PATIENT, Role.PARENT, Role.CHILD_KNOWN_TO_REGISTER]


NAMED: dict[str, Any] = {"name": {"given": "Bella", "family": "Example"}, "date_of_birth": BORN}
OF_REGISTER = registration(
    BELLA,
    **NAMED,
    **at_home("E07000197", "Y90016"),
    school={"urn": "900026", "type": "state"},
    record={"flags": [{"kind": "child_protection", "state": "active"}]},
)


def test_a_child_named_without_a_number_is_at_the_practice_and_school_that_the_register_says() -> (
    None
):
    typed = {"gp_practice": "Y90004", "school": {"urn": "900006", "type": "state"}}
    child = a_person("child_present", ref="kid", **NAMED, **typed)

    registered = added(known_from(link(ASHA, BELLA), OF_REGISTER), a_person(**VERIFIED), child)

    _, named, _ = people_of(registered.data)
    assert named.ref == "kid"
    assert named.nhs_number is None
    assert named.nhs_number_status is NhsNumberStatus.ABSENT
    assert named.gp_practice == "Y90016"
    assert named.school is not None
    assert named.school.urn == "900026"
    assert registered.conflicts == {"kid": ("practice", "school")}


def test_such_a_child_is_told_about_once_at_each_place_and_the_conflict_is_of_mash() -> None:
    child = a_person("child_present", ref="kid", **NAMED, gp_practice="Y90004")
    event = an_event(POLICE, police(a_person(**VERIFIED), child))

    duties = decision(event, link(ASHA, BELLA), OF_REGISTER).duties

    practices = [duty.recipient for duty in duties if duty.service is Service.GP]
    assert practices == ["Y90016:gp"]
    of_mash = [d for d in duties if d.service is Service.MASH and d.about and d.about.ref == "kid"]
    assert [d.because for d in of_mash] == ["the register and the event differ on the practice"]


def test_the_flag_of_a_patient_named_without_a_number_is_seen() -> None:
    patient = a_person("patient", ref="kid", **NAMED)
    mother = a_person("accompanying_adult", ref="mother", **VERIFIED)
    event = an_event(EMERGENCY, attendance(patient, mother))

    outcome = decided(event, link(ASHA, BELLA), OF_REGISTER)

    assert features_of(outcome, "kid")["flags"] == ["child protection"]


@pytest.mark.parametrize(
    "told",
    [
        {**NAMED, "date_of_birth": "2020-01-03"},
        {**NAMED, "name": {"given": "Cora", "family": "Example"}},
        {**NAMED, "nhs_number": CARL, "nhs_number_status": "unverified"},
        {"date_of_birth": BORN},
    ],
    ids=["another day", "another name", "another number", "no name"],
)
def test_somebody_else_is_not_taken_for_the_child(told: dict[str, Any]) -> None:
    child = a_person("child_present", ref="kid", **told, gp_practice="Y90004")

    registered = added(known_from(link(ASHA, BELLA), OF_REGISTER), a_person(**VERIFIED), child)

    assert people_of(registered.data)[1].gp_practice == "Y90004"
    assert "kid" not in registered.matched


def test_of_two_children_who_are_called_and_born_the_same_neither_is_taken() -> None:
    child = a_person("child_present", ref="kid", **NAMED, gp_practice="Y90004")
    twin = registration(CARL, **NAMED)
    known = known_from(link(ASHA, BELLA), link(ASHA, CARL), OF_REGISTER, twin)

    registered = added(known, a_person(**VERIFIED), child)

    assert "kid" not in registered.matched


@pytest.mark.parametrize(
    "named",
    [
        {"nhs_number": BELLA, "nhs_number_status": "verified"},
        {"nhs_number": BELLA, "nhs_number_status": "unverified"},
    ],
)
def test_a_child_whom_the_event_names_is_not_added(named: dict[str, str]) -> None:
    child = a_person("child_present", **named)

    registered = added(known_from(link(ASHA, BELLA)), a_person(**VERIFIED), child)

    assert registered.parents == {}


def test_a_child_entered_in_error_is_still_the_child_of_the_victim() -> None:
    """It was not there, but nobody may be silent about it for that."""
    child = a_person("child_present", nhs_number=BELLA, nhs_number_status="verified")
    gone = child | {"status": "entered_in_error"}

    registered = added(known_from(link(ASHA, BELLA)), a_person(**VERIFIED), gone)

    assert list(registered.parents.values()) == [("victim",)]


def test_an_adults_mistyped_number_hides_no_child() -> None:
    mistyped = {"nhs_number": BELLA, "nhs_number_status": "unverified"}
    accused = a_person("alleged_perpetrator", **mistyped)

    registered = added(known_from(link(ASHA, BELLA)), a_person(**VERIFIED), accused)

    assert list(registered.parents.values()) == [("victim",)]


@pytest.mark.parametrize(
    "parent",
    [
        a_person(**UNVERIFIED),
        a_person(),
        a_person(**VERIFIED, status="entered_in_error"),
    ],
    ids=["unverified", "no number", "entered in error"],
)
def test_nobodys_children_are_looked_for_through_somebody_who_may_be_another(
    parent: dict[str, Any],
) -> None:
    assert added(known_from(link(ASHA, BELLA)), parent).parents == {}


def test_the_flags_of_a_child_whom_only_the_register_knows_are_facts() -> None:
    flags = [{"kind": "child_protection", "state": "active"}]
    child = registration(BELLA, date_of_birth=BORN, record={"flags": flags})

    outcome = decided(an_event(POLICE, police(a_person(**VERIFIED))), link(ASHA, BELLA), child)

    features = features_of(outcome, ref_of_child(outcome))
    assert features["flags"] == ["child protection"]
    assert features["parent's role"] == ["victim"]
    assert features["attendances in 183 days"] is None


def test_a_flag_that_may_be_set_counts_as_set() -> None:
    flags = [{"kind": "child_in_need", "state": "unknown"}]
    event = an_event(POLICE, police(a_person(**VERIFIED)))

    outcome = decided(event, registration(record={"flags": flags}))

    assert features_of(outcome, "victim")["flags"] == ["child in need"]


def test_the_registered_district_comes_before_that_of_the_practice() -> None:
    """Her address as the officer typed it names no district; her practice is in another one."""
    address = {"lines": ["Somewhere"]}
    victim = a_person(**VERIFIED, address=address, gp_practice="Y90004")
    event = an_event(POLICE, police(victim))

    outcome = decided(event, registration(**at_home("E07000197", None)))

    assert features_of(outcome, "victim")["district"] == "Stafford"


def test_a_conflict_about_somebody_who_is_only_accused_is_nobodys_duty() -> None:
    accused = a_person("alleged_perpetrator", **VERIFIED, gp_practice="Y90004")
    event = an_event(POLICE, police(a_person(), accused))

    told = decision(event, registration(gp_practice="Y90001"))

    assert [duty for duty in told.duties if duty.about and duty.about.ref == accused["ref"]] == []
    assert "differ" not in repr(told.duties)


def test_the_role_of_its_parent_tells_whose_child_it_is() -> None:
    accused = a_person("alleged_perpetrator", **VERIFIED)
    event = an_event(MARAC, conference(accused, a_person(number=9)))

    outcome = decided(event, link(ASHA, BELLA), CHILD)

    assert features_of(outcome, ref_of_child(outcome))["parent's role"] == ["alleged perpetrator"]
