"""Rows of the register as they are stored: read back as they were, and found by what matters."""

from datetime import date
from uuid import UUID

import pytest

from routing_rules.known import Attendance, Firing, Row
from routing_rules.register import Register
from routing_rules.register_storage import pregnancy_label, row_from, stored_row
from schemas.values import AttendanceCategory
from tests.unit.routing_rules.register_events import (
    ASHA,
    AT,
    BELLA,
    ToldEvent,
    booking,
    link,
    registration,
)

OCCURRENCE = UUID(int=7)
PREGNANCY = "pregnancy|rje-maternity|MAT-1"
UNBORN = "unborn|MAT-1"


def row_of(event: ToldEvent) -> Row:
    (row,) = Register().apply(event).rows
    return row


REGISTERED = row_of(registration(gp_practice="Y90001", date_of_birth="1996-04-11"))
LINKED = row_of(link(ASHA, BELLA))
OF_PREGNANCY = row_of(link(ASHA, "MAT-1"))
BOOKED = row_of(booking(mother={"date_of_birth": "1996-04-11"}))
OF_NOBODY = row_of(booking(None))
ATTENDED = Attendance(
    nhs_number=ASHA,
    arrived_at=AT,
    occurrence_id=OCCURRENCE,
    category=AttendanceCategory.UNPLANNED_FIRST,
    counts=True,
    date_of_birth=date(2019, 3, 3),
)
FIRED = Firing("ed-frequent-child", ASHA, AT, OCCURRENCE)


@pytest.mark.parametrize(
    ("row", "kind", "labels"),
    [
        (REGISTERED, "registration", (ASHA,)),
        (LINKED, "link", (ASHA, BELLA)),
        (OF_PREGNANCY, "link", (ASHA, UNBORN)),
        (BOOKED, "booking", (PREGNANCY, ASHA, UNBORN)),
        (OF_NOBODY, "booking", (PREGNANCY, UNBORN)),
        (ATTENDED, "attendance", (ASHA,)),
        (FIRED, "firing", (ASHA,)),
    ],
)
def test_a_row_is_read_back_as_it_was_and_found_by_whom_it_is_about(
    row: Row, kind: str, labels: tuple[str, ...]
) -> None:
    stored = stored_row(row)

    assert (stored.kind, stored.labels) == (kind, labels)
    assert row_from(stored.kind, stored.content) == row


def test_the_name_is_what_there_is_only_one_of() -> None:
    event = booking()

    assert stored_row(row_of(event)).name == f"{event.source}|{event.id}"
    assert stored_row(ATTENDED).name == str(OCCURRENCE)
    assert stored_row(FIRED).name == f"ed-frequent-child|{ASHA}|{OCCURRENCE}"


def test_the_bookings_of_one_pregnancy_have_one_label() -> None:
    (one,) = Register().apply(booking()).rows
    (other,) = Register().apply(booking(BELLA, provider="RJF")).rows

    assert pregnancy_label(one) == pregnancy_label(other) == PREGNANCY  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "content"),
    [("registration", "{}"), ("link", "no JSON"), ("letter", stored_row(FIRED).content)],
)
def test_what_is_no_row_is_refused_without_its_content(kind: str, content: str) -> None:
    with pytest.raises(ValueError, match="not a row of the register") as refused:
        row_from(kind, content)

    assert ASHA not in repr(refused.value)
