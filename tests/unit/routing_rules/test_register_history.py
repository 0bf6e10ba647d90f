from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from routing_rules.known import Attendance, Firing
from routing_rules.register import Register
from routing_rules.register_history import attendances_within, has_fired_before
from schemas.events import EmergencyAttendance
from schemas.values import EventType
from tests.builders import attendance, data_of
from tests.unit.routing_rules.register_events import ASHA, AT, BELLA, days, person, registration


def attended(patient: dict[str, Any] | None = None, **known: Any) -> EmergencyAttendance:
    data = data_of(EventType.EMERGENCY_ATTENDANCE, attendance(patient or person(), **known))
    assert isinstance(data, EmergencyAttendance)
    return data


def count(*attendances: tuple[EmergencyAttendance, datetime], window: int = 183) -> int:
    register = Register()
    register.apply(registration(date_of_birth="2019-03-03"))
    for number, (told, at) in enumerate(attendances):
        register.attended(UUID(int=number), told, at)
    return attendances_within(register.known_about([ASHA]), ASHA, AT, window)


def test_attendances_count_up_to_this_one_and_not_from_before_the_window() -> None:
    told = attended()
    assert count((told, AT)) == 1
    assert count((told, AT), (told, days(-182.9)), (told, days(-183)), (told, days(0.1))) == 2
    assert count((told, AT), (told, days(-90)), (told, days(-91)), window=91) == 2


@pytest.mark.parametrize(
    ("known", "counts"),
    [
        ({"category": "unplanned_follow_up"}, True),
        ({"category": "unknown"}, True),
        ({"category": "planned_follow_up"}, False),
        ({"status": "cancelled"}, False),
        ({"status": "entered_in_error"}, False),
        ({"status": "unknown"}, True),
        ({"arrived_referral_id": "R-1"}, False),
        ({"patient": person(status="entered_in_error")}, False),
        ({"patient": person(BELLA)}, False),
        ({"patient": {"ref": "p", "role": "patient"}}, False),
        ({"patient": person(nhs_number_status="unverified")}, False),
        ({"patient": person(nhs_number_status="unverified", date_of_birth="2019-03-03")}, True),
        ({"patient": person(nhs_number_status="unverified", date_of_birth="2019-03-04")}, False),
    ],
)
def test_only_unplanned_attendances_of_this_person_count(
    known: dict[str, Any], counts: bool
) -> None:
    assert count((attended(**{"patient": None, **known}), AT)) == int(counts)


def test_an_occurrence_counts_once_and_as_it_is_told_last() -> None:
    register, occurrence = Register(), UUID(int=1)
    assert register.attended(occurrence, attended(), AT).affected == {ASHA}
    assert register.attended(occurrence, attended(), AT).rows == ()
    moved = register.attended(occurrence, attended(person(BELLA)), AT)
    assert moved.affected == {ASHA, BELLA}
    known = register.known_about([ASHA, BELLA])
    assert attendances_within(known, ASHA, AT, 183) == 0
    assert attendances_within(known, BELLA, AT, 183) == 1
    assert isinstance(moved.rows[0], Attendance)


def test_an_attendance_whose_patient_is_now_somebody_without_a_number_no_longer_counts() -> None:
    register, occurrence = Register(), UUID(int=1)
    register.attended(occurrence, attended(), AT)
    nobody = attended({"ref": "q", "role": "patient"})
    assert register.attended(occurrence, nobody, AT).affected == {ASHA}
    assert register.attended(occurrence, nobody, AT).affected == frozenset()
    assert attendances_within(register.known_about([ASHA]), ASHA, AT, 183) == 0


def firing(at: datetime = AT, *, occurrence: int = 1, rule: str = "frequent") -> Firing:
    return Firing(rule, ASHA, at, UUID(int=occurrence))


def known_of_asha(register: Register) -> tuple[Firing, ...]:
    return register.known_about([ASHA]).firings.get(ASHA, ())


@pytest.mark.parametrize(
    ("earlier", "has_fired"),
    [
        (firing(days(-100), occurrence=2), True),
        (firing(days(-183), occurrence=2), False),
        (firing(days(1), occurrence=2), False),
        (firing(days(-100), occurrence=1), False),
        (firing(days(-100), occurrence=2, rule="another"), False),
    ],
)
def test_a_rule_has_fired_if_it_did_in_another_occurrence_within_the_window(
    earlier: Firing, has_fired: bool
) -> None:
    register = Register()
    register.fired([earlier])
    assert has_fired_before(known_of_asha(register), firing(), days=183) is has_fired


def test_a_firing_that_is_no_more_is_forgotten() -> None:
    register, earlier = Register(), firing(AT - timedelta(days=9), occurrence=2)
    register.fired([earlier])
    register.fired([], no_longer=[earlier])
    register.fired([], no_longer=[earlier])
    assert not has_fired_before(known_of_asha(register), firing(), days=183)
