import json
from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.known import Firing, Known, known_from_json
from routing_rules.register import Applied, Register
from routing_rules.register_bookings import active_booking
from routing_rules.register_checks import problems_of
from routing_rules.register_family import children_of
from routing_rules.register_people import person_as_at
from routing_rules.register_problems import ProblemKind, RegisterProblem
from schemas.values import EventType
from tests.builders import a_person, data_of, police
from tests.unit.routing_rules.register_events import (
    ASHA,
    AT,
    BELLA,
    CARL,
    DORA,
    ToldEvent,
    booking,
    days,
    known_from,
    link,
    registration,
    told,
)
from tests.unit.routing_rules.test_register_bookings import AFTER
from tests.unit.routing_rules.test_register_history import attended

numbers = st.sampled_from([ASHA, BELLA, CARL])
times = st.sampled_from([days(-40), days(-20), days(5)])
published = st.fixed_dictionaries(
    {
        "at": st.sampled_from([days(-40), days(-10), days(6)]),
        "publisher": st.sampled_from(["one", "two"]),
        "sequence": st.sampled_from([None, "1", "2"]),
    }
)
statuses = st.sampled_from(["new", "new", "updated", "entered_in_error"])
born = st.sampled_from([None, "1985-01-01", "1990-01-01", "2015-04-11"])


@st.composite
def registrations(draw: st.DrawFn) -> ToldEvent:
    given_ = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "date_of_birth": born,
                "gp_practice": st.sampled_from([None, "Y90001", "Y90002"]),
                "address_restricted": st.sampled_from([None, True, False]),
                "nhs_number_status": st.sampled_from(["verified", "unverified"]),
            },
        )
    )
    flag = {"kind": "child_protection", "state": draw(st.sampled_from(["active", "ended"]))}
    record = {"status": draw(statuses), "flags": draw(st.sampled_from([[], [flag]]))}
    number, at, event = draw(numbers), draw(times), draw(published)
    return registration(number, at=at, event=event, record=record, **given_)


@st.composite
def links(draw: st.DrawFn) -> ToldEvent:
    relation = draw(st.sampled_from(["parent", "child", "carer", "unknown"]))
    ended = draw(st.sampled_from([None, days(-1).isoformat()]))
    return link(
        draw(numbers),
        draw(numbers | st.just("MAT-1")),
        relation,
        at=draw(times),
        event=draw(published),
        status=draw(statuses),
        ended_at=ended,
    )


@st.composite
def bookings(draw: st.DrawFn) -> ToldEvent:
    number = draw(numbers | st.none())
    verified = draw(st.sampled_from(["verified", "unverified"])) if number else "absent"
    return booking(
        number,
        at=draw(times),
        event=draw(published),
        status=draw(statuses),
        pregnancy_id=draw(st.sampled_from([None, "MAT-1", "MAT-2"])),
        provider=draw(st.sampled_from([None, "RJE", "RJF"])),
        expected_due_date=draw(st.sampled_from([None, "2026-08-20", "2029-08-20"])),
        mother={"date_of_birth": draw(born), "nhs_number_status": verified},
    )


streams = st.lists(registrations() | links() | bookings(), max_size=8)


def meaning(known: Known) -> list[object]:
    """All that the readers make of it."""
    return [
        (
            person_as_at(known, number, AT),
            children_of(known, number, AT),
            active_booking(known, number, AT, after_due_date=AFTER),
            problems_of(known, [number]),
        )
        for number in (ASHA, BELLA, CARL)
    ]


@given(streams.flatmap(lambda events: st.tuples(st.just(events), st.permutations(events * 2))))
def test_out_of_order_repeated_and_corrected_events_end_in_the_same_state(
    streams: tuple[Sequence[ToldEvent], Sequence[ToldEvent]],
) -> None:
    in_order, shuffled = (known_from(*events) for events in streams)
    assert in_order == shuffled
    assert meaning(in_order) == meaning(shuffled)


