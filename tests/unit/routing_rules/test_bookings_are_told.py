"""A booking is kept in the register and told: P24 (report, para 1.5, 1.18, 1.20)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.case import Case
from routing_rules.casework import decide
from routing_rules.explain import Casebook
from routing_rules.pregnancy_endings import LET_IT_REST
from routing_rules.register_exceptions import owe_register_problem
from routing_rules.register_problems import ProblemKind, RegisterProblem
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import DutyState, EventType, Service
from tests.builders import NOW, a_person, an_event, at_home, staffordshire
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.pregnancies import LATER, ended, standing, withdrawals
from tests.unit.routing_rules.register_events import ASHA, registration

HEALTH_VISITOR, PRACTICE = "R1E:health-visiting:E07000193", "Y90004:gp"
MOTHER = a_person(
    "patient",
    ref="mother",
    nhs_number=ASHA,
    nhs_number_status="verified",
    date_of_birth="1996-04-11",
    sex="female",
    **at_home(practice="Y90004"),
)


def booked(event_id: str = "booked", *, at: int = 0, **told: Any) -> Event:
    """A booking, published so many hours later than the first."""
    mother = {**MOTHER, **told.pop("mother", {})}
    data = {
        "pregnancy_id": "MAT-1",
        "provider": "RJE",
        "booked_at": (NOW - timedelta(days=1)).isoformat(),
        "expected_due_date": "2026-09-20",
        "mother": {name: value for name, value in mother.items() if value is not None},
        **told,
    }
    time = NOW + timedelta(hours=at)
    return an_event(EventType.MATERNITY_BOOKING, data, event_id=event_id, time=time)


def after(*events: Event) -> Casebook:
    casebook = Casebook(staffordshire())
    for event in events:
        casebook.receive(event, max(event.time, LATER))
    return casebook


def test_the_health_visitor_and_the_practice_hear_of_a_booking() -> None:
    casebook = after(booked())

    told = {duty["recipient"]: duty for duty in casebook.owed_for(booked())}
    assert told.keys() == {HEALTH_VISITOR, PRACTICE}
    content = told[HEALTH_VISITOR]["content"]
    assert isinstance(content, dict)
    assert (content["provider"], content["expected_due_date"]) == ("RJE", "2026-09-20")
    assert told[PRACTICE]["handling"] == ["hide_from_online_access"]


def test_the_register_knows_it_as_well() -> None:
    casebook = after(booked())

    assert casebook.register.mother_of("made", "MAT-1") == ASHA


def test_another_provider_is_told_as_an_update_and_owed_once() -> None:
    casebook = after(booked(), booked("moved", at=1, provider="RJF", status="updated"))

    told = casebook.owed_for(booked())
    assert len(told) == 2
    assert {duty["content"]["provider"] for duty in told} == {"RJF"}  # type: ignore[index,call-overload]


def test_the_same_booking_again_owes_nothing_more() -> None:
    casebook = after(booked(), booked("again", at=1))

    (case,) = casebook.cases.values()
    assert {duty.revision for duty in case.duties} == {1}


def test_a_cancelled_booking_is_withdrawn() -> None:
    casebook = after(booked(), booked("gone", at=1, status="entered_in_error"))

    assert standing(casebook, booked()) == set()
    assert casebook.register.known_about([ASHA]).bookings


@given(st.permutations([booked(), ended()]))
@settings(max_examples=6, deadline=None)
def test_after_a_loss_nobody_goes_on_with_a_booking(events: Sequence[Event]) -> None:
    casebook = after(*events)

    assert standing(casebook, booked()) == set()
    assert {notice["because"] for notice in withdrawals(casebook, booked())} <= {LET_IT_REST}


@given(st.permutations([booked(mother={"nhs_number": None}), ended(mother=MOTHER)]))
@settings(max_examples=6, deadline=None)
def test_the_loss_of_a_pregnancy_ends_a_booking_that_gives_no_number(
    events: Sequence[Event],
) -> None:
    casebook = after(*events)

    assert {who for who, _ in standing(casebook, booked())} <= {""}  # MASH's, to put it right
    assert {notice["because"] for notice in withdrawals(casebook, booked())} <= {LET_IT_REST}


def test_the_loss_of_another_pregnancy_leaves_a_booking_without_a_number_alone() -> None:
    nobody = booked(mother={"nhs_number": None})

    casebook = after(nobody, ended(mother=MOTHER, pregnancy_id="MAT-2"))

    assert {recipient for _, recipient in standing(casebook, nobody)} >= {HEALTH_VISITOR, PRACTICE}


def test_whoever_was_told_of_a_booking_is_asked_to_let_it_rest() -> None:
    casebook = after(booked(), ended())

    assert len(withdrawals(casebook, booked())) == 2


def test_a_practice_that_is_learned_later_is_told_late() -> None:
    unknown = booked(mother={"gp_practice": None})
    learned = arriving(registration(at=NOW - timedelta(days=9), gp_practice="Y90004"), time=LATER)

    casebook = after(unknown, learned)

    told = {duty["recipient"] for duty in casebook.owed_for(unknown)}
    assert told == {HEALTH_VISITOR, PRACTICE}


@given(
    st.permutations(
        [
            booked(mother={"gp_practice": None}),
            booked("moved", at=2, provider="RJF", mother={"gp_practice": None}),
            arriving(registration(at=NOW - timedelta(days=9), gp_practice="Y90016"), time=NOW),
        ]
    )
)
@settings(max_examples=6, deadline=None)
def test_the_order_in_which_it_comes_in_does_not_matter(events: Sequence[Event]) -> None:
    casebook = after(*events)

    told = {(d["recipient"], d["content"]["provider"]) for d in casebook.owed_for(booked())}  # type: ignore[index,call-overload]
    assert told == {(HEALTH_VISITOR, "RJF"), ("Y90016:gp", "RJF")}


def test_a_booking_that_cannot_be_registered_is_told_all_the_same_and_mash_puts_it_right() -> None:
    nobody = booked(mother={"nhs_number": None, "nhs_number_status": None})

    casebook = after(nobody, arriving(registration(at=LATER)))

    told = [(duty["service"], duty["instead_of"]) for duty in casebook.owed_for(nobody)]
    assert ("health-visiting", None) in told
    assert ("mash", None) in told


@pytest.mark.parametrize(
    ("on", "recipient"),
    [(date(2016, 5, 5), "R1E:health-visiting:family-nurse"), (date(2026, 5, 5), HEALTH_VISITOR)],
)
def test_family_nurses_are_found_where_and_while_there_are_any(on: date, recipient: str) -> None:
    directory = staffordshire().directory

    team = directory.first_visitors(Service.HEALTH_VISITING, "E07000193", on)

    assert getattr(team, "recipient", None) == recipient


def test_no_decision_takes_away_what_mash_owes_the_register() -> None:
    problem = RegisterProblem(ASHA, ProblemKind.NO_NHS_NUMBER, "mother.nhs_number")
    key = occurrence_id(occurrence_key(booked()))
    (owed,) = owe_register_problem(key, problem, booked(), staffordshire(), NOW)
    case, _ = decide(Case(key, duties=(owed.held,)), booked(), staffordshire(), NOW)

    gone = booked("gone", at=1, status="entered_in_error")
    after_it, outcome = decide(case, gone, staffordshire(), LATER)

    assert owed.held in after_it.duties
    assert owed.held.duty_id not in {change.held.duty_id for change in outcome.changes}
    assert {d.state for d in after_it.duties if d != owed.held} == {DutyState.WITHDRAWN}
