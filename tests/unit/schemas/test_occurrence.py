from datetime import UTC, datetime

import pytest

from schemas.occurrence import is_cancelled, occurred_at, occurrence_id, occurrence_key
from tests.unit.schemas.letters import (
    TODDLER,
    VICTIM,
    Raw,
    accepted,
    booking,
    changed,
    emergency,
    family_link,
    marac,
    police,
    registration,
)

PUBLISHED = datetime(2026, 3, 6, 22, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("message", "key"),
    [
        (police(), "police|staffordshire-police|STF/1"),
        (emergency(), "emergency|rjf-queens-ed|A1"),
        (marac(), "marac|staffordshire-marac|M-1|2026-03-05"),
        (police({"police_reference": ...}), "police|staffordshire-police|event|event-1"),
        (emergency({"attendance_id": None}), "emergency|rjf-queens-ed|event|event-1"),
        (marac({"case_number": ...}), "marac|staffordshire-marac|event|event-1"),
        (marac({"met_on": ...}), "marac|staffordshire-marac|event|event-1"),
        (police({"police_reference": "a|b%"}), "police|staffordshire-police|a%7Cb%25"),
        (police({"police_reference": "event|event-1"}),
         "police|staffordshire-police|event%7Cevent-1"),
        (registration(),
         f"registration|registration|person|{TODDLER}|2026-01-05 09:00:00+00:00"),
        (registration({"recorded_at": "2026-01-05T10:00:00+01:00"}),
         f"registration|registration|person|{TODDLER}|2026-01-05 09:00:00+00:00"),
        (changed(registration(), "data.person.nhs_number", ...),
         "registration|registration|event|event-1"),
        (registration({"recorded_at": ...}), "registration|registration|event|event-1"),
        (family_link(), f"registration|registration|family-link|{VICTIM}|{TODDLER}"),
        (family_link({"from": TODDLER, "to": VICTIM, "is": "child"}),
         f"registration|registration|family-link|{VICTIM}|{TODDLER}"),
        (family_link({"to": "MAT|1"}),
         f"registration|registration|family-link|{VICTIM}|MAT%7C1"),
        (family_link({"to": ...}), "registration|registration|event|event-1"),
        (booking(), "maternity|rje-maternity|MAT-1"),
        (booking({"pregnancy_id": None}), "maternity|rje-maternity|event|event-1"),
    ],
)  # fmt: skip
def test_an_occurrence_is_named_by_its_source_and_reference(message: Raw, key: str) -> None:
    assert occurrence_key(accepted(message)) == key


def test_an_update_is_of_the_same_occurrence() -> None:
    first, update = accepted(police()), accepted(police({"risk": "medium"}, id="event-2"))
    assert occurrence_key(first) == occurrence_key(update)


def test_the_id_is_worked_out_from_the_key() -> None:
    key = "police|staffordshire-police|STF/1"
    assert str(occurrence_id(key)) == "cca1c33f-5ef9-5dc4-81d7-ec975d1695e9"
    assert occurrence_id(key) != occurrence_id(key + "x")


@pytest.mark.parametrize(
    ("message", "happened"),
    [
        (police({"incident_at": "2026-03-06T21:00:00+01:00", "reported_at": "2026-03-06T22:00Z"}),
         datetime(2026, 3, 6, 20, tzinfo=UTC)),
        (police({"reported_at": "2026-03-06T22:00:00Z"}), datetime(2026, 3, 6, 22, tzinfo=UTC)),
        (police(), PUBLISHED),
        (emergency({"arrived_at": "2026-03-06T14:05:00Z", "departed_at": "2026-03-06T16:05:00Z"}),
         datetime(2026, 3, 6, 14, 5, tzinfo=UTC)),
        (emergency({"departed_at": "2026-03-06T16:05:00Z"}),
         datetime(2026, 3, 6, 16, 5, tzinfo=UTC)),
        (emergency(), PUBLISHED),
        (marac({"met_on": "2026-03-05"}), datetime(2026, 3, 5, 12, tzinfo=UTC)),
        (marac({"met_on": "2025-07-01"}), datetime(2025, 7, 1, 11, tzinfo=UTC)),
        (marac({"met_on": None}), PUBLISHED),
        (registration(), datetime(2026, 1, 5, 9, tzinfo=UTC)),
        (registration({"recorded_at": ...}), PUBLISHED),
        (family_link(), datetime(2026, 1, 5, 9, tzinfo=UTC)),
        (booking(), datetime(2026, 1, 20, 9, tzinfo=UTC)),
        (booking({"booked_at": ...}), PUBLISHED),
    ],
)  # fmt: skip
def test_it_happened_when_the_data_say_or_else_when_published(
    message: Raw, happened: datetime
) -> None:
    event = accepted(message)
    answer = occurred_at(event.data, event.time)
    assert (answer, answer.tzinfo) == (happened, UTC)


@pytest.mark.parametrize(
    ("message", "cancelled"),
    [
        (police({"status": "cancelled"}), True),
        (police({"status": "entered_in_error"}), True),
        (police({"status": "updated"}), False),
        (police(), False),
        (emergency({"status": "cancelled"}), True),
        (emergency({"status": "entered_in_error"}), True),
        (emergency({"status": "arrived"}), False),
        (emergency({"status": "gone"}), False),
        (marac({"status": "cancelled"}), True),
        (registration({"status": "entered_in_error"}), True),
        (family_link({"status": "cancelled"}), True),
        (booking(), False),
    ],
)
def test_an_occurrence_is_cancelled_by_its_status_alone(message: Raw, cancelled: bool) -> None:
    assert is_cancelled(accepted(message).data) is cancelled