@given(streams)
def test_rows_that_were_stored_make_the_same_register(events: Sequence[ToldEvent]) -> None:
    register = Register()
    stored = [row for event in events for row in register.apply(event).rows]
    stored += register.attended(UUID(int=1), attended(), AT).rows
    stored.append(Firing("frequent", ASHA, AT, UUID(int=1)))
    register.fired([Firing("frequent", ASHA, AT, UUID(int=1))])
    again = Register()
    again.add(reversed(stored))
    people = [ASHA, BELLA, CARL]
    assert again.known_about(people) == register.known_about(people)


@given(streams, st.floats(-100, 0))
def test_what_is_known_reads_back_as_it_was_stored(
    events: Sequence[ToldEvent], away: float
) -> None:
    register = Register()
    for event in events:
        register.apply(event)
    register.attended(UUID(int=1), attended(), days(away))
    register.fired([Firing("frequent", ASHA, days(away), UUID(int=1))])
    known = register.known_about([ASHA, BELLA])
    assert known_from_json(json.loads(json.dumps(known.as_json()))) == known


def test_what_cannot_be_read_back_is_not_repeated_in_the_error() -> None:
    with pytest.raises(ValueError, match=r"^not what is known as it was stored$") as raised:
        known_from_json({"registrations": {ASHA: [{"nhs_number": 1}]}})
    assert raised.value.__suppress_context__


def test_nothing_is_known_at_first() -> None:
    assert Register().known_about([ASHA]) == Known.empty()
    assert known_from_json(Known.empty().as_json()) == Known.empty()


def test_only_children_are_known_about_beside_the_people_themselves() -> None:
    known = known_from(
        registration(ASHA),
        registration(BELLA),
        registration(CARL),
        registration(DORA),
        link(ASHA, BELLA),
        link(CARL, BELLA),
        link(ASHA, DORA, "partner"),
        about=[ASHA],
    )
    assert set(known.registrations) == {ASHA, BELLA}
    assert set(known.links) == {ASHA}


def test_an_event_is_kept_once_and_affects_the_family() -> None:
    register = Register()
    event = link(ASHA, BELLA)
    assert register.apply(event).affected == {ASHA, BELLA}
    assert register.apply(event) == Applied()
    child = registration(BELLA)
    assert register.apply(child).affected == {ASHA, BELLA}
    assert register.apply(child) == Applied()
    assert register.apply(link(BELLA, CARL, "sibling")).affected == {BELLA, CARL}
    assert register.apply(registration(BELLA)).affected == {ASHA, BELLA}
    pregnancy = booking(ASHA)
    assert register.apply(pregnancy).affected == {ASHA}
    assert register.apply(pregnancy) == Applied()
    assert register.apply(booking(CARL)).affected == {ASHA, CARL}
    assert register.apply(link(ASHA, "MAT-1")).affected == {ASHA}


def test_other_events_tell_the_register_nothing() -> None:
    data = data_of(EventType.POLICE_DOMESTIC_ABUSE, police(a_person(number=1)))
    assert Register().apply(told(data, AT)) == Applied()


def test_a_registration_of_nobody_is_reported() -> None:
    event = registration(event={"id": "r1"}, nhs_number=None, nhs_number_status="absent")
    about = "urn:fieldfare:source:registration|r1"
    problem = RegisterProblem(about, ProblemKind.NO_NHS_NUMBER, "person.nhs_number")
    assert Register().apply(event) == Applied(problems=(problem,))


def test_a_contradiction_is_reported_when_it_comes_up() -> None:
    register = Register()
    told_ = [
        register.apply(registration(gp_practice=practice, at=at)).problems
        for practice, at in (("Y90001", AT), ("Y90002", AT), ("Y90003", AT), ("Y90004", days(1)))
    ]
    problem = RegisterProblem(ASHA, ProblemKind.CONTRADICTORY, "gp_practice")
    assert told_ == [(), (problem,), (), ()]


def test_an_unverified_registration_is_reported() -> None:
    register = Register()
    event = registration(nhs_number_status="unverified", date_of_birth="2015-04-11")
    problem = RegisterProblem(ASHA, ProblemKind.UNVERIFIED, "person.nhs_number")
    assert register.apply(event).problems == (problem,)
    assert register.apply(registration(date_of_birth="2015-04-11")).problems == ()
    assert problems_of(register.known_about([ASHA]), [ASHA]) == frozenset()
