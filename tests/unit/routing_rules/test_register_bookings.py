from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from routing_rules.register import Register
from routing_rules.register_bookings import ActiveBooking, active_booking
from routing_rules.register_problems import ProblemKind, RegisterProblem
from schemas.events import FieldWarning
from schemas.reasons import Reason
from tests.unit.routing_rules.register_events import (
    ASHA,
    AT,
    BELLA,
    ToldEvent,
    booking,
    days,
    known_from,
    registration,
)

AFTER = timedelta(days=42)


def booked(*events: ToldEvent, at: datetime = AT, number: str = ASHA) -> ActiveBooking | None:
    return active_booking(known_from(*events), number, at, after_due_date=AFTER)


def provider(*events: ToldEvent, at: datetime = AT) -> str | None:
    found = booked(*events, at=at)
    assert found is not None
    return found.provider


def problems(*events: ToldEvent) -> list[tuple[ProblemKind, str]]:
    register = Register()
    told = [problem for event in events for problem in register.apply(event).problems]
    assert {problem.about for problem in told} <= {ASHA}
    return [(problem.kind, problem.field) for problem in told]


def test_a_pregnancy_is_active_from_booking_to_some_weeks_after_it_is_due() -> None:
    event = booking(expected_due_date="2026-08-20")
    assert booked(event) == ActiveBooking("MAT-1", "RJE", days(-60), date(2026, 8, 20))
    assert booked(event, at=days(-60)) is not None
    assert booked(event, at=days(-60.1)) is None
    assert booked(event, at=datetime(2026, 10, 1, 22, 30, tzinfo=UTC)) is not None
    assert booked(event, at=datetime(2026, 10, 1, 23, 30, tzinfo=UTC)) is None


def test_a_pregnancy_without_a_due_date_is_active_for_42_weeks() -> None:
    event = booking(expected_due_date=None)
    assert booked(event, at=days(-60 + 42 * 7)) is not None
    assert booked(event, at=days(-60 + 42 * 7 + 1)) is None


def test_a_booking_is_of_its_mother_alone() -> None:
    assert booked(booking(), number=BELLA) is None
    loose = {"nhs_number_status": "unverified", "date_of_birth": "1996-04-11"}
    unverified = booking(mother=loose)
    assert booked(unverified) is None
    assert booked(registration(date_of_birth="1996-04-12"), unverified) is None
    assert booked(registration(date_of_birth="1996-04-11"), unverified) is not None


def test_a_mother_who_was_corrected_is_no_longer_booked() -> None:
    wrong, right = booking(BELLA), booking(ASHA, event={"at": days(-59)})
    assert booked(right, wrong, number=BELLA) is None
    assert booked(right, wrong) is not None
    typed = booking(BELLA, event={"at": days(-58)}, mother={"nhs_number_status": "unverified"})
    assert booked(right, typed) is not None


def test_a_cancelled_booking_is_none_even_if_the_cancellation_comes_first() -> None:
    event, gone = booking(), booking(None, status="cancelled", event={"at": days(-50)})
    assert booked(gone, event) is None
    assert booked(event, gone) is None
    assert booked(gone, event, booking(event={"at": days(-40)})) is not None
    other = booking(None, status="cancelled", pregnancy_id="MAT-2", event={"at": days(-50)})
    assert booked(event, other) is not None


def test_the_mother_entered_in_error_withdraws_the_booking() -> None:
    gone = booking(mother={"status": "entered_in_error"}, event={"at": days(-50)})
    assert booked(booking(), gone) is None


def test_of_several_the_latest_booking_with_a_provider_counts() -> None:
    first, second = booking(), booking(at=days(-9), pregnancy_id="MAT-2", provider="RJF")
    assert provider(second, first) == "RJF"
    assert provider(second, first, at=days(-10)) == "RJE"
    assert provider(first, booking(at=days(-9), pregnancy_id="MAT-2", provider=None)) == "RJE"
    assert provider(booking(provider=None)) is None


