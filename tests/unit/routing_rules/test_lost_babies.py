"""Babies who died, and mothers who did: nobody expects a baby who is not there, or misses one."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.pregnancy_endings import LET_IT_REST
from schemas.events import Event
from schemas.values import EventType
from tests.builders import NOW, an_event
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.pregnancies import (
    BELLA,
    LATER,
    MOTHER,
    after,
    baby,
    birth,
    booked,
    death_of_the_mother,
    ended,
    incident,
    standing,
    withdrawals,
)
from tests.unit.routing_rules.register_events import booking, registration

HEALTH_VISITOR, PRACTICE = "R1E:health-visiting:E07000193", "Y90004:gp"


def of_unknown_outcome(number: str | None = None, order: int | None = 1) -> dict[str, Any]:
    """A baby as a transfer names it that does not say how it is."""
    told = {name: value for name, value in baby(number).items() if name != "outcome"}
    return {**told, "order": order}


def transfer(*babies: Mapping[str, Any], pregnancy_id: str | None = "MAT-1") -> Event:
    mother = {**MOTHER, "ref": "mother", "role": "patient", "pregnant": "no"}
    data = {
        "pregnancy_id": pregnancy_id,
        "transferred_on": "2026-03-10",
        "mother": {**mother, "pregnancy_id": pregnancy_id},
        "babies": [*babies],
    }
    time = LATER + timedelta(days=2)
    return an_event(EventType.MATERNITY_POSTNATAL_TRANSFER, data, event_id="transfer", time=time)


@pytest.mark.parametrize("pregnancy_id", ["MAT-1", None])
@pytest.mark.parametrize("number", [None, BELLA], ids=["no number", "by number"])
@pytest.mark.parametrize("order", [1, None])
@given(data=st.data())
@settings(max_examples=4, deadline=None)
def test_nobody_goes_to_see_a_baby_whose_transfer_does_not_say_that_it_was_stillborn(
    pregnancy_id: str | None, number: str | None, order: int | None, data: st.DataObject
) -> None:
    left = transfer(of_unknown_outcome(number, order), pregnancy_id=pregnancy_id)
    lost = birth(baby(number, outcome="stillborn"))
    events = data.draw(st.permutations([booked(), lost, left]))

    casebook = after(events)

    told = standing(casebook, left)
    assert not {ref for ref, _ in told if ref.startswith("baby")}
    assert not any(to == HEALTH_VISITOR for _, to in told)
    assert ("mother", PRACTICE) in told
    gone = [each for each in withdrawals(casebook, left) if each["service"] != "mash"]
    assert {notice["because"] for notice in gone} <= {LET_IT_REST}


def test_a_baby_who_died_after_its_transfer_is_let_rest() -> None:
    left = transfer({**of_unknown_outcome(), "outcome": "live"})

    casebook = after([booked(), birth(baby(None)), left, ended("neonatal_death")])

    assert ("baby1", HEALTH_VISITOR) not in standing(casebook, left)
    assert {LET_IT_REST} == {notice["because"] for notice in withdrawals(casebook, left)}


@pytest.mark.parametrize(
    ("told", "transferred"),
    [
        ([baby(None, 1, "stillborn"), baby(None, 2)], of_unknown_outcome(order=2)),
        ([baby(None, 1, "stillborn"), baby(None, 2)], of_unknown_outcome(order=None)),
        ([baby(None, 1, "stillborn"), baby(BELLA, 2)], of_unknown_outcome(BELLA)),
        ([baby(None, 1, "stillborn")], {**of_unknown_outcome(), "outcome": "live"}),
        ([baby(None, 1)], of_unknown_outcome()),
    ],
    ids=["the other twin", "one of twins", "by its number", "contradicted", "alive"],
)
def test_a_baby_who_may_live_is_told_about(
    told: Sequence[Mapping[str, Any]], transferred: Mapping[str, Any]
) -> None:
    left = transfer(transferred)

    casebook = after([booked(), birth(*told), left])

    assert {("baby1", HEALTH_VISITOR), ("baby1", PRACTICE)} <= standing(casebook, left)


def test_a_loss_of_long_before_is_not_the_one_of_this_transfer() -> None:
    left = transfer(of_unknown_outcome(), pregnancy_id="MAT-2")
    long_ago = birth(baby(None, 1, "stillborn"), pregnancy_id=None, born_on="2025-03-08")

    assert ("baby1", HEALTH_VISITOR) in standing(after([long_ago, left]), left)


def test_a_transfer_of_a_mother_without_a_number_is_told_as_it_is() -> None:
    mother = {"ref": "mother", "role": "patient"}
    data = {"pregnancy_id": "MAT-1", "mother": mother, "babies": [of_unknown_outcome()]}
    left = an_event(EventType.MATERNITY_POSTNATAL_TRANSFER, data, event_id="left", time=LATER)

    for known in ([], [birth(baby(None))]):
        assert "baby1" in {ref for ref, _ in standing(after([*known, left]), left)}


def test_a_mother_dies_whose_booking_does_not_say_when_it_is_due() -> None:
    told = booking(at=NOW - timedelta(days=60), event={"publisher": "made"}, expected_due_date=None)
    event = incident(1)

    casebook = after([arriving(told), event, death_of_the_mother()])

    assert {ref for ref, _ in standing(casebook, event)} == {"victim"}
    assert {notice["because"] for notice in withdrawals(casebook, event)} == {LET_IT_REST}


def test_a_mother_dies_long_after_such_a_booking_and_was_not_pregnant_any_more() -> None:
    told = booking(at=NOW - timedelta(days=290), event={"publisher": "made"})
    booked_then = told.data.model_copy(update={"expected_due_date": None})
    event = incident(1)
    long_after = arriving(
        registration(at=LATER, record={"deceased_on": (NOW + timedelta(days=30)).isoformat()[:10]})
    )

    casebook = after([_with(told, booked_then), event, long_after])

    assert "unborn1" in {ref for ref, _ in standing(casebook, event)}


def test_the_death_of_a_mother_does_not_silence_the_baby_whom_an_officer_calls_unborn() -> None:
    """Born on the eighth; on the thirteenth the police write that she is pregnant; she dies."""
    event = incident(1, at=LATER + timedelta(days=5), expected_due_date="2026-06-01")
    death = death_of_the_mother("2026-03-14")
    before = standing(after([booked(), birth(baby(None)), event]), event)

    casebook = after([booked(), birth(baby(None)), event, death])

    assert standing(casebook, event) == before
    assert ("unborn1", HEALTH_VISITOR) in before


def _with(told: Any, data: Any) -> Event:
    event = arriving(told)
    return Event(
        source=event.source,
        id=event.id,
        type=event.type,
        time=event.time,
        sequence=None,
        data=data,
        sha256=event.sha256,
    )


def missed_by_the_mother(role: str) -> Event:
    """A mother misses an appointment, and the sender names her baby."""
    child = {**baby(BELLA), "ref": "bella", "role": role}
    del child["outcome"], child["order"]
    data = {
        "setting": "substance_misuse",
        "missed": "did_not_attend",
        "appointment_on": "2026-03-12",
        "patient": {**MOTHER, "ref": "mother", "role": "patient", "pregnant": "no"},
        "people": [child],
    }
    time = LATER + timedelta(days=4)
    return an_event(EventType.NOT_BROUGHT, data, event_id="missed", time=time)


@pytest.mark.parametrize("role", ["dependant", "sibling", "child_resident_not_present"])
def test_nobody_is_told_of_a_baby_who_died_whatever_an_event_calls_it(role: str) -> None:
    missed = missed_by_the_mother(role)
    plan = [{"kind": "child_protection", "state": "active"}]
    planned = arriving(registration(BELLA, at=LATER, record={"flags": plan}))

    of_the_living = standing(after([birth(baby(BELLA)), planned, missed]), missed)
    of_the_lost = standing(after([birth(baby(BELLA, 1, "died")), planned, missed]), missed)

    assert "bella" in {ref for ref, _ in of_the_living}
    assert "bella" not in {ref for ref, _ in of_the_lost}
