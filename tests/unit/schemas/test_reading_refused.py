"""The contract's list of what is refused, one test an item."""

import json
from typing import Any

import pytest

from schemas.events import Refused
from schemas.reasons import Reason
from tests.unit.schemas.letters import (
    Raw,
    binary,
    changed,
    emergency,
    marac,
    person,
    police,
    read,
    refused,
    to_bytes,
)


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b'{"specversion":"1.0"',
        b"\xff\xfe{\x00}\x00",
        b"[" * 100_000,
        b'{"a":' * 5_000,
        b"\x00",
        b"{'specversion': '1.0'}",
    ],
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    refusal = refused(body)
    assert (refusal.field, refusal.reason) == ("$", Reason.NOT_JSON)
    assert refusal.keep_bytes


def test_a_binary_body_that_is_not_json_is_refused_as_its_data() -> None:
    _, headers = binary(police())
    refusal = refused(b"not json", headers)
    assert (refusal.field, refusal.reason) == ("data", Reason.NOT_JSON)
    assert (refusal.source, refusal.id) == ("urn:fieldfare:source:staffordshire-police", "event-1")


@pytest.mark.parametrize("value", [None, b""])
def test_a_message_without_a_body_is_refused(value: bytes | None) -> None:
    refusal = refused(value or b"")
    assert (refusal.field, refusal.reason) == ("$", Reason.NO_BODY)


@pytest.mark.parametrize("message", [[police()], 7, "text", None, True])
def test_json_that_is_no_object_is_not_a_cloudevent(message: Any) -> None:
    refusal = refused(to_bytes(message))
    assert (refusal.field, refusal.reason) == ("$", Reason.NOT_A_CLOUD_EVENT)


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "time"])
@pytest.mark.parametrize("value", [..., None])
def test_a_missing_attribute_is_refused_by_its_name(name: str, value: object) -> None:
    refusal = refused(to_bytes(changed(police(), name, value)))
    assert (refusal.field, refusal.reason) == (name, Reason.MISSING)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("specversion", "0.3", Reason.WRONG_VERSION),
        ("specversion", 1.0, Reason.WRONG_VERSION),
        ("id", "", Reason.NOT_TEXT),
        ("id", "   ", Reason.NOT_TEXT),
        ("id", 17, Reason.NOT_TEXT),
        ("id", "x" * 257, Reason.NOT_TEXT),
        ("id", {"a": 1}, Reason.NOT_TEXT),
        ("id", "a\0b", Reason.NOT_STORABLE),
        ("source", ["urn:fieldfare:source:staffordshire-police"], Reason.NOT_TEXT),
        ("type", 3, Reason.NOT_TEXT),
        ("time", "2026-03-06T22:40:00", Reason.WRONG_TIME),
        ("time", "2026-03-06", Reason.WRONG_TIME),
        ("time", "yesterday", Reason.WRONG_TIME),
        ("time", "1775000000", Reason.WRONG_TIME),
        ("time", 1775000000, Reason.WRONG_TIME),
        ("time", "2026-13-06T22:40:00Z", Reason.WRONG_TIME),
        ("time", "0001-01-01T00:00:00+14:00", Reason.WRONG_TIME),
        ("time", "9999-12-31T23:59:59-14:00", Reason.WRONG_TIME),
    ],
)
def test_an_unusable_attribute_is_refused_by_its_name(
    name: str, value: object, reason: Reason
) -> None:
    refusal = refused(to_bytes(changed(police(), name, value)))
    assert (refusal.field, refusal.reason) == (name, reason)


def test_an_attribute_given_twice_with_two_values_is_refused() -> None:
    body = to_bytes(police()).replace(b'"id": "event-1"', b'"id": "event-1", "id": "event-2"')
    refusal = refused(body)
    assert (refusal.field, refusal.id) == ("id", None)


