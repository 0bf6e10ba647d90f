import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from routing_rules.subjects import is_confidential, may_be_violence
from schemas.maternity import MaternityBooking, MaternityConcern, is_possible_due_date, problems
from schemas.problems import forget
from schemas.reasons import Reason
from tests.builders import nhs_number


def read(**known: Any) -> MaternityBooking:
    data = {
        "pregnancy_id": "MAT-7781",
        "provider": "RJF",
        "booked_at": "2026-01-20T09:00:00+00:00",
        "expected_due_date": "2026-08-20",
        "mother": {"ref": "m", "role": "patient", "nhs_number": nhs_number(1)},
        **known,
    }
    return MaternityBooking.model_validate_json(json.dumps(data))


def test_a_booking_as_the_contract_shows_it_has_no_problems() -> None:
    assert problems(read()) == []


@pytest.mark.parametrize(
    ("weeks", "days", "is_possible"),
    [(44, 0, True), (44, 1, False), (60, 0, False), (-6, 0, True), (-6, -1, False)],
)
def test_a_pregnancy_cannot_be_due_long_after_or_before_its_booking(
    weeks: int, days: int, is_possible: bool
) -> None:
    due = date(2026, 1, 20) + timedelta(weeks=weeks, days=days)
    data = read(expected_due_date=due.isoformat())
    impossible = [forget(("expected_due_date",), Reason.NOT_PLAUSIBLE)]
    assert problems(data) == ([] if is_possible else impossible)


def test_the_day_of_booking_is_the_one_in_london() -> None:
    booked_at = datetime.fromisoformat("2026-06-30T23:30:00+00:00")
    assert is_possible_due_date(date(2026, 7, 1) + timedelta(weeks=44), booked_at)


@pytest.mark.parametrize("unknown", ["booked_at", "expected_due_date"])
def test_what_is_not_known_is_no_problem(unknown: str) -> None:
    assert problems(read(**{unknown: None})) == []


@pytest.mark.parametrize("concerns", [{}, {"concerns": []}, {"concerns": ["unknown"]}])
def test_a_concern_that_is_not_named_is_an_unknown_one(concerns: dict[str, Any]) -> None:
    mother = {"ref": "m", "role": "patient"}
    concern = MaternityConcern.model_validate_json(json.dumps({"mother": mother, **concerns}))

    assert concern.concerns == ("unknown",)
    assert may_be_violence(concern)
    assert is_confidential(concern)
