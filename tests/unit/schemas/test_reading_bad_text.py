"""Text and numbers that JSON or PostgreSQL cannot hold, and names given twice."""

import pytest

from schemas.mending import MAX_WARNINGS
from schemas.reasons import Reason
from tests.unit.schemas.letters import (
    accepted,
    changed,
    person,
    police,
    to_bytes,
    warned,
)


@pytest.mark.parametrize("bad", ["\0", "\ud800", "\udc80\ud83d"])
def test_what_postgresql_cannot_hold_is_replaced(bad: str) -> None:
    event = accepted(police({"narrative": f"a{bad}b", "people": [person(gp_practice=f"Y{bad}")]}))
    assert set(warned(event).values()) == {Reason.UNHOLDABLE}
    assert set(warned(event)) == {"data.narrative", "data.people.0.gp_practice"}
    narrative = event.data.narrative  # type: ignore[union-attr]
    assert narrative is not None
    assert narrative.replace("\ufffd", "") == "ab"


def test_a_key_that_cannot_be_held_is_an_unknown_field() -> None:
    event = accepted(changed(police(), "data.ri\0sk", "low"))
    assert {warning.field for warning in event.warnings} == {"data.(unnamed)"}
    assert event.data.risk == "high"  # type: ignore[union-attr]


def test_bytes_that_are_not_utf8_are_replaced() -> None:
    body = to_bytes(police({"narrative": "Zo_"})).replace(b"Zo_", b"Zo\xeb")
    event = accepted(body)
    assert warned(event) == {"data.narrative": Reason.UNHOLDABLE}
    assert event.data.narrative == "Zo\ufffd"  # type: ignore[union-attr]


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert accepted(b"\xef\xbb\xbf" + to_bytes(police())).warnings == ()


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 5000])
def test_numbers_that_cannot_be_held_become_unknown(number: str) -> None:
    body = to_bytes(police({"prior_incidents_12_months": 5})).replace(
        b": 5", f": {number}".encode()
    )
    event = accepted(body)
    assert warned(event) == {"data.prior_incidents_12_months": Reason.NOT_USABLE}


def test_an_unknown_field_may_be_as_deep_as_it_likes() -> None:
    deep: object = "x"
    for _ in range(300):
        deep = [deep]
    assert warned(accepted(police({"extra": deep}))) == {"data.extra": Reason.UNKNOWN_FIELD}


def test_a_field_given_twice_is_unknown_unless_it_says_the_same() -> None:
    body = to_bytes(police())
    twice = body.replace(b'"risk": "high"', b'"risk": "high", "risk": "standard"')
    event = accepted(twice)
    assert warned(event) == {"data.risk": Reason.GIVEN_TWICE}
    assert event.data.risk == "not_assessed"  # type: ignore[union-attr]
    same = accepted(body.replace(b'"risk": "high"', b'"risk": "high", "risk": "high"'))
    assert warned(same) == {"data.risk": Reason.GIVEN_TWICE}
    assert same.data.risk == "high"  # type: ignore[union-attr]


def test_an_attribute_given_twice_alike_is_warned_about() -> None:
    body = to_bytes(police()).replace(b'"id": "event-1"', b'"id": "event-1", "id": "event-1"')
    assert warned(accepted(body)) == {"id": Reason.GIVEN_TWICE}


@pytest.mark.parametrize(
    ("sequence", "read_as", "reason"),
    [
        ("000412", "000412", None),
        (412, "412", None),
        (None, None, None),
        ("x", None, Reason.NOT_USABLE),
        (-1, None, Reason.NOT_USABLE),
        (True, None, Reason.NOT_USABLE),
        ("9" * 19, None, Reason.NOT_USABLE),
        ("1\0", None, Reason.NOT_USABLE),
    ],
)
def test_a_sequence_is_digits_or_not_known(
    sequence: object, read_as: str | None, reason: Reason | None
) -> None:
    event = accepted(police(sequence=sequence))
    assert event.sequence == read_as
    assert {warning.reason for warning in event.warnings if warning.field == "sequence"} <= {
        reason,
        Reason.UNHOLDABLE,
    }
    assert (reason is None) == (not event.warnings)


def test_very_many_warnings_are_cut() -> None:
    event = accepted(police({f"field_{number}": 1 for number in range(500)}))
    assert len(event.warnings) == MAX_WARNINGS + 1
    assert event.warnings[-1].reason == Reason.AND_MORE