@pytest.mark.parametrize(
    "event_type",
    [
        "fieldfare.police.burglary.v1",
        "fieldfare.police.domestic-abuse.v2",
        "Fieldfare.Police.Domestic-Abuse.v1",
        "x",
        "",
    ],
)
def test_an_unknown_type_is_refused(event_type: str) -> None:
    refusal = refused(to_bytes(police(type=event_type)))
    assert (refusal.field, refusal.reason) == ("type", Reason.UNKNOWN_TYPE)
    assert refusal.keep_bytes


def test_a_type_of_another_family_than_the_topic_is_refused() -> None:
    refusal = refused(to_bytes(police()), family="emergency")
    assert (refusal.field, refusal.reason) == ("type", Reason.WRONG_FAMILY)


def test_another_publisher_than_the_topics_is_refused() -> None:
    refusal = refused(to_bytes(police()), publisher="cheshire-police")
    assert (refusal.field, refusal.reason) == ("source", Reason.WRONG_PUBLISHER)


@pytest.mark.parametrize("people", [..., None, [], {}, {"p1": person()}, "nobody", 3, True])
def test_no_readable_people_is_refused(people: object) -> None:
    refusal = refused(police({"people": people}))
    assert (refusal.field, refusal.reason) == ("data.people", Reason.NO_PEOPLE)


@pytest.mark.parametrize("patient", [..., None, "kid", [], 3])
def test_an_attendance_without_a_readable_patient_is_refused(patient: object) -> None:
    refusal = refused(emergency({"patient": patient}))
    assert (refusal.field, refusal.reason) == ("data.patient", Reason.NO_PEOPLE)


def test_an_attendance_whose_other_people_cannot_be_read_is_refused() -> None:
    refusal = refused(emergency({"people": {"ref": "p1"}}))
    assert (refusal.field, refusal.reason) == ("data.people", Reason.NO_PEOPLE)


@pytest.mark.parametrize("entry", ["p1", 3, None, [], [person()]])
def test_an_entry_of_people_that_is_no_person_is_refused_at_its_path(entry: object) -> None:
    refusal = refused(police({"people": [person(), entry]}))
    assert (refusal.field, refusal.reason) == ("data.people.1", Reason.NOT_A_PERSON)


@pytest.mark.parametrize("role", ["witness", "", "VICTIM", None, 3, ["victim"], {}])
def test_an_unknown_role_is_refused_at_its_path(role: object) -> None:
    refusal = refused(police({"people": [person(), person("p2", role=role)]}))  # type: ignore[arg-type]
    assert (refusal.field, refusal.reason) == ("data.people.1.role", Reason.UNKNOWN_ROLE)


@pytest.mark.parametrize("name", ["ref", "role"])
def test_a_person_without_ref_or_role_is_refused(name: str) -> None:
    message = changed(police({"people": [person(), person("p2")]}), f"data.people.1.{name}", ...)
    refusal = refused(message)
    assert (refusal.field, refusal.reason) == (f"data.people.1.{name}", Reason.MISSING)


@pytest.mark.parametrize("ref", ["", None, "r" * 101, {}, 1.5])
def test_a_ref_that_cannot_be_used_is_refused(ref: object) -> None:
    refusal = refused(police({"people": [person(ref=ref)]}))  # type: ignore[arg-type]
    assert (refusal.field, refusal.reason) == ("data.people.0.ref", Reason.UNUSABLE_REF)


def test_a_repeated_ref_is_refused_where_it_stands_again() -> None:
    people = [person("p1"), person("p2"), person("p1", "alleged_perpetrator")]
    refusal = refused(police({"people": people}))
    assert (refusal.field, refusal.reason) == ("data.people.2.ref", Reason.REPEATED_REF)


def test_the_patients_ref_counts_as_well() -> None:
    refusal = refused(emergency({"people": [person("kid", "sibling")]}))
    assert (refusal.field, refusal.reason) == ("data.people.0.ref", Reason.REPEATED_REF)


