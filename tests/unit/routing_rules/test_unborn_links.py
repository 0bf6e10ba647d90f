"""Links to an unborn child: once it is born they are links to the baby, in whatever order."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.explain import Casebook
from routing_rules.register_problems import ProblemKind, RegisterProblem
from schemas.events import Event
from schemas.values import EventType
from tests.builders import NOW, a_person, an_event, nhs_number, police
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.pregnancies import (
    ASHA,
    BELLA,
    CARL,
    LATER,
    after,
    baby,
    birth,
    booked,
    ended,
    standing,
    withdrawals,
)
from tests.unit.routing_rules.register_events import DORA, booking, link, registration
from tests.unit.routing_rules.test_identities import change

FRED, GINA = nhs_number(5), nhs_number(6)
HEALTH_VISITOR = "R1E:health-visiting:E07000193"
THIRD = timedelta(days=3)


def linked(to: str = "MAT-1", from_: str = FRED, **told: Any) -> Event:
    """The father, as a register that is no maternity service links him."""
    return arriving(link(from_, to, **{"at": NOW - timedelta(days=50), **told}))


def registered(number: str = BELLA, **known: Any) -> Event:
    address = {"postcode": "ZZ99 3CZ", "district": "E07000193"}
    told = {"address": address, "gp_practice": "Y90004", "date_of_birth": "2026-03-08", **known}
    return arriving(registration(number, at=LATER, **told))


def accused(number: str = FRED, *, days: int = 5, reference: str = "STF/9") -> Event:
    """An incident some days after the birth, at the father's new home."""
    victim = a_person("victim", nhs_number=GINA, nhs_number_status="verified", sex="female")
    father = a_person("alleged_perpetrator", nhs_number=number, nhs_number_status="verified")
    at = LATER + timedelta(days=days)
    told = police(victim, father, police_reference=reference, incident_at=at.isoformat())
    return an_event(EventType.POLICE_DOMESTIC_ABUSE, told, event_id=reference, time=at)


def children_told_of(casebook: Casebook, event: Event) -> set[str]:
    """The numbers of the children whom only the register knows, and about whom somebody is told."""
    return {
        str(told["about"]["nhs_number"])
        for told in casebook.owed_for(event)
        if isinstance(told["about"], dict) and str(told["about"]["ref"]).startswith("child-")
    }


def in_any_order(*events: Event) -> st.SearchStrategy[Sequence[Event]]:
    return st.permutations(events)


@given(in_any_order(booked(), linked(), birth(baby()), registered(), accused()))
@settings(max_examples=25, deadline=None)
def test_the_babys_health_visitor_is_reached_by_what_happens_with_its_father(
    events: Sequence[Event],
) -> None:
    casebook = after(events)

    assert children_told_of(casebook, accused()) == {BELLA}
    assert HEALTH_VISITOR in {to for _, to in standing(casebook, accused())}
    about = [told["about"] for told in casebook.owed_for(accused())]
    assert not any(FRED in repr(each) for each in about)


_LIVES: dict[str, Sequence[Event]] = {
    "born": [booked(), birth(baby())],
    "not booked": [birth(baby())],
    "twins": [birth(baby(), baby(CARL, 2))],
    "one twin stillborn": [birth(baby(), baby(CARL, 2, "stillborn"))],
    "one twin died": [birth(baby(BELLA, 1, "died"), baby(CARL, 2))],
    "died afterwards": [birth(baby()), ended("neonatal_death")],
    "lost": [booked(), ended()],
    "birth taken back": [birth(baby()), birth(baby(), event_id="birth2", status="cancelled")],
    "baby corrected": [
        birth(baby()),
        birth({**baby(CARL), "ref": "baby1"}, event_id="birth2", status="updated"),
    ],
    "baby merged": [birth(baby()), arriving(change(BELLA, CARL, "merged"))],
    "baby protected": [birth(baby()), arriving(change(BELLA, None, "protected"))],
    "father merged": [birth(baby()), arriving(change(FRED, DORA, "merged"))],
    "father protected": [birth(baby()), arriving(change(FRED, None, "protected"))],
    "told that it died": [
        birth(baby()),
        arriving(registration(at=LATER, number=BELLA, record={"deceased_on": "2026-03-09"})),
    ],
    "too young": [
        birth(baby()),
        registered(),
        arriving(registration(FRED, at=NOW, date_of_birth="2020-01-01")),
    ],
}
_LINKS: dict[str, Sequence[dict[str, Any]]] = {
    "parent": [{}],
    "ended": [{"ended_at": (LATER + THIRD).isoformat()}],
    "ended by another": [{}, {"at": LATER, "ended_at": (LATER + THIRD).isoformat()}],
    "entered in error": [{}, {"at": NOW - timedelta(days=50), "status": "entered_in_error"}],
    "contradicted": [{}, {"is_": "child"}],
    "carer": [{"is_": "carer"}],
}


