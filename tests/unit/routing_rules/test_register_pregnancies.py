"""What the register makes of births and ends, and of the plans that babies bring with them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from routing_rules.known import Ending
from routing_rules.register import Register
from routing_rules.register_bookings import active_booking
from routing_rules.register_endings import ending_of
from routing_rules.register_family import children_of
from routing_rules.register_pregnancies import ended_after, endings_of
from routing_rules.register_storage import row_from, stored_row
from routing_rules.registered import register_adds
from routing_rules.unborn_plans import has_unborn_plan
from schemas.events import Event
from schemas.maternity import Birth, PregnancyEnded
from schemas.values import PersonStatus
from tests.builders import EMERGENCY, a_person, attendance, data_of, staffordshire
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.pregnancies import (
    ASHA,
    BELLA,
    CARL,
    LATER,
    MOTHER,
    NOW,
    after,
    baby,
    birth,
    booked,
    ended,
    incident,
    standing,
)
from tests.unit.routing_rules.register_events import booking, link, registration
from tests.unit.routing_rules.test_identities import change

AFTER = timedelta(days=42)
MUCH_LATER = LATER + timedelta(days=30)
PLAN = {"kind": "unborn_plan", "state": "active", "from": "2026-01-10", "authority": "E10000028"}


def with_these(*events: Event) -> Register:
    register = Register()
    for place, event in enumerate(events):
        if isinstance(event.data, Birth | PregnancyEnded):
            happened = datetime(2026, 3, 8, 12, tzinfo=UTC)
            register.pregnancy_over(
                UUID(int=place), event.data, publisher=event.publisher, ended_at=happened
            )
        else:
            register.apply(event)
    return register


@pytest.mark.parametrize("over", [birth(baby()), ended()], ids=["birth", "end"])
def test_a_booking_is_active_to_the_day_on_which_the_pregnancy_is_over(over: Event) -> None:
    known = with_these(booked(), over).known_about([ASHA])

    on_the_day = datetime(2026, 3, 8, 20, tzinfo=UTC)
    assert active_booking(known, ASHA, on_the_day, after_due_date=AFTER)
    assert active_booking(known, ASHA, on_the_day + timedelta(days=1), after_due_date=AFTER) is None


def test_a_birth_that_another_source_tells_ends_the_pregnancy_too() -> None:
    other = birth(baby(), pregnancy_id=None)
    known = with_these(booked("rje-maternity"), other).known_about([ASHA])

    assert active_booking(known, ASHA, MUCH_LATER, after_due_date=AFTER) is None


@pytest.mark.parametrize(
    ("booked_as", "born", "is_hers"),
    [
        ("verified", "1996-04-11", True),
        ("verified", "1990-01-01", False),
        ("unverified", "1996-04-11", False),
    ],
)
def test_an_unverified_number_of_a_birth_is_hers_if_her_booking_verified_it_and_her_birth_date(
    booked_as: str, born: str, is_hers: bool
) -> None:
    """She is not registered: her booking alone says who she is."""
    hers = {"nhs_number_status": booked_as, "date_of_birth": "1996-04-11"}
    known = arriving(booking(at=NOW, event={"publisher": "made"}, mother=hers))
    told = {"nhs_number": ASHA, "nhs_number_status": "unverified", "date_of_birth": born}
    mother = a_person("patient", ref="mother", **told)

    rows = with_these(known, birth(baby(), mother=mother)).known_about([ASHA])

    assert bool(endings_of(rows, ASHA)) is is_hers


@pytest.mark.parametrize(("born", "is_known"), [("2026-03-08", True), ("2026-03-09", False)])
def test_an_unverified_number_with_the_birth_date_that_its_birth_told_is_the_babys(
    born: str, is_known: bool
) -> None:
    """Nothing else is registered of it yet, and a plan may have been made for it."""
    known = with_these(booked(), birth(baby())).known_about([BELLA])
    told = {"nhs_number": BELLA, "nhs_number_status": "unverified", "date_of_birth": born}
    data = data_of(EMERGENCY, attendance(a_person("patient", ref="patient", **told)))
    settings = staffordshire().settings

    found = register_adds(data, known, settings, occurrence_id=UUID(int=1), at=MUCH_LATER)

    assert ("patient" in found.matched) is is_known


def plan(state: str, *, at: datetime, number: str = ASHA) -> Event:
    flags = [{**PLAN, "state": state}]
    return arriving(registration(number, at=at, record={"flags": flags}))


def test_a_baby_brings_the_plan_that_was_made_before_the_birth() -> None:
    planned = plan("active", at=NOW - timedelta(days=30))
    known = with_these(booked(), planned, birth(baby())).known_about([BELLA])

    assert has_unborn_plan(known, BELLA, MUCH_LATER)
    assert not has_unborn_plan(known, BELLA, NOW)
    assert not has_unborn_plan(known, ASHA, MUCH_LATER)


@pytest.mark.parametrize("number", [ASHA, BELLA])
def test_a_plan_that_has_ended_since_is_over_for_the_baby(number: str) -> None:
    planned = plan("active", at=NOW - timedelta(days=30))
    over = plan("ended", at=LATER + timedelta(days=5), number=number)
    known = with_these(booked(), planned, birth(baby()), over).known_about([BELLA])

    assert has_unborn_plan(known, BELLA, LATER + timedelta(days=1))
    assert not has_unborn_plan(known, BELLA, MUCH_LATER)


def test_a_plan_for_the_next_child_is_not_the_babys() -> None:
    planned = plan("active", at=LATER + timedelta(days=5))
    known = with_these(booked(), birth(baby()), planned).known_about([BELLA])

    assert not has_unborn_plan(known, BELLA, MUCH_LATER)


def test_a_link_says_more_than_a_birth() -> None:
    ended_at = (LATER + timedelta(days=9)).isoformat()
    adopted = arriving(link(ASHA, BELLA, at=LATER, ended_at=ended_at))
    known = with_these(booked(), birth(baby()), adopted).known_about([ASHA])

    assert [c.nhs_number for c in children_of(known, ASHA, LATER + timedelta(days=1))] == [BELLA]
    assert children_of(known, ASHA, MUCH_LATER) == ()


def test_a_baby_of_whom_nothing_is_registered_is_as_its_birth_tells() -> None:
    [child] = children_of(with_these(booked(), birth(baby())).known_about([ASHA]), ASHA, MUCH_LATER)

    assert child.registered
    assert str(child.registered.date_of_birth) == "2026-03-08"


def test_a_protected_mother_has_no_child_by_birth_and_a_baby_none() -> None:
    for number in (ASHA, BELLA):
        register = with_these(booked(), birth(baby()), protected(number))
        for about in (ASHA, BELLA):
            assert children_of(register.known_about([about]), about, MUCH_LATER) == ()
        known = register.known_about([BELLA])
        assert all(row.mother is None or BELLA not in row.numbers for row in rows_of(known.endings))


def protected(number: str) -> Event:
    return arriving(change(number, None, "protected"))


def rows_of(endings: object) -> list[Ending]:
    assert isinstance(endings, dict)
    return [row for rows in endings.values() for row in rows]


def test_what_is_told_again_or_taken_back_before_it_was_told_changes_nothing() -> None:
    register = with_these(booked(), ended())
    data = ended().data
    assert isinstance(data, PregnancyEnded)
    happened = datetime(2026, 3, 8, 12, tzinfo=UTC)
    again = register.pregnancy_over(UUID(int=1), data, publisher="made", ended_at=happened)
    gone = data.model_copy(update={"status": "cancelled"})
    never = register.pregnancy_over(UUID(int=9), gone, publisher="made", ended_at=happened)

    assert (again.rows, never.rows) == ((), ())
    assert register.mother_of("made", None) is None


def test_a_mother_entered_in_error_and_orders_that_clash_are_not_believed() -> None:
    told = birth(baby(order=1), {**baby(CARL, 1), "ref": "second"})
    data = told.data
    assert isinstance(data, Birth)
    mother = data.mother.model_copy(update={"status": PersonStatus.ENTERED_IN_ERROR})

    row = ending_of(UUID(int=1), "made", data.model_copy(update={"mother": mother}), LATER)

    assert row.mother is None
    assert [one.order for one in row.babies] == [1, 2]
    assert row_from("ending", stored_row(row).content) == row
    assert stored_row(row).labels == ("pregnancy|made|MAT-1", BELLA, CARL, "unborn|MAT-1")


def test_twins_without_an_order_are_not_guessed_at() -> None:
    known = with_these(booked(), birth(baby(), baby(CARL, 2, "stillborn"))).known_about([ASHA])

    ended_ = ended_after(known, ASHA, NOW)
    assert ended_
    assert ended_.baby(None) is None
    assert not ended_.has_lost(None)
    assert ended_.has_lost(2)
    assert not ended_.has_lost(3)


def test_a_baby_without_a_number_gives_the_unborn_child_its_name() -> None:
    casebook = after([booked(), incident(1), birth(baby(None))])

    [*about] = (t["about"] for t in casebook.owed_for(incident(1)) if "unborn1" in repr(t["about"]))
    assert about
    assert all("Baby1" in repr(each) for each in about)
    assert with_these(booked(), birth(baby(None))).known_about([ASHA]).endings


def test_of_a_child_whom_the_birth_does_not_mention_nothing_is_known() -> None:
    before = standing(after([booked(), incident(3)]), incident(3))

    assert standing(after([booked(), incident(3), birth(baby())]), incident(3)) == before


def test_a_mother_who_died_long_after_was_not_pregnant_any_more() -> None:
    death = arriving(registration(at=LATER, record={"deceased_on": "2026-11-30"}))
    before = standing(after([booked(), incident(1)]), incident(1))

    assert standing(after([booked(), incident(1), death]), incident(1)) == before
    assert MOTHER["nhs_number"] == ASHA
