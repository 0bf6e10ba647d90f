"""The life of a pregnancy: what a birth, an end and a death do to what was told of it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.pregnancy_endings import LET_IT_REST
from schemas.events import Event
from tests.builders import NOW
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.pregnancies import (
    BELLA,
    CARL,
    LATER,
    MOTHER,
    after,
    baby,
    birth,
    booked,
    death_of_the_mother,
    ended,
    incident,
    missed,
    standing,
    withdrawals,
)
from tests.unit.routing_rules.register_events import booking

LOSSES = ["miscarriage", "termination", "ectopic", "stillbirth", "unknown"]
PRACTICE = "gp-Y90004"


EARLY = incident(1, at=NOW - timedelta(days=200))
"""Early in a pregnancy that nears its end."""


def booked_early() -> Event:
    told = {"publisher": "made"}
    at = NOW - timedelta(days=210)
    return arriving(booking(at=at, event=told, expected_due_date="2026-03-30"))


def in_any_order(*events: Event) -> st.SearchStrategy[Sequence[Event]]:
    return st.permutations(events)


@given(in_any_order(booked(), incident(1), ended()))
@settings(max_examples=6, deadline=None)
def test_a_loss_leaves_the_mothers_own_duties_in_any_order(events: Sequence[Event]) -> None:
    casebook = after(events)

    told = standing(casebook, incident(1))
    assert {ref for ref, _ in told} == {"victim"}
    assert not any("midwifery" in to or "health-visiting" in to for _, to in told)
    assert any("gp" in to for _, to in told)


@pytest.mark.parametrize("outcome", LOSSES)
def test_whoever_was_told_of_the_pregnancy_is_asked_to_let_it_rest(outcome: str) -> None:
    casebook = after([booked(), incident(1), ended(outcome)])

    notices = withdrawals(casebook, incident(1))
    assert {notice["because"] for notice in notices} == {LET_IT_REST}
    assert {notice["about"]["ref"] for notice in notices} == {"victim", "unborn1"}
    assert not any(outcome in repr(notice) for notice in notices)


def test_what_was_told_early_in_a_long_pregnancy_is_let_rest_too() -> None:
    casebook = after([booked_early(), EARLY, ended("stillbirth")])

    assert {notice["because"] for notice in withdrawals(casebook, EARLY)} == {LET_IT_REST}


def test_a_death_of_the_mother_is_heeded_as_long_as_a_pregnancy_lasts() -> None:
    casebook = after([booked_early(), EARLY, death_of_the_mother()])

    assert {notice["because"] for notice in withdrawals(casebook, EARLY)} == {LET_IT_REST}


def test_an_end_that_was_told_by_mistake_is_taken_back() -> None:
    before = after([booked(), incident(1)])
    mistake = ended(event_id="mistake", status="entered_in_error", time=LATER + timedelta(hours=1))

    casebook = after([booked(), incident(1), ended(), mistake])

    assert standing(casebook, incident(1)) == standing(before, incident(1))


@given(in_any_order(booked(), incident(1, 2), birth(baby(), baby(CARL, 2, "stillborn"))))
@settings(max_examples=6, deadline=None)
def test_of_twins_only_the_one_who_was_lost_is_not_told_about(events: Sequence[Event]) -> None:
    casebook = after(events)

    told = standing(casebook, incident(1, 2))
    assert {ref for ref, _ in told} == {"victim", "unborn1"}
    assert any("midwifery" in to for ref, to in told if ref == "victim")
    twins = birth(baby(), baby(CARL, 2, "stillborn"))
    assert "baby2" not in {ref for ref, _ in standing(casebook, twins)}


@given(in_any_order(booked(), incident(1), birth(baby())))
@settings(max_examples=6, deadline=None)
def test_open_duties_pass_to_the_baby_who_is_called_by_its_number(
    events: Sequence[Event],
) -> None:
    before = standing(after([booked(), incident(1)]), incident(1))

    casebook = after(events)

    assert standing(casebook, incident(1)) == before
    about = [t["about"] for t in casebook.owed_for(incident(1)) if t["about"]["ref"] == "unborn1"]  # type: ignore[index,call-overload]
    assert {each["nhs_number"] for each in about} == {BELLA}  # type: ignore[index,call-overload]
    assert {each["role"] for each in about} == {"unborn"}  # type: ignore[index,call-overload]


@pytest.mark.parametrize("outcome", ["stillborn", "died"])
@given(st.data())
@settings(max_examples=6, deadline=None)
def test_a_baby_who_was_lost_is_never_told_about(outcome: str, data: st.DataObject) -> None:
    lost = birth(baby(outcome=outcome))
    later = incident(reference="STF/2", at=LATER + timedelta(days=10), pregnant="unknown")
    casebook = after(data.draw(in_any_order(booked(), incident(1), lost, later)))

    for event in (incident(1), lost, later):
        assert {ref for ref, _ in standing(casebook, event)} <= {"victim", "mother"}


def test_a_baby_is_a_child_of_the_mother_from_birth_on_and_not_before() -> None:
    later = incident(reference="STF/2", at=LATER + timedelta(days=10), pregnant="no")
    casebook = after([booked(), incident(1), birth(baby()), later])

    assert {ref for ref, _ in standing(casebook, incident(1))} == {"victim", "unborn1"}
    refs = {ref for ref, _ in standing(casebook, later)}
    assert len([ref for ref in refs if ref.startswith("child-")]) == 1


@given(in_any_order(booked(), incident(1), death_of_the_mother()))
@settings(max_examples=6, deadline=None)
def test_a_mother_who_died_pregnant_leaves_nobody_waiting_for_the_birth(
    events: Sequence[Event],
) -> None:
    casebook = after(events)

    assert {ref for ref, _ in standing(casebook, incident(1))} <= {"victim", ""}


@given(in_any_order(booked(), incident(1), death_of_the_mother(), birth(baby())))
@settings(max_examples=12, deadline=None)
def test_a_baby_who_outlives_the_mother_is_told_about(events: Sequence[Event]) -> None:
    casebook = after(events)

    assert "unborn1" in {ref for ref, _ in standing(casebook, incident(1))}


@given(in_any_order(booked(), birth(baby()), ended("neonatal_death")))
@settings(max_examples=6, deadline=None)
def test_the_only_baby_is_the_one_who_died(events: Sequence[Event]) -> None:
    casebook = after(events)

    assert "baby1" not in {ref for ref, _ in standing(casebook, birth(baby()))}


def test_an_end_that_names_nobody_is_about_the_mother_whom_the_register_knows() -> None:
    for events in ([booked(), ended()], [ended(), booked()]):
        casebook = after(events)
        case = next(c for c in casebook.cases.values() if c.events[0].id == "ended")
        assert "nhs:" + str(MOTHER["nhs_number"]) in (case.person_keys or {}).values()


@pytest.mark.parametrize(("born", "is_she"), [("1996-04-11", True), ("1990-01-01", False)])
def test_an_end_that_gives_no_number_is_of_her_who_is_booked_if_she_may_be_the_same(
    born: str, is_she: bool
) -> None:
    """She is not registered: nobody but her booking says who she is."""
    nameless = {name: value for name, value in MOTHER.items() if not name.startswith("nhs_")}
    mother = {**nameless, "ref": "mother", "role": "patient", "date_of_birth": born}
    hers = {"date_of_birth": "1996-04-11"}
    told = {"publisher": "made"}
    known = arriving(booking(at=NOW - timedelta(days=60), event=told, mother=hers))

    casebook = after([known, incident(1), ended(mother=mother)])

    because = {notice["because"] for notice in withdrawals(casebook, incident(1))}
    assert because == ({LET_IT_REST} if is_she else set())


def test_a_missed_antenatal_appointment_is_let_rest_as_a_whole() -> None:
    event = missed()

    assert standing(after([booked(), event]), event)
    casebook = after([booked(), event, ended()])

    assert standing(casebook, event) == set()
    assert {n["because"] for n in withdrawals(casebook, event)} == {LET_IT_REST}


def test_what_is_said_of_a_pregnancy_shortly_after_its_loss_is_not_believed() -> None:
    later = incident(1, reference="STF/2", at=LATER + timedelta(days=10))

    told = standing(after([booked(), ended(), later]), later)

    assert {ref for ref, _ in told} == {"victim"}


def test_an_end_of_another_pregnancy_changes_nothing() -> None:
    before = standing(after([booked(), incident(1)]), incident(1))
    other = ended(
        pregnancy_id="MAT-0",
        mother={**MOTHER, "ref": "m", "role": "patient", "pregnancy_id": "MAT-0"},
    )

    assert standing(after([booked(), incident(1), other]), incident(1)) == before


def test_an_end_by_birth_is_no_loss() -> None:
    before = standing(after([booked(), incident(1)]), incident(1))

    assert standing(after([booked(), incident(1), ended("birth")]), incident(1)) == before


def test_the_unborn_child_of_the_accused_is_let_rest_too() -> None:
    accused = incident(role="alleged_perpetrator", ref="accused")
    assert {ref for ref, _ in standing(after([booked(), accused]), accused)} == {"accused/unborn"}

    casebook = after([booked(), accused, ended()])

    assert standing(casebook, accused) == set()
    assert {n["because"] for n in withdrawals(casebook, accused)} == {LET_IT_REST}
