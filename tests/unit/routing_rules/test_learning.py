"""Routing with a register: what is learned, whom it affects, and what is decided again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from routing_rules.case import Case, Outcome
from routing_rules.casework import as_told
from routing_rules.explain import Casebook
from routing_rules.known import Attendance, Firing
from routing_rules.learning import learn, numbers_in, route_again, route_event
from routing_rules.register import Register
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import DutyState, Service
from tests.builders import (
    EMERGENCY,
    NOW,
    POLICE,
    a_person,
    an_event,
    at_home,
    attendance,
    police,
    staffordshire,
)
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.register_events import (
    ASHA,
    BELLA,
    booking,
    link,
    registration,
)

LATER = NOW + timedelta(hours=2)
VICTIM = a_person(nhs_number=ASHA, nhs_number_status="verified", **at_home())
KID = a_person(
    "patient",
    nhs_number=BELLA,
    nhs_number_status="verified",
    date_of_birth="2019-03-03",
    school={"urn": "900006", "type": "state"},
    **at_home(),
)


def came(day: int, **known: Any) -> Event:
    """A child's attendance so many days before now."""
    at = NOW - timedelta(days=day)
    times = {
        "arrived_at": (at - timedelta(hours=3)).isoformat(),
        "departed_at": (at - timedelta(hours=1)).isoformat(),
    }
    data = attendance(KID, attendance_id=f"A{day}", **times, **known)
    return an_event(EMERGENCY, data, event_id=f"a{day}", time=at)


def case_of(event: Event) -> Case:
    return Case(occurrence_id(occurrence_key(event)))


def test_everybodys_number_is_in_an_event_and_no_others() -> None:
    data = an_event(POLICE, police(VICTIM, a_person("other_adult"))).data

    assert numbers_in(data) == {ASHA}  # type: ignore[arg-type]


def test_what_is_learned_counts_for_as_long_as_the_rulebook_looks_back() -> None:
    register = Register()

    learned = learn(arriving(booking()), register, staffordshire(), NOW)
    again = learn(arriving(link(ASHA, ASHA)), register, staffordshire(), NOW)

    since = NOW - timedelta(days=90)
    assert dict(learned.affected) == {ASHA: since, "pregnancy|rje-maternity|MAT-1": since}
    assert len(learned.rows) == 1
    assert (again.rows, dict(again.affected), len(again.problems)) == ((), {}, 1)


def test_an_attendance_is_counted_with_itself_and_affects_those_after_it() -> None:
    register, event = Register(), came(3)

    _, outcome, learned = route_event(case_of(event), event, register, staffordshire(), LATER)

    (row,) = learned.rows
    assert isinstance(row, Attendance)
    assert dict(learned.affected) == {BELLA: outcome.occurred_at}


def test_an_arrival_that_is_corrected_affects_those_in_between() -> None:
    register, event = Register(), came(20)
    case, first, _ = route_event(case_of(event), event, register, staffordshire(), LATER)
    later = (NOW - timedelta(days=5)).isoformat()
    data = attendance(KID, attendance_id="A20", status="updated", arrived_at=later)
    corrected = an_event(EMERGENCY, data, event_id="a20-corrected", time=LATER)

    _, outcome, learned = route_event(case, corrected, register, staffordshire(), LATER)

    assert outcome.occurred_at > first.occurred_at
    assert dict(learned.affected) == {BELLA: first.occurred_at}


def test_what_is_no_attendance_tells_the_register_nothing() -> None:
    event = an_event(POLICE, police(VICTIM))

    _, _, learned = route_event(case_of(event), event, Register(), staffordshire(), LATER)

    assert (learned.rows, learned.no_longer, dict(learned.affected)) == ((), (), {})


def test_a_rule_that_fires_once_in_a_while_is_noted_and_put_away_when_it_did_not() -> None:
    register = Register()
    for day in (40, 30, 20):
        event = came(day)
        route_event(case_of(event), event, register, staffordshire(), LATER)
    fourth = came(1)
    cancelled = an_event(
        EMERGENCY,
        attendance(KID, attendance_id="A1", status="cancelled"),
        event_id="a1-cancelled",
        time=LATER,
    )

    case, _, fired = route_event(case_of(fourth), fourth, register, staffordshire(), LATER)
    _, _, put_away = route_event(case, cancelled, register, staffordshire(), LATER)

    noted = {row.rule for row in fired.rows if isinstance(row, Firing)}
    assert noted == {"ed-frequent-child", "ed-frequent-child-school-nurse"}
    assert {firing.rule for firing in put_away.no_longer} == noted
    assert register.firings_in(case.occurrence_id) == ()


def test_a_rule_that_comes_to_fire_concerns_those_after_it_in_whatever_order_they_are_decided() -> (
    None
):
    register = Register()
    cases = {day: decided_on(day, register) for day in (30, 20, 1, 10, 40)}

    fifth = route_again(cases[1], register, staffordshire(), LATER, is_late=True)
    fourth = route_again(cases[10], register, staffordshire(), LATER, is_late=True)
    again = route_again(fifth[0], register, staffordshire(), LATER, is_late=True)

    assert frequent(fifth[1])
    assert frequent(fourth[1])
    assert fourth[2].affected == {BELLA: fourth[1].occurred_at}
    assert not frequent(again[1])
    assert again[2].affected == {BELLA: again[1].occurred_at}


def test_a_crossing_that_turns_out_confidential_is_crossed_again_by_the_next() -> None:
    casebook = Casebook(staffordshire())
    for day in (40, 30, 20, 10, 1):
        casebook.receive(came(day), came(day).time)
    private = came(10, status="updated", concerns=["sexual_health"])

    casebook.receive(replace(private, id="a10-private", time=LATER), LATER)

    fifth = casebook.cases[case_of(came(1)).occurrence_id]
    told = {d.service for d in fifth.duties if d.state is not DutyState.WITHDRAWN}
    assert {Service.SAFEGUARDING, Service.PAEDIATRIC_LIAISON} <= told


def decided_on(day: int, register: Register) -> Case:
    return route_event(case_of(came(day)), came(day), register, staffordshire(), LATER)[0]


def frequent(outcome: Outcome) -> bool:
    return any(firing.rule == "ed-frequent-child" for firing in outcome.firings)


def test_deciding_again_with_nothing_new_changes_nothing() -> None:
    register, event = Register(), came(3)
    case, _, _ = route_event(case_of(event), event, register, staffordshire(), LATER)

    after, outcome, learned = route_again(case, register, staffordshire(), LATER, is_late=False)

    assert (after, outcome.changes, learned.rows) == (case, (), ())


def test_what_is_for_the_register_is_never_routed() -> None:
    with pytest.raises(TypeError, match="never routed"):
        as_told(Case(UUID(int=1), (arriving(registration()),)))
