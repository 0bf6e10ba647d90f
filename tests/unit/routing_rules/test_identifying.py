"""Who somebody in an occurrence is, once a named person has traced it."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from routing_rules.case import Case
from routing_rules.casework import decide
from routing_rules.dead_letters import owe_unread_receipt
from routing_rules.identifying import Identification, identified
from routing_rules.learning import route_event, route_identified
from routing_rules.register import Register
from schemas.values import NhsNumberStatus, Urgency
from tests.builders import (
    EMERGENCY,
    NOW,
    POLICE,
    a_person,
    an_event,
    at_home,
    attendance,
    data_of,
    nhs_number,
    police,
    staffordshire,
)

TRACED = Identification("victim", nhs_number(1), date(1996, 4, 11))
SOMEBODY = a_person("victim", sex="female", **at_home())
LATER = NOW + timedelta(hours=1)


def test_who_is_traced_has_a_number_and_a_date_of_birth() -> None:
    data = identified(data_of(POLICE, police(SOMEBODY, a_person("child_present"))), [TRACED])

    victim, child = data.people
    assert (victim.nhs_number, victim.nhs_number_status) == (nhs_number(1), NhsNumberStatus.TRACED)
    assert victim.date_of_birth == date(1996, 4, 11)
    assert child.nhs_number is None


def test_a_patient_can_be_traced_too() -> None:
    traced = replace(TRACED, ref="patient")
    data = identified(data_of(EMERGENCY, attendance(a_person("patient"))), [traced])

    assert data.patient.nhs_number == nhs_number(1)  # type: ignore[union-attr]


def test_a_number_that_the_publisher_checked_stands() -> None:
    data = identified(data_of(POLICE, police(a_person("victim", number=2))), [TRACED])

    assert data.people[0].nhs_number == nhs_number(2)


def test_the_last_telling_counts_and_nobody_else_is_changed() -> None:
    told = data_of(POLICE, police(SOMEBODY))

    assert identified(told, []) is told
    assert identified(told, [replace(TRACED, ref="p9")]).people == told.people
    again = identified(told, [TRACED, replace(TRACED, nhs_number=nhs_number(3))])
    assert again.people[0].nhs_number == nhs_number(3)


def test_the_key_that_somebody_had_stays() -> None:
    case, _ = decide(Case(UUID(int=7)), an_event(POLICE, police(SOMEBODY)), staffordshire(), NOW)
    known = replace(case, identified=(TRACED,))

    after, outcome, _ = route_identified(known, Register(), staffordshire(), LATER)

    assert after.person_keys == case.person_keys
    updates = {change.held.recipient: change for change in outcome.changes}
    assert {change.why for change in updates.values()} == {"learned later"}
    assert all(change.late for change in updates.values())
    told = updates["RJF:midwifery"] if "RJF:midwifery" in updates else outcome.changes[0]
    assert told.held.about is not None
    assert told.held.about["nhs_number"] == nhs_number(1)


def test_an_attendance_counts_for_who_was_traced() -> None:
    patient = a_person("patient", **at_home())
    register = Register()
    case, _, _ = route_event(
        Case(UUID(int=7)), an_event(EMERGENCY, attendance(patient)), register, staffordshire(), NOW
    )
    known = replace(case, identified=(replace(TRACED, ref="patient"),))

    _, _, learned = route_identified(known, register, staffordshire(), LATER)

    assert [row.nhs_number for row in learned.rows if hasattr(row, "nhs_number")]
    assert nhs_number(1) in register.known_about({nhs_number(1)}).attendances


def test_an_answer_that_cannot_be_read_is_mashs_on_the_same_day() -> None:
    (change, *_) = owe_unread_receipt(UUID(int=9), "data.by", "missing", staffordshire(), NOW)

    assert change.held.urgency is Urgency.SAME_DAY
    assert change.notification["because"] == "a message could not be read as a receipt"
    assert change.notification["content"] == {
        "dead_letter_id": str(UUID(int=9)),
        "field": "data.by",
        "reason": "missing",
    }
