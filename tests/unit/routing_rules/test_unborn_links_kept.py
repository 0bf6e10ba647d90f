"""What the register keeps of links to unborn children: the same, in whatever order it is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.known import Known, Link
from routing_rules.register import Applied, Register
from routing_rules.register_family import children_of
from routing_rules.register_storage import row_from, stored_row
from schemas.events import Event
from schemas.maternity import Birth, PregnancyEnded
from tests.builders import nhs_number
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.pregnancies import LATER, baby, birth, booked, ended
from tests.unit.routing_rules.register_events import (
    ASHA,
    BELLA,
    CARL,
    DORA,
    booking,
    days,
    link,
    registration,
)
from tests.unit.routing_rules.test_identities import change

FRED = nhs_number(5)
PEOPLE = (ASHA, BELLA, CARL, DORA, FRED)
Told = Event | tuple[str, Event]

links = st.builds(
    lambda from_, to, is_, at, status, ended_at: arriving(
        link(from_, to, is_, at=at, status=status, ended_at=ended_at)
    ),
    st.sampled_from([FRED, DORA, ASHA]),
    st.sampled_from(["MAT-1", "MAT-1", BELLA]),
    st.sampled_from(["parent", "parent", "child", "carer"]),
    st.sampled_from([days(-40), days(-20)]),
    st.sampled_from(["new", "new", "updated", "entered_in_error"]),
    st.sampled_from([None, days(9).isoformat()]),
)
bookings = st.builds(
    lambda mother, publisher, status: arriving(
        booking(mother, event={"publisher": publisher}, status=status)
    ),
    st.sampled_from([ASHA, DORA, None]),
    st.sampled_from(["made", "other"]),
    st.sampled_from(["new", "entered_in_error"]),
)
identities = st.builds(
    lambda pair, reason, when: arriving(change(pair[0], pair[1], reason, days=when)),
    st.sampled_from([(FRED, DORA), (BELLA, CARL), (ASHA, DORA)]),
    st.sampled_from(["merged", "unmerged", "protected"]),
    st.integers(0, 3),
)
endings = st.one_of(
    st.builds(
        lambda babies, status: birth(*babies, status=status),
        st.sampled_from(
            [
                (baby(),),
                (baby(CARL),),
                (baby(), baby(CARL, 2)),
                (baby(), baby(CARL, 2, "stillborn")),
                (baby(outcome="died"),),
                (baby(None),),
            ]
        ),
        st.sampled_from(["new", "new", "cancelled"]),
    ),
    st.sampled_from([ended(), ended("neonatal_death")]),
)
told = st.tuples(
    st.lists(links | bookings | identities, max_size=6),
    st.lists(st.tuples(st.sampled_from(["made", "other"]), endings), max_size=2),
)


@st.composite
def streams(draw: st.DrawFn) -> tuple[Sequence[Told], Sequence[Told]]:
    """What is told, and the same in another order; each ending once, as it now stands."""
    events, over = draw(told)
    once = {(publisher, event.type): (publisher, event) for publisher, event in over}
    everything: list[Told] = [*events, *once.values()]
    return everything, draw(st.permutations(everything))


def take(register: Register, one: Told) -> Applied:
    if isinstance(one, Event):
        return register.apply(one)
    publisher, event = one
    assert isinstance(event.data, Birth | PregnancyEnded)
    occurrence = uuid5(UUID(int=0), f"{publisher}/{event.type}")
    return register.pregnancy_over(occurrence, event.data, publisher=publisher, ended_at=LATER)


def filled(events: Sequence[Told]) -> Register:
    register = Register()
    for one in events:
        take(register, one)
    return register


def links_of(register: Register, number: str) -> set[Link]:
    known = register.known_about([number])
    return {row for rows in known.links.values() for row in rows if len(row.ends) == 2}


def children(register: Register, number: str) -> list[str]:
    def at(known: Known, when: datetime) -> list[str]:
        return [child.nhs_number for child in children_of(known, number, when)]

    return at(register.known_about([number]), days(4))


@given(streams())
@settings(max_examples=150, deadline=None)
def test_what_is_known_does_not_depend_on_the_order(
    both: tuple[Sequence[Told], Sequence[Told]],
) -> None:
    first, second = map(filled, both)

    for number in PEOPLE:
        assert first.known_about([number]) == second.known_about([number])
    assert first.known_about(PEOPLE) == second.known_about(PEOPLE)


@given(streams())
@settings(max_examples=100, deadline=None)
def test_rows_that_were_stored_make_the_same_register(
    both: tuple[Sequence[Told], Sequence[Told]],
) -> None:
    register = Register()
    rows = [stored_row(row) for one in both[0] for row in take(register, one).rows]

    again = Register()
    again.add(row_from(row.kind, row.content) for row in rows)

    assert again.known_about(PEOPLE) == register.known_about(PEOPLE)


@given(streams())
@settings(max_examples=150, deadline=None)
def test_whoever_has_other_links_or_children_by_what_is_told_is_affected(
    both: tuple[Sequence[Told], Sequence[Told]],
) -> None:
    register = Register()
    for one in both[0]:
        before = {each: (links_of(register, each), children(register, each)) for each in PEOPLE}
        applied = take(register, one)
        after = {each: (links_of(register, each), children(register, each)) for each in PEOPLE}
        changed = {each for each in PEOPLE if before[each] != after[each]}
        assert changed <= applied.affected


@pytest.mark.parametrize(
    "told_last",
    [link(FRED, "MAT-1"), registration(FRED), registration(BELLA)],
    ids=["link", "father", "baby"],
)
def test_father_and_baby_are_affected_by_what_is_learned_of_either(told_last: Any) -> None:
    register = filled([booked(), ("made", birth(baby())), arriving(link(FRED, "MAT-1"))])

    assert {FRED, BELLA} <= register.apply(told_last).affected


def test_a_booking_that_changes_nothing_of_a_link_affects_its_mother_alone() -> None:
    register = filled([arriving(link(FRED, "MAT-1"))])

    assert register.apply(booked()).affected == {ASHA}
    assert register.apply(link(FRED, "MAT-1", at=days(-3))).affected == {FRED}
