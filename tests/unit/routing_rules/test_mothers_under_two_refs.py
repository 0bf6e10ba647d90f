"""A mother, or a baby, who stands in an event under two refs is one, and told about once."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from routing_rules.explain import Casebook
from routing_rules.pregnancy_endings import LET_IT_REST
from schemas.events import Event
from schemas.values import DutyState
from tests.builders import NOW, POLICE, a_person, an_event, at_home, decision_on, police, told
from tests.builders import staffordshire as the_county
from tests.unit.routing_rules.pregnancies import after, baby, birth, booked, ended, withdrawals
from tests.unit.routing_rules.pregnancies import standing as standing_in
from tests.unit.routing_rules.register_events import ASHA, BELLA

HER = {"nhs_number": ASHA, "nhs_number_status": "verified", "pregnant": "yes", "sex": "female"}
UNBORN = a_person("unborn", pregnancy_id="MAT-1", order=1)
HIM = a_person("victim", ref="him", number=9, sex="male", **at_home())


def incident(*roles: str, **known: Any) -> Event:
    """An incident in which she has these roles, each under a ref of its own."""
    refs = [a_person(role, **{**HER, "pregnancy_id": "MAT-1", **known}) for role in roles]
    beside = [] if "victim" in roles else [HIM]
    return an_event(POLICE, police(*refs, UNBORN, *beside), event_id="two", time=NOW)


@pytest.mark.parametrize(
    "roles", [("alleged_perpetrator", "parent"), ("victim", "parent"), ("parent", "victim")]
)
@pytest.mark.parametrize("home", [at_home(), {}], ids=["at home", "nobody knows where"])
def test_the_unborn_child_is_told_about_once_and_where_its_mother_is(
    roles: tuple[str, str], home: Mapping[str, Any]
) -> None:
    told_of = [each for each in told(_decided(roles, home)) if "unborn" in each[0]]

    once = [each for each in told(_decided(roles[:1], home)) if "unborn" in each[0]]
    assert sorted(told_of) == sorted(once)
    assert {ref for ref, _, _ in told_of} == {"unborn"}


def test_two_accused_of_one_pregnancy_owe_each_duty_once() -> None:
    """Whoever carries it, it is one child: two duties of one id cannot both be stored."""
    accused = [
        a_person("alleged_perpetrator", ref=ref, number=n, pregnant="yes", pregnancy_id="MAT-1")
        for ref, n in (("a", 3), ("b", 4))
    ]
    for unborn in ([], [UNBORN]):
        event = an_event(POLICE, police(HIM, *accused, *unborn))
        outcome = Casebook(the_county()).receive(event, NOW)

        assert outcome is not None
        ids = Counter(change.held.notification_id for change in outcome.changes)
        assert set(ids.values()) == {1}


@pytest.mark.parametrize("roles", [("victim", "parent"), ("alleged_perpetrator", "parent")])
def test_a_loss_reaches_the_unborn_child_of_a_mother_under_two_refs(
    roles: tuple[str, str],
) -> None:
    event = incident(*roles, **at_home())

    casebook = after([booked(), event, ended()])

    assert "unborn" not in {ref for ref, _ in standing_in(casebook, event)}
    assert {LET_IT_REST} == {notice["because"] for notice in withdrawals(casebook, event)}


def test_a_loss_reaches_the_ref_under_which_nobody_gives_her_number() -> None:
    named = {"name": {"given": "Asha", "family": "Example"}, "date_of_birth": "1996-04-11"}
    identified = a_person("parent", **{**HER, **named, "pregnant": "unknown", **at_home()})
    seen = a_person("victim", pregnant="yes", sex="female", **named, **at_home())
    event = an_event(POLICE, police(seen, identified), event_id="two", time=NOW)

    casebook = after([booked(), event, ended()])

    assert not any("midwifery" in to for _, to in standing_in(casebook, event))


def _decided(roles: tuple[str, ...], home: Mapping[str, Any]) -> Any:
    return decision_on(POLICE, incident(*roles, **home).data.model_dump(mode="json"))


def test_a_baby_who_died_and_is_a_victim_as_well_is_told_about_as_that_and_once() -> None:
    """What is withdrawn of the one ref and owed for the other would be two rows of one id."""
    known = {"name": {"given": "Baby1", "family": "Example"}, "date_of_birth": "2026-03-08"}
    child = {"nhs_number": BELLA, "nhs_number_status": "verified", **known, **at_home()}
    refs = [a_person(role, **child) for role in ("victim", "child_present")]
    event = an_event(POLICE, police(*refs), event_id="baby", time=NOW + timedelta(days=3))
    casebook = after([event])
    before = standing_in(casebook, event)

    casebook.receive(birth(baby(BELLA, outcome="died")), NOW + timedelta(days=4))

    assert {ref for ref, _ in standing_in(casebook, event)} == {"victim"}
    assert standing_in(casebook, event) <= before
    (case,) = [case for case in casebook.cases.values() if case.events[0].id == "baby"]
    assert len({duty.duty_id for duty in case.duties}) == len(case.duties)
    assert all(duty.revision == 1 for duty in case.duties if duty.state is not DutyState.WITHDRAWN)