@pytest.mark.parametrize("life", _LIVES)
@pytest.mark.parametrize("told", _LINKS)
@given(data=st.data())
@settings(max_examples=3, deadline=None)
def test_it_is_as_if_the_link_had_been_sent_for_each_babys_number(
    life: str, told: str, data: st.DataObject
) -> None:
    events = [accused(), accused(DORA, reference="STF/8"), *_LIVES[life]]
    to_pregnancy = [linked(**each) for each in _LINKS[told]]
    lost = {BELLA} if life in {"one twin died", "died afterwards"} else set()
    lost |= {CARL} if life == "one twin stillborn" else set()
    babies = [n for n in (BELLA, CARL) if n not in lost]
    if life in {"lost", "birth taken back"}:
        babies = []
    elif life == "baby corrected":
        babies = [CARL]
    elif "twin" not in life:
        babies = [n for n in babies if n == BELLA]
    to_babies = [linked(n, **each) for n in babies for each in _LINKS[told]]

    by_pregnancy = after(data.draw(st.permutations([*events, *to_pregnancy])))
    by_number = after([*to_babies, *events])

    for each in (accused(), accused(DORA, reference="STF/8")):
        assert numbers_told_of(by_pregnancy, each) == numbers_told_of(by_number, each)
    for about in (BELLA, CARL, FRED, DORA):
        assert _read(by_pregnancy, about) == _read(by_number, about)


def numbers_told_of(casebook: Casebook, event: Event) -> set[tuple[str, str, str]]:
    """About which numbers who is told, and how; a ref may stem from a number that has given way."""
    return {
        (str(told["about"]["nhs_number"]), str(told["recipient"]), str(told["kind"]))
        for told in casebook.owed_for(event)
        if isinstance(told["about"], dict)
    }


def _read(casebook: Casebook, about: str) -> set[tuple[object, ...]]:
    known = casebook.register.known_about([about])
    rows = (row for rows in known.links.values() for row in rows)
    return {
        (row.from_, row.to, row.relation, row.recorded_at, row.ended_at, row.told.status)
        for row in rows
        if len(row.ends) == 2
    }


@given(
    in_any_order(
        linked(), birth(baby()), accused(), birth(baby(), event_id="birth2", status="cancelled")
    )
)
@settings(max_examples=10, deadline=None)
def test_a_birth_that_was_none_makes_him_nobodys_father(events: Sequence[Event]) -> None:
    casebook = after(events)

    assert children_told_of(casebook, accused()) == set()
    assert not any("health-visiting" in to for _, to in standing(casebook, accused()))


def test_a_link_that_was_wrong_is_withdrawn_where_it_had_led() -> None:
    gone = linked(status="entered_in_error")
    casebook = after([registered(), linked(), birth(baby()), accused(), gone])

    assert children_told_of(casebook, accused()) == set()
    assert HEALTH_VISITOR in {told["recipient"] for told in withdrawals(casebook, accused())}


