"""Where somebody stands in an occurrence, without a database."""

from datetime import date
from typing import Any
from uuid import UUID

from routing_rules.identifying import Identification
from schemas.values import Role
from services.ledger.person_standing import Sought, Told, number_of, standing_in
from tests.builders import NOW, POLICE, a_person, an_event, nhs_number, police

ASHA, BELLA, ERIK = map(nhs_number, (1, 2, 5))
ONE = UUID(int=1)
VICTIM = a_person("victim", ref="p1", number=1, date_of_birth="1996-04-11")
ACCUSED = a_person("alleged_perpetrator", ref="p2", number=5, date_of_birth="1990-01-01")


def occurrence(*people: dict[str, Any], keys: dict[str, str] | None = None, **known: Any) -> Told:
    """An incident that one event told."""
    event = an_event(POLICE, police(*people))
    own = {p["ref"]: f"nhs:{p['nhs_number']}" for p in people if "nhs_number" in p}
    return Told(ONE, POLICE, NOW, False, own if keys is None else keys, (event,), **known)  # noqa: FBT003


def of(*numbers: str, **known: Any) -> Sought:
    return Sought(frozenset(numbers), **known)


def test_a_victim_stands_where_the_number_does() -> None:
    found = standing_in(occurrence(VICTIM, ACCUSED), of(ASHA))

    assert found is not None
    assert (sorted(found.refs), found.roles) == (["p1"], (Role.VICTIM,))
    assert (sorted(found.keys), found.is_guarded) == ([f"nhs:{ASHA}"], False)


def test_somebody_only_accused_is_guarded() -> None:
    found = standing_in(occurrence(VICTIM, ACCUSED), of(ERIK))

    assert found is not None
    assert found.is_guarded


def test_a_guard_of_the_last_decision_outranks_what_the_events_say() -> None:
    adult = a_person("other_adult", ref="p9", number=7)

    found = standing_in(occurrence(VICTIM, adult, guarded=frozenset({"p9"})), of(nhs_number(7)))

    assert found is not None
    assert found.is_guarded


def test_accused_and_victim_at_once_is_shown_as_a_victim_alone() -> None:
    also = {**VICTIM, "ref": "p7", "role": "alleged_perpetrator"}

    found = standing_in(occurrence(VICTIM, also), of(ASHA))

    assert found is not None
    assert (sorted(found.refs), found.roles) == (["p1", "p7"], (Role.VICTIM,))
    assert not found.is_guarded


def test_an_unverified_number_counts_with_its_date_of_birth_only() -> None:
    loose = {**VICTIM, "nhs_number_status": "unverified"}
    told = occurrence(loose, keys={"p1": "ref:x:p1"})

    assert standing_in(told, of(ASHA, date_of_birth=date(1996, 4, 11))) is not None
    assert standing_in(told, of(ASHA, date_of_birth=date(1996, 4, 12))) is None
    assert standing_in(told, of(ASHA)) is None


def test_whoever_was_traced_stands_under_the_traced_number() -> None:
    child = a_person("child_present", ref="p3")
    traced = (Identification("p3", BELLA, date(2019, 3, 3)),)
    told = occurrence(child, keys={"p3": "ref:x:p3"}, identified=traced)

    assert standing_in(told, of(BELLA)) is not None
    assert number_of(told, "p3") == BELLA


def test_a_reference_that_speaks_of_a_protected_number_and_another_is_nobodys() -> None:
    told = occurrence({**VICTIM, "nhs_number": BELLA}, keys={"p1": f"nhs:{ASHA}"})

    for number in (ASHA, BELLA):
        assert standing_in(told, of(number, protected=frozenset({ASHA}))) is None


def test_a_number_that_its_publisher_corrected_is_no_longer_the_other_persons() -> None:
    told = occurrence({**VICTIM, "nhs_number": BELLA}, keys={"p1": f"nhs:{ASHA}"})

    assert standing_in(told, of(ASHA)) is None
    assert standing_in(told, of(BELLA)) is not None


def test_children_and_the_unborn_whom_no_event_names_stand_by_their_keys() -> None:
    keys = {"p1": f"nhs:{ASHA}", "child-1": f"nhs:{BELLA}", "p1/unborn": "unborn:MAT-1:1"}
    told = occurrence(VICTIM, keys=keys)

    child = standing_in(told, of(BELLA))
    unborn = standing_in(told, Sought(keys=frozenset({"unborn:MAT-1:1"})))

    assert child is not None
    assert unborn is not None
    assert (child.roles, unborn.roles) == ((Role.CHILD_KNOWN_TO_REGISTER,), (Role.UNBORN,))
