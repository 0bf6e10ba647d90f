import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.misfits import misfits_of
from schemas.problems import Remedy
from schemas.registration import FamilyLink, FlagKind, FlagState, RegistrationPerson
from schemas.shape import names_given, people_of
from schemas.values import EventStatus, Relation
from tests.builders import nhs_number

SOMEBODY = {"ref": "p", "role": "patient", "nhs_number": nhs_number(1)}


def read(**known: Any) -> RegistrationPerson:
    return RegistrationPerson.model_validate_json(json.dumps({"person": SOMEBODY, **known}))


def test_a_registration_as_the_contract_shows_it_is_read() -> None:
    flag = {
        "kind": "child_protection",
        "state": "active",
        "from": "2026-01-05",
        "until": None,
        "authority": "E10000028",
    }
    data = read(
        recorded_at="2026-01-05T09:00:00+00:00",
        health_visiting_team="HV-1",
        family_nurse=False,
        deceased_on="2026-01-04",
        flags=[flag],
    )
    assert data.recorded_at == datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert data.flags[0].kind is FlagKind.CHILD_PROTECTION
    assert data.flags[0].from_ == date(2026, 1, 5)
    assert data.status is EventStatus.NEW
    assert names_given(data) == 6 + 3 + 5
    assert [path for path, _ in people_of(data)] == [("person",)]


def test_a_null_is_given_and_what_is_left_out_is_not() -> None:
    data = read(person={**SOMEBODY, "gp_practice": None}, family_nurse=None)
    assert {"gp_practice"} <= data.person.model_fields_set
    assert "school" not in data.person.model_fields_set
    assert data.model_fields_set == {"person", "family_nurse"}


def test_a_flag_that_is_not_understood_stays_one_of_unknown_kind_and_state() -> None:
    raw = {"person": SOMEBODY, "flags": [{"kind": "new kind", "state": 1, "from": "soon"}]}
    with pytest.raises(ValidationError) as raised:
        RegistrationPerson.model_validate_json(json.dumps(raw))
    problems = list(misfits_of(raised.value, raw, RegistrationPerson))
    assert {problem.path for problem in problems} == {
        ("flags", 0, "kind"),
        ("flags", 0, "state"),
        ("flags", 0, "from"),
    }
    assert {problem.remedy for problem in problems} == {Remedy.FORGET}
    flag = read(flags=[{}]).flags[0]
    assert (flag.kind, flag.state) == (FlagKind.UNKNOWN, FlagState.UNKNOWN)


def test_a_family_link_is_read_under_the_names_of_the_contract() -> None:
    known = {"from": nhs_number(1), "to": "MAT-7781", "is": "parent"}
    data = FamilyLink.model_validate_json(json.dumps(known))
    assert (data.from_, data.to, data.is_) == (nhs_number(1), "MAT-7781", Relation.PARENT)
    assert data.model_dump(mode="json", by_alias=True, exclude_unset=True) == known


def test_a_link_from_what_is_no_nhs_number_loses_only_that() -> None:
    raw = {"from": "9990000019", "to": nhs_number(1), "is": "parent"}
    with pytest.raises(ValidationError) as raised:
        FamilyLink.model_validate_json(json.dumps(raw))
    (problem,) = misfits_of(raised.value, raw, FamilyLink)
    assert (problem.path, problem.remedy) == (("from",), Remedy.FORGET)
    assert FamilyLink.model_validate({}).is_ is Relation.UNKNOWN
