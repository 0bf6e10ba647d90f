"""Who carries an unborn child, and what follows from it."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.builders import (
    a_person,
    nhs_number,
)
from tests.unit.routing_rules.test_people import in_police


def test_the_unborn_child_of_the_accused_is_a_party_of_its_own() -> None:
    accused = a_person("alleged_perpetrator", pregnant="possible", pregnancy_id="MAT-1")
    unborn = in_police(a_person(), accused)["alleged_perpetrator/unborn"]

    assert unborn.key == "unborn:MAT-1:1"
    assert unborn.mother_is_guarded
    assert unborn.mother is not None
    assert unborn.mother.ref == "alleged_perpetrator"


def test_an_unborn_child_without_a_pregnancy_id_is_known_by_its_mother() -> None:
    accused = a_person("alleged_perpetrator", number=3, pregnant="yes")

    assert in_police(accused)["alleged_perpetrator/unborn"].key == f"unborn-of:nhs:{nhs_number(3)}"


def test_the_accused_under_two_refs_has_one_unborn_child() -> None:
    found = in_police(
        a_person("alleged_perpetrator", ref="a", number=3, pregnant="yes"),
        a_person("alleged_perpetrator", ref="b", number=3, pregnant="yes"),
    )

    assert [ref for ref in found if ref.endswith("/unborn")] == ["a/unborn"]


@pytest.mark.parametrize(
    ("mother", "unborn"),
    [
        ({"pregnancy_id": "MAT-1"}, {"pregnancy_id": "MAT-1"}),
        ({"pregnant": "yes", "relationships": [{"to": "unborn", "is": "parent"}]}, {}),
        ({"pregnant": "possible"}, {"relationships": [{"to": "m", "is": "child"}]}),
        ({}, {"relationships": [{"to": "m", "is": "child"}]}),
        ({"pregnant": "yes"}, {}),
        ({"pregnant": "possible"}, {}),
    ],
    ids=["pregnancy", "link from her", "possibly", "link without a word", "only one", "only maybe"],
)
def test_who_carries_an_unborn_child(mother: Mapping[str, Any], unborn: Mapping[str, Any]) -> None:
    """Not to know that the accused carries it would tell her record of the victim."""
    found = in_police(
        a_person("victim", sex="male"),
        a_person("alleged_perpetrator", ref="m", **mother),
        a_person("unborn", **unborn),
    )

    assert found["unborn"].mother is not None
    assert found["unborn"].mother.ref == "m"
    assert found["unborn"].mother_is_guarded
    assert "m/unborn" not in found


def test_a_father_is_not_taken_for_the_mother() -> None:
    link = [{"to": "v", "is": "child"}, {"to": "a", "is": "child"}]
    found = in_police(
        a_person("alleged_perpetrator", ref="a", sex="male"),
        a_person("victim", ref="v"),
        a_person("unborn", relationships=link),
    )

    assert found["unborn"].mother is not None
    assert found["unborn"].mother.ref == "v"
    assert not found["unborn"].mother_is_guarded


def test_where_nobody_can_say_who_carries_it_the_accused_may() -> None:
    found = in_police(a_person("victim"), a_person("alleged_perpetrator"), a_person("unborn"))

    assert found["unborn"].mother is None
    assert found["unborn"].mother_is_guarded


def test_where_the_accused_cannot_carry_it_nothing_is_held_back() -> None:
    found = in_police(
        a_person("victim"), a_person("alleged_perpetrator", sex="male"), a_person("unborn")
    )

    assert not found["unborn"].mother_is_guarded


def test_the_unborn_child_of_a_victim_who_is_accused_too_is_told_of_without_the_other() -> None:
    found = in_police(
        a_person("victim", ref="v", number=3, pregnant="yes"),
        a_person("alleged_perpetrator", ref="a", number=3),
        a_person("unborn"),
    )

    assert found["unborn"].is_accused
    assert not found["unborn"].mother_is_guarded