def test_a_transfer_leaves_the_provider_before_it_as_it_was() -> None:
    moved = booking(provider="RJF", at=days(9))
    assert provider(moved, booking()) == "RJE"
    assert provider(moved, booking(), at=days(10)) == "RJF"


def test_what_an_update_leaves_out_is_not_withdrawn() -> None:
    nothing: dict[str, Any] = {"provider": None, "booked_at": None, "expected_due_date": None}
    event = booking(event={"at": days(-50)}, **nothing)
    assert booked(booking(), event) == booked(booking())
    assert booked(booking(None, event={"at": days(-50)}, **nothing), booking()) == booked(booking())


def test_a_booking_that_does_not_say_when_was_at_its_publication_at_the_latest() -> None:
    event = booking(booked_at=None, event={"at": days(-3)})
    found = booked(event)
    assert found is not None
    assert found.booked_at == days(-3)
    assert booked(event, at=days(-4)) is None


def test_a_booking_without_its_pregnancy_stands_for_itself() -> None:
    one = booking(pregnancy_id=None)
    gone = booking(pregnancy_id=None, status="cancelled", event={"at": days(-50)})
    assert booked(one, gone) is not None


@pytest.mark.parametrize("due", ["2026-11-10", "2025-11-23"])
def test_an_impossible_due_date_is_dropped_and_reported(due: str) -> None:
    event = booking(expected_due_date=due)
    found = booked(event)
    assert found is not None
    assert found.expected_due_date is None
    assert problems(event) == [(ProblemKind.IMPLAUSIBLE_DUE_DATE, "expected_due_date")]
    read = booking(
        expected_due_date=None,
        event={"warnings": [FieldWarning("data.expected_due_date", Reason.NOT_PLAUSIBLE)]},
    )
    assert problems(read) == [(ProblemKind.IMPLAUSIBLE_DUE_DATE, "expected_due_date")]


@pytest.mark.parametrize("due", ["2026-11-09", "2025-11-24"])
def test_a_due_date_that_is_just_possible_is_used(due: str) -> None:
    assert problems(booking(expected_due_date=due)) == []


def test_two_bookings_of_one_moment_are_a_contradiction() -> None:
    one = booking()
    other = booking(provider="RJF", pregnancy_id="MAT-2")
    assert booked(one, other) == ActiveBooking(None, None, days(-60), date(2026, 8, 20))
    assert problems(one, other) == [(ProblemKind.CONTRADICTORY, "provider")]
    agreeing = booking(pregnancy_id="MAT-2", expected_due_date="2026-08-21")
    assert booked(one, agreeing) == ActiveBooking(None, "RJE", days(-60), None)
    assert problems(one, agreeing) == []


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"provider": "RJF"}, "provider"),
        ({"expected_due_date": "2026-08-21"}, "expected_due_date"),
    ],
)
def test_two_tellings_of_one_moment_are_a_contradiction(known: dict[str, Any], field: str) -> None:
    one, other = booking(), booking(**known)
    found = booked(one, other)
    assert found is not None
    assert getattr(found, field) is None
    assert problems(one, other) == [(ProblemKind.CONTRADICTORY, field)]


def test_two_mothers_of_one_pregnancy_are_a_contradiction() -> None:
    one, other = booking(), booking(BELLA)
    assert booked(one, other) is None
    register = Register()
    register.apply(one)
    told = {
        RegisterProblem(number, ProblemKind.CONTRADICTORY, "mother.nhs_number")
        for number in (ASHA, BELLA)
    }
    assert set(register.apply(other).problems) == told


def test_a_mother_who_cannot_be_told_is_reported() -> None:
    loose = booking(mother={"nhs_number_status": "unverified"})
    assert problems(loose) == [(ProblemKind.UNVERIFIED, "mother.nhs_number")]
    nobody = booking(None, event={"id": "b1"})
    (problem,) = Register().apply(nobody).problems
    about = "urn:fieldfare:source:rje-maternity|b1"
    assert problem == RegisterProblem(about, ProblemKind.NO_NHS_NUMBER, "mother.nhs_number")
    assert problems(booking(), nobody) == []
    assert problems(booking(None, status="cancelled")) == []
