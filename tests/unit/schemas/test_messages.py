"""What we send, and what recipients say back."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.dead_letter import DeadLetter
from schemas.events import Refused
from schemas.notification import NOTICE, Notification
from schemas.reasons import Reason
from schemas.receipt import Said, read_receipt
from schemas.reply import Reply
from tests.unit.schemas.letters import Raw, binary, envelope, to_bytes

NOTIFICATION: Raw = {
    "notification_id": "7b1c7c33-8a55-5f0e-9b5e-0d4b0d0a0001",
    "duty_id": "7b1c7c33-8a55-5f0e-9b5e-0d4b0d0a0002",
    "supersedes": None,
    "kind": "notify",
    "service": "midwifery",
    "recipient": "RJF:midwifery",
    "organisation": "RJF",
    "recipient_sequence": 17,
    "event": {
        "source": "urn:fieldfare:source:staffordshire-police",
        "id": "e1",
        "type": "fieldfare.police.domestic-abuse.v1",
        "occurred_at": "2026-03-06T22:10:00Z",
    },
    "routed_at": "2026-03-06T22:40:01Z",
    "about": {
        "ref": "p1",
        "role": "victim",
        "nhs_number": "9990000018",
        "name": {"given": "Asha", "family": "Example"},
        "date_of_birth": "1996-04-11",
    },
    "urgency": "immediate",
    "respond_by": "2026-03-07T02:40:00Z",
    "asks": ["acknowledge", "record"],
    "reasons": [{"rule": "da-pregnant-victim", "why": "known to her maternity service"}],
    "handling": ["hide_from_online_access"],
    "safe_contact": None,
    "instead_of": None,
    "because": None,
    "content": {"risk": "high"},
    "late": False,
    "basis": {"lawful_basis": "a", "consent": "b"},
    "rulebook": "staffordshire@sha256:00",
    "notice": "This is a notification, not a referral.",
}


def test_a_notification_travels_in_the_contracts_fields_and_order() -> None:
    notification = Notification.model_validate_json(json.dumps(NOTIFICATION))
    assert json.loads(notification.model_dump_json()) == NOTIFICATION
    assert list(json.loads(notification.model_dump_json())) == list(NOTIFICATION)
    assert list(Notification.model_fields) == list(NOTIFICATION)


def test_a_dead_letters_notification_is_about_nobody() -> None:
    raw = NOTIFICATION | {"about": None, "kind": "exception", "service": "mash"}
    assert Notification.model_validate_json(json.dumps(raw)).about is None


def test_a_notification_always_says_that_it_is_not_a_referral() -> None:
    without = {name: value for name, value in NOTIFICATION.items() if name != "notice"}
    assert Notification.model_validate_json(json.dumps(without)).notice == NOTICE
    with pytest.raises(ValidationError) as caught:
        Notification.model_validate_json(json.dumps(NOTIFICATION | {"notice": "A referral."}))
    assert "A referral" not in str(caught.value)


def test_content_is_empty_unless_given() -> None:
    without = {name: value for name, value in NOTIFICATION.items() if name != "content"}
    assert Notification.model_validate_json(json.dumps(without)).content == {}


def test_a_reply_says_what_became_of_an_event() -> None:
    raw = {
        "source": "urn:fieldfare:source:staffordshire-police",
        "id": "e1",
        "status": "accepted",
        "warnings": [{"field": "data.people.0.nhs_number", "reason": "fails its check"}],
        "field": None,
        "reason": None,
        "at": "2026-03-06T22:40:01Z",
    }
    assert json.loads(Reply.model_validate_json(json.dumps(raw)).model_dump_json()) == raw


def test_a_dead_letter_note_says_that_there_is_one() -> None:
    raw = {
        "dead_letter_id": "7b1c7c33-8a55-5f0e-9b5e-0d4b0d0a0001",
        "reason": Reason.NOT_JSON.value,
        "at": "2026-03-06T22:40:01Z",
    }
    assert json.loads(DeadLetter.model_validate_json(json.dumps(raw)).model_dump_json()) == raw


def receipt(data: Raw | None = None, **attributes: Any) -> Raw:
    whole: Raw = {
        "notification_id": "7b1c7c33-8a55-5f0e-9b5e-0d4b0d0a0001",
        "status": "acknowledged",
        "at": "2026-03-06T23:00:00Z",
        "by": "A. Midwife",
    } | (data or {})
    kept = {name: value for name, value in whole.items() if value is not ...}
    return envelope("fieldfare.receipt.v1", "rjf", kept, **attributes)


def refused(message: Raw) -> Refused:
    refusal = read_receipt(to_bytes(message), [])
    assert isinstance(refusal, Refused)
    return refusal


def test_a_receipt_is_read_in_both_modes() -> None:
    structured = read_receipt(to_bytes(receipt({"note": "booked"})), [])
    assert isinstance(structured, Said)
    said = structured.receipt
    assert (structured.source, structured.id) == ("urn:fieldfare:source:rjf", "event-1")
    assert said.notification_id == UUID("7b1c7c33-8a55-5f0e-9b5e-0d4b0d0a0001")
    assert (said.status, said.by, said.note) == ("acknowledged", "A. Midwife", "booked")
    stamped = read_receipt(*binary(receipt({"note": "booked"})))
    assert isinstance(stamped, Said)
    assert stamped.receipt == said
    assert stamped.sha256 != structured.sha256


def test_only_received_may_be_said_without_a_name() -> None:
    assert isinstance(read_receipt(to_bytes(receipt({"status": "received", "by": ...})), []), Said)
    for by in (..., None):
        refusal = refused(receipt({"by": by}))
        assert (refusal.field, refusal.reason) == ("data.by", Reason.MISSING)


@pytest.mark.parametrize(
    ("data", "field", "reason"),
    [
        ({"notification_id": ...}, "data.notification_id", Reason.MISSING),
        ({"notification_id": "n-1"}, "data.notification_id", Reason.UNREADABLE),
        ({"status": "seen"}, "data.status", Reason.UNREADABLE),
        ({"at": "2026-03-06T23:00:00"}, "data.at", Reason.UNREADABLE),
        ({"at": "1775000000"}, "data.at", Reason.UNREADABLE),
        ({"at": "9999-12-31T23:59:59-01:00"}, "data.at", Reason.UNREADABLE),
        ({"by": "  "}, "data.by", Reason.UNREADABLE),
        ({"by": "\u200b"}, "data.by", Reason.MISSING),
        ({"by": "\x00.", "status": "received"}, "data.by", Reason.MISSING),
        ({"9990000018": 1}, "data.(unnamed)", Reason.UNEXPECTED_FIELD),
    ],
)
def test_a_receipt_that_is_not_wholly_understood_does_not_count(
    data: Raw, field: str, reason: Reason
) -> None:
    refusal = refused(receipt(data))
    assert (refusal.field, refusal.reason) == (field, reason)
    assert refusal.id == "event-1"


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (receipt(type="fieldfare.police.domestic-abuse.v1"), "type"),
        (receipt(id=...), "id"),
        (receipt() | {"data": None}, "data"),
        (receipt() | {"data": []}, "data"),
    ],
)
def test_what_is_no_receipt_is_refused(message: Raw, field: str) -> None:
    assert refused(message).field == field


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80) | st.just(b""))
def test_any_bytes_are_answered(body: bytes) -> None:
    assert isinstance(read_receipt(body, []), Refused)
    _, headers = binary(receipt())
    assert isinstance(read_receipt(body, headers), Refused)
    assert isinstance(read_receipt(None, headers), Refused)