def test_over_one_mebibyte_is_refused_and_still_named() -> None:
    refusal = refused(police({"narrative": "x" * 1_048_576}))
    assert (refusal.field, refusal.reason) == ("$", Reason.TOO_LARGE)
    assert (refusal.source, refusal.id) == ("urn:fieldfare:source:staffordshire-police", "event-1")


def test_exactly_one_mebibyte_is_read() -> None:
    body = to_bytes(police())
    padded = body + b" " * (1_048_576 - len(body))
    assert not isinstance(read(padded), Refused)
    assert isinstance(read(padded + b" "), Refused)


def test_a_message_far_too_large_is_not_even_parsed() -> None:
    refusal = refused(to_bytes(police({"narrative": "x" * 9_000_000})))
    assert (refusal.field, refusal.reason, refusal.id) == ("$", Reason.TOO_LARGE, None)


@pytest.mark.parametrize(("count", "field"), [(201, "data.people"), (200, None)])
def test_more_people_than_can_be_routed_are_refused(count: int, field: str | None) -> None:
    event = read(police({"people": [person(f"p{number}") for number in range(count)]}))
    assert getattr(event, "field", None) == field


def test_more_actions_than_can_be_routed_are_refused() -> None:
    refusal = refused(marac({"actions": [{"id": str(number)} for number in range(501)]}))
    assert (refusal.field, refusal.reason) == ("data.actions", Reason.TOO_MANY)


@pytest.mark.parametrize(
    ("data", "field", "reason"),
    [
        ({"incident_types": [1] * 300_000}, "data", Reason.TOO_MANY),
        ({"people": [{}] * 200_000}, "data", Reason.TOO_MANY),
        ({"people": [person(relationships=[{"to": "x"}] * 6_000)]}, "data", Reason.TOO_BROKEN),
        ({"people": [person(relationships=[1] * 6_000)]}, "data", Reason.TOO_BROKEN),
        ({f"k{place}": 1 for place in range(6_000)}, "data", Reason.TOO_BROKEN),
    ],
)
def test_a_flood_is_refused_before_it_costs_much(data: Raw, field: str, reason: Reason) -> None:
    refusal = refused(police(data))
    assert (refusal.field, refusal.reason) == (field, reason)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (..., Reason.MISSING),
        (None, Reason.MISSING),
        ([], Reason.UNREADABLE),
        ("x", Reason.UNREADABLE),
    ],
)
def test_an_event_without_readable_data_is_refused(data: object, reason: Reason) -> None:
    refusal = refused(to_bytes(changed(police(), "data", data)))
    assert (refusal.field, refusal.reason) == ("data", reason)


@pytest.mark.parametrize("encoded", ["%%%", "bm90IGpzb24="])
def test_base64_data_that_are_not_json_are_refused(encoded: str) -> None:
    refusal = refused(to_bytes(police(data_base64=encoded) | {"data": None}))
    assert (refusal.field, refusal.reason) == ("data", Reason.UNREADABLE)


def test_data_given_twice_with_two_values_are_refused() -> None:
    body = to_bytes(police())
    twice = body[:-1] + b', "data": {"people": []}}'
    assert refused(twice).field == "data"


def test_people_given_twice_with_two_values_are_refused() -> None:
    data = json.dumps({"people": [person()]})[:-1] + ', "people": []}'
    body = json.dumps(police() | {"data": 0}).replace('"data": 0', f'"data": {data}').encode()
    refusal = refused(body)
    assert (refusal.field, refusal.reason) == ("data.people.0", Reason.NOT_A_PERSON)


def test_a_refusal_never_repeats_an_attribute_that_could_not_be_stored() -> None:
    refusal = refused(to_bytes(police(id="a\ud800", type="x")))
    assert refusal.id is None
    refusal = refused(to_bytes(police(id="x" * 300, type="x")))
    assert refusal.id is None