@pytest.mark.parametrize("gone", ["died", "stillborn", "ended"])
def test_nobody_is_told_of_a_baby_that_was_lost_by_way_of_its_father(gone: str) -> None:
    lost = (
        ended("neonatal_death") if gone == "ended" else birth(baby(outcome=gone), event_id="birth2")
    )
    for to in ("MAT-1", BELLA):
        told_before = after([linked(to), birth(baby()), accused(), lost])
        told_after = after([linked(to), birth(baby()), lost, accused()])

        assert children_told_of(told_before, accused()) == set()
        assert standing(told_before, accused()) == standing(told_after, accused())


def test_he_is_nobodys_father_before_the_day_of_the_birth() -> None:
    before = accused(days=-10)

    assert children_told_of(after([linked(), birth(baby()), before]), before) == set()


def test_a_protected_mother_is_not_led_through() -> None:
    hidden = arriving(change(ASHA, None, "protected"))
    casebook = after([linked(), birth(baby()), accused(), hidden])

    assert children_told_of(casebook, accused()) == set()
    assert _read(casebook, FRED) == _read(casebook, BELLA) == set()


def another(publisher: str = "rje-maternity", mother: str = DORA, **told: Any) -> Event:
    at = NOW - timedelta(days=40)
    return arriving(booking(mother, at=at, event={"publisher": publisher}, **told))


@given(in_any_order(booked(), linked(), birth(baby()), another(), accused()))
@settings(max_examples=10, deadline=None)
def test_of_two_pregnancies_that_go_by_one_name_none_is_guessed_at_and_mash_is_told(
    events: Sequence[Event],
) -> None:
    casebook = after(events)

    assert children_told_of(casebook, accused()) == set()
    [content] = [c for c in contents_of_register(casebook) if c.get("nhs_number") == FRED]
    assert content["field"] == "to"
    assert content["reason"] == ProblemKind.PREGNANCY_UNCLEAR.value
    assert not {ASHA, BELLA, DORA} & {*map(str, content.values())}


def contents_of_register(casebook: Casebook) -> list[Any]:
    """What MASH is to put right."""
    owed = (held for duties in casebook.of_register.values() for held in duties)
    return [casebook.told[held.duty_id]["content"] for held in owed]


def test_the_publishers_own_pregnancy_is_the_one_that_it_means() -> None:
    own = linked(event={"publisher": "made"})

    casebook = after([another(), own, birth(baby()), accused()])

    assert children_told_of(casebook, accused()) == {BELLA}


@pytest.mark.parametrize("mother", [ASHA, CARL])
def test_two_who_tell_of_one_mothers_pregnancy_tell_of_the_same(mother: str) -> None:
    merged = arriving(change(CARL, ASHA, "merged"))

    casebook = after([another(mother=mother), merged, linked(), birth(baby()), accused()])

    assert children_told_of(casebook, accused()) == {BELLA}


def test_a_booking_that_was_entered_in_error_makes_nothing_unclear() -> None:
    gone = another(status="entered_in_error")

    casebook = after([booked(), another(), linked(), birth(baby()), accused(), gone])

    assert children_told_of(casebook, accused()) == {BELLA}


def test_a_father_who_cannot_be_is_mashs_to_put_right_whichever_comes_last() -> None:
    boy = arriving(registration(FRED, at=NOW, date_of_birth="2020-01-01"))
    born = arriving(registration(BELLA, at=NOW, date_of_birth="2026-03-08"))
    problem = RegisterProblem(FRED, ProblemKind.PARENT_TOO_YOUNG, "date_of_birth", BELLA)

    for events in ([linked(), boy, born, birth(baby())], [birth(baby()), boy, born, linked()]):
        reasons = [told["reason"] for told in contents_of_register(after(events))]
        assert reasons == [problem.kind.value]


def test_a_baby_without_a_number_is_nobodys_to_be_linked_to() -> None:
    casebook = after([linked(), birth(baby(None)), accused()])

    assert children_told_of(casebook, accused()) == set()
    assert _read(casebook, FRED) == set()
