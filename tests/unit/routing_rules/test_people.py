"""Who is who in an occurrence, and about whom nothing may ever be told."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from routing_rules.people import Party, parties_of, person_key
from routing_rules.subjects import people_of
from schemas.events import AnyEventData
from tests.builders import (
    EMERGENCY,
    POLICE,
    a_person,
    attendance,
    data_of,
    nhs_number,
    person_of,
    police,
)

ON = date(2026, 3, 6)
KIM = {"name": {"given": "Kim", "family": "Example"}, "date_of_birth": "1990-01-02"}


def parties(data: AnyEventData) -> Mapping[str, Party]:
    keys = {person.ref: person_key(person, "police") for person in people_of(data)}
    return {party.person.ref: party for party in parties_of(data, keys, ON)}


def in_police(*people: Mapping[str, Any]) -> Mapping[str, Party]:
    return parties(data_of(POLICE, police(*people)))


def in_attendance(
    *people: Mapping[str, Any], concerns: tuple[str, ...] = ("assault",)
) -> Mapping[str, Party]:
    data = attendance(a_person("patient"), *people, concerns=list(concerns))
    return parties(data_of(EMERGENCY, data))


def guarded(found: Mapping[str, Party]) -> set[str]:
    return {ref for ref, party in found.items() if party.guarded}


def test_the_patient_comes_first() -> None:
    data = data_of(EMERGENCY, attendance(a_person("patient"), a_person("parent")))

    assert [person.ref for person in people_of(data)] == ["patient", "parent"]


@pytest.mark.parametrize("status", ["verified", "traced"])
def test_a_number_that_can_be_trusted_is_the_key(status: str) -> None:
    person = person_of(a_person(number=7) | {"nhs_number_status": status})

    assert person_key(person, "police") == f"nhs:{nhs_number(7)}"


def test_a_number_that_nobody_checked_is_no_key() -> None:
    person = person_of(a_person(number=7) | {"nhs_number_status": "unverified"})

    assert person_key(person, "police") == "ref:police:victim"


def test_an_unborn_child_is_known_by_pregnancy_and_order() -> None:
    twin = person_of(a_person("unborn", pregnancy_id="MAT-1", order=2))
    only = person_of(a_person("unborn", pregnancy_id="MAT-1"))

    assert (person_key(twin, "x"), person_key(only, "x")) == ("unborn:MAT-1:2", "unborn:MAT-1:1")
    assert person_key(person_of(a_person("unborn")), "x") == "ref:x:unborn"


def test_somebody_entered_in_error_is_no_longer_there() -> None:
    found = in_police(a_person(), a_person("child_present", status="entered_in_error"))

    assert set(found) == {"victim"}


def test_who_is_only_accused_is_guarded_and_nobody_else_is() -> None:
    found = in_police(a_person(), a_person("alleged_perpetrator"), a_person("other_adult"))

    assert guarded(found) == {"alleged_perpetrator"}


def test_the_accused_who_stands_there_as_a_parent_too_is_still_guarded() -> None:
    found = in_police(
        a_person(),
        a_person("alleged_perpetrator", number=3),
        a_person("parent", number=3),
    )

    assert guarded(found) == {"alleged_perpetrator", "parent"}


@pytest.mark.parametrize(
    "also",
    [
        {"number": 3},
        KIM | {"nhs_number": nhs_number(3), "nhs_number_status": "verified"},
        KIM,
        KIM | {"nhs_number": nhs_number(3), "nhs_number_status": "unverified"},
    ],
    ids=["number", "number and name", "name", "unchecked number"],
)
def test_one_human_under_two_refs_is_told_about_as_a_victim(also: Mapping[str, Any]) -> None:
    """Were the name not enough beside a number, the victim's notice would tell of the accuser."""
    known = KIM | {"nhs_number": nhs_number(3), "nhs_number_status": "verified"}
    found = in_police(
        a_person("victim", ref="v", **known), a_person("alleged_perpetrator", ref="a", **also)
    )

    assert guarded(found) == set()
    assert found["v"].is_accused
    assert found["a"].told_as == "v"


def test_two_with_one_name_and_two_numbers_are_two() -> None:
    first = KIM | {"nhs_number": nhs_number(3), "nhs_number_status": "verified"}
    second = KIM | {"nhs_number": nhs_number(4), "nhs_number_status": "verified"}
    found = in_police(a_person("victim", **first), a_person("alleged_perpetrator", **second))

    assert guarded(found) == {"alleged_perpetrator"}


def test_a_number_typed_for_two_unlike_people_makes_them_no_one_human() -> None:
    unchecked = {"nhs_number": nhs_number(3), "nhs_number_status": "unverified"}
    found = in_police(
        a_person("victim", date_of_birth="1990-01-02", **unchecked),
        a_person("alleged_perpetrator", date_of_birth="1988-01-02", **unchecked),
    )

    assert guarded(found) == {"alleged_perpetrator"}


def test_what_one_ref_does_not_say_of_a_human_the_other_does() -> None:
    """A victim known to be pregnant only as the accused would else go without a midwife."""
    found = in_police(
        a_person("victim", ref="v", number=3, gp_practice="Y90004"),
        a_person(
            "alleged_perpetrator",
            ref="a",
            number=3,
            pregnant="yes",
            sex="female",
            gp_practice="Y90016",
            address_restricted=True,
        ),
    )

    assert (found["v"].person.pregnant, found["v"].person.sex) == ("yes", "female")
    assert found["v"].person.gp_practice == "Y90004"
    assert found["v"].person.address_restricted is True


def test_every_other_adult_is_guarded_where_violence_names_no_perpetrator() -> None:
    found = in_attendance(
        a_person("parent"),
        a_person("accompanying_adult"),
        a_person("sibling", ref="grown", date_of_birth="2000-01-01"),
        a_person("sibling", ref="child", date_of_birth="2015-01-01"),
        a_person("dependant"),
        a_person("victim"),
    )

    assert guarded(found) == {"parent", "accompanying_adult", "grown"}


def test_a_concern_that_cannot_be_read_may_be_violence() -> None:
    assert guarded(in_attendance(a_person("parent"), concerns=("unknown",))) == {"parent"}


def test_without_violence_nobody_is_taken_for_a_perpetrator() -> None:
    assert guarded(in_attendance(a_person("parent"), concerns=("burn",))) == set()


def test_where_a_perpetrator_is_named_nobody_else_is_taken_for_one() -> None:
    found = in_attendance(a_person("parent"), a_person("alleged_perpetrator"))

    assert guarded(found) == {"alleged_perpetrator"}


def test_a_child_who_is_accused_and_present_is_told_about_as_a_child() -> None:
    boy = {"number": 3, "date_of_birth": "2012-01-01"}
    found = in_police(
        a_person(),
        a_person("alleged_perpetrator", ref="a", **boy),
        a_person("child_present", **boy),
    )

    assert guarded(found) == set()
    assert found["child_present"].is_accused


def test_a_grown_up_who_is_accused_and_present_as_a_child_is_guarded() -> None:
    man = {"number": 3, "date_of_birth": "2000-01-01"}
    found = in_police(
        a_person(),
        a_person("alleged_perpetrator", ref="a", **man),
        a_person("child_present", **man),
    )

    assert guarded(found) == {"a", "child_present"}
