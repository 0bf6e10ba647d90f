"""Structured and binary CloudEvents, as `cloudevents` writes them, and hashes of both."""

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import (
    KafkaMessage,
    from_binary_event,
    to_binary_event,
    to_structured_event,
)
from cloudevents.core.v1.event import CloudEvent

from schemas.cloudevent import binary_headers
from schemas.events import Event
from schemas.reasons import Reason
from tests.unit.schemas.letters import (
    Raw,
    accepted,
    binary,
    changed,
    emergency,
    first,
    marac,
    person,
    police,
    refused,
    to_bytes,
    warned,
)

TOPIC = {"publisher": "staffordshire-police", "family": "police"}
TIME = datetime(2026, 3, 6, 22, 40, tzinfo=UTC)


def told(event: Event) -> Event:
    """The event without the hash of its bytes."""
    return replace(event, sha256=b"")


def test_both_modes_give_the_same_event() -> None:
    body, headers = binary(police(sequence="000412"))
    assert told(accepted(body, headers, **TOPIC)) == told(accepted(police(sequence="000412")))


def test_the_attributes_are_read() -> None:
    event = accepted(police(sequence="000412", time="2026-03-06T23:40:00+01:00"))
    assert event.source == "urn:fieldfare:source:staffordshire-police"
    assert event.publisher == "staffordshire-police"
    assert (event.id, event.sequence) == ("event-1", "000412")
    assert event.time == TIME
    assert event.time.tzinfo is UTC


@pytest.mark.parametrize(
    "write", [to_structured_event, to_binary_event], ids=["structured", "binary"]
)
@pytest.mark.parametrize("message", [police(), emergency(), marac()])
def test_what_the_cloudevents_package_writes_is_read(write: Any, message: Raw) -> None:
    attributes = {name: value for name, value in message.items() if name != "data"}
    attributes["time"] = datetime.fromisoformat(attributes["time"])
    sent: KafkaMessage = write(CloudEvent(attributes, message["data"]))
    family = message["type"].split(".")[1]
    publisher = message["source"].rsplit(":", 1)[-1]
    event = accepted(sent.value, list(sent.headers.items()), publisher=publisher, family=family)
    assert told(event) == told(accepted(message))


def test_a_structured_event_needs_no_header_and_minds_none() -> None:
    plain = accepted(police())
    for headers in (
        [("content-type", b"application/cloudevents+json")],
        [("ce_traceparent", b"00-ab-cd")],
        [("ce_specversion", b"1.0"), ("ce_type", b"fieldfare.police.domestic-abuse.v1")],
    ):
        assert accepted(police(), headers) == plain


def test_binary_headers_are_read_in_any_case_and_without_a_content_type() -> None:
    body, headers = binary(police())
    upper = [(name.upper(), value) for name, value in headers if name != "content-type"]
    assert accepted(body, upper, **TOPIC) == accepted(body, headers, **TOPIC)


def test_a_binary_event_is_mended_like_a_structured_one() -> None:
    message = police({"risk": "?", "colour": 1})
    body, headers = binary(message)
    assert told(accepted(body, headers, **TOPIC)) == told(accepted(message))


@pytest.mark.parametrize(
    ("header", "field"), [((b"2026-03-06T22:40:00"), "time"), (b"", "time"), (b"\xff", "time")]
)
def test_an_unusable_header_is_refused_by_its_attribute(header: bytes, field: str) -> None:
    body, headers = binary(police())
    bad = [(name, header if name == "ce_time" else value) for name, value in headers]
    assert refused(body, bad, **TOPIC).field == field


def test_a_header_given_twice_with_two_values_is_refused() -> None:
    body, headers = binary(police())
    assert refused(body, [*headers, ("ce_id", b"other")], **TOPIC).field == "id"
    assert accepted(body, [*headers, ("ce_id", b"event-1")], **TOPIC).id == "event-1"


def test_a_header_without_a_value_is_empty() -> None:
    body, headers = binary(police())
    none: Any = None
    assert refused(body, [*headers, ("ce_id", none)], **TOPIC).field == "id"


def test_a_binary_event_of_an_unknown_type_is_refused() -> None:
    body, headers = binary(police(type="fieldfare.police.burglary.v1"))
    refusal = refused(body, headers, **TOPIC)
    assert (refusal.field, refusal.reason) == ("type", Reason.UNKNOWN_TYPE)


def test_binary_data_that_are_no_object_are_refused() -> None:
    _, headers = binary(police())
    assert refused(b"[]", headers, **TOPIC).field == "data"


def test_data_in_base64_are_read() -> None:
    message = police({"risk": "?"})
    encoded = base64.b64encode(to_bytes(message["data"])).decode()
    event = accepted(changed(message, "data", ...) | {"data_base64": encoded})
    assert told(event) == told(accepted(message))


def test_an_event_is_hashed_over_the_bytes_that_arrived() -> None:
    body = to_bytes(police())
    assert accepted(body).sha256 == hashlib.sha256(body).digest()
    assert refused(body + b"x").sha256 == hashlib.sha256(body + b"x").digest()


def test_the_hash_of_a_binary_event_covers_its_attributes_in_any_order() -> None:
    body, headers = binary(police())
    event = accepted(body, headers, **TOPIC)
    assert accepted(body, headers[::-1], **TOPIC).sha256 == event.sha256
    moved = [
        (name, b"2026-03-06T22:41:00Z" if name == "ce_time" else value) for name, value in headers
    ]
    assert accepted(body, moved, **TOPIC).sha256 != event.sha256
    assert accepted(body + b" ", headers, **TOPIC).sha256 != event.sha256


def test_a_warned_and_a_refused_binary_event_are_hashed_alike() -> None:
    body, headers = binary(police())
    event = accepted(body, headers, **TOPIC)
    other = refused(body, headers, publisher="somebody", family="police")
    assert other.sha256 == event.sha256


def test_outgoing_headers_are_read_by_the_cloudevents_package() -> None:
    sent = binary_headers(
        type="fieldfare.notification.v1",
        source="urn:fieldfare:ledger",
        id="n-1",
        time=TIME.astimezone(timezone(timedelta(hours=1))),
        extra={"recipient": "RJF:midwifery", "urgency": "immediate"},
    )
    event = from_binary_event(KafkaMessage(headers=dict(sent), key=None, value=b"{}"))
    assert event.get_attributes() == {
        "specversion": "1.0",
        "id": "n-1",
        "source": "urn:fieldfare:ledger",
        "type": "fieldfare.notification.v1",
        "time": TIME,
        "recipient": "RJF:midwifery",
        "urgency": "immediate",
        "datacontenttype": "application/json",
    }
    again = to_binary_event(event)
    assert again.headers == dict(sent)


@pytest.mark.parametrize("name", ["recipient_sequence", "Urgency", "id", "type", ""])
def test_an_extension_that_cloudevents_does_not_allow_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="extension"):
        binary_headers(type="t", source="s", id="i", time=TIME, extra={name: "x"})


def test_an_outgoing_time_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        binary_headers(type="t", source="s", id="i", time=TIME.replace(tzinfo=None))
    assert binary_headers(type="t", source="s", id="i", time=TIME)[-1] == (
        "content-type",
        b"application/json",
    )


def test_a_name_in_escapes_is_read_as_it_is_meant() -> None:
    event = accepted(police({"people": [person(name={"given": "Zo\u00eb \U0001f600"})]}))
    name = first(event).name
    assert name is not None
    assert name.given == "Zo\u00eb \U0001f600"
    assert warned(event) == {}
