"""The published schemas are fresh, and say of the shared examples what our reading says."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import schemas
from schemas.events import Event
from schemas.export import asyncapi, json_schemas, rendered
from schemas.values import EventType
from tests.documented import DOCUMENTED
from tests.examples import load_examples, read

GENERATED = Path(schemas.__file__).parent / "generated"
SCHEMAS = json_schemas()
READ_TYPES = {event_type.value for event_type in EventType}
FAMILY_LINK = EventType.REGISTRATION_FAMILY_LINK.value
ABOUT_NOBODY = {FAMILY_LINK, EventType.REGISTRATION_IDENTITY.value}
EMPTY_IS_READ = {EventType.MATERNITY_ENDED.value}
"""Whose data may leave out everything, for the register to say."""
EVENTS = {f"documented-{name}": event for name, event in DOCUMENTED.items()} | {
    f"{name}-{place}": event
    for name, one in load_examples().items()
    for place, event in enumerate((*one.known, *one.events))
    if event["type"] in READ_TYPES
}


def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(SCHEMAS[f"{name}.json"])


def test_the_generated_files_are_fresh() -> None:
    """Stale? Run `fieldfare schemas export`."""
    stored = {path.name: path.read_text("utf-8") for path in GENERATED.glob("*.json")}
    assert stored == dict(rendered())


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$id"].endswith(name.removesuffix(".json"))


def test_every_event_type_has_a_schema() -> None:
    assert {f"{name}.json" for name in READ_TYPES} <= SCHEMAS.keys()


@pytest.mark.parametrize("name", EVENTS)
def test_the_examples_are_valid_and_read(name: str) -> None:
    event = EVENTS[name]
    assert isinstance(read(event), Event)
    validator(event["type"]).validate(event)


def broken(event: Mapping[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(event))  # type: ignore[no-any-return]


@pytest.mark.parametrize("event_type", sorted(READ_TYPES))
@pytest.mark.parametrize(
    "damage",
    [
        {"specversion": "0.3"},
        {"id": ""},
        {"type": "fieldfare.police.burglary.v1"},
        {"time": "yesterday"},
        {"data": {}},
        {"data": None},
    ],
)
def test_a_broken_envelope_is_not_valid(event_type: str, damage: dict[str, Any]) -> None:
    event = next(event for event in EVENTS.values() if event["type"] == event_type)
    if damage == {"data": {}} and event_type in EMPTY_IS_READ:
        damage = {"data": []}
    assert not validator(event_type).is_valid({**event, **damage})


@pytest.mark.parametrize("event_type", sorted(READ_TYPES - ABOUT_NOBODY - EMPTY_IS_READ))
def test_broken_data_are_not_valid(event_type: str) -> None:
    event = next(event for event in EVENTS.values() if event["type"] == event_type)
    is_valid = validator(event_type).is_valid
    with_role, with_field, with_sex, without_ref = (broken(event) for _ in range(4))
    for copied, name, value in (
        (with_role, "role", "witness"),
        (with_field, "shoe_size", 4),
        (with_sex, "sex", "f"),
    ):
        person_of(copied)[name] = value
        assert not is_valid(copied)
    del person_of(without_ref)["ref"]
    assert not is_valid(without_ref)


def person_of(event: Mapping[str, Any]) -> dict[str, Any]:
    data = event["data"]
    alone = [data[name] for name in ("patient", "person", "mother") if name in data]
    return alone[0] if alone else data["people"][0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("change", [{"is": "aunt"}, {"from": 7}, {"to": ""}, {"since": 1}])
def test_a_broken_family_link_is_not_valid(change: dict[str, Any]) -> None:
    event = next(event for event in EVENTS.values() if event["type"] == FAMILY_LINK)
    is_valid = validator(FAMILY_LINK).is_valid
    assert not is_valid({**event, "data": {**event["data"], **change}})


def test_the_word_unknown_is_valid_where_something_is_optional() -> None:
    event = broken(EVENTS["police-pregnant-family-0"])
    person_of(event).update(
        {"date_of_birth": "unknown", "gp_practice": "unknown", "school": "unknown"}
    )
    validator(event["type"]).validate(event)
    assert isinstance(read(event), Event)


RECEIPT = {
    "notification_id": "7b1c7c33-8a55-5f0e-9b5e-0d4b0d0a0001",
    "status": "acknowledged",
    "at": "2026-03-06T23:00:00Z",
    "by": "A. Midwife",
}


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        ({}, True),
        ({"by": None}, False),
        ({"by": None, "status": "received"}, True),
        ({"status": "seen"}, False),
        ({"extra": 1}, False),
    ],
)
def test_a_receipt_needs_a_name_unless_only_received(
    change: dict[str, Any], *, valid: bool
) -> None:
    assert validator("fieldfare.receipt.v1").is_valid(RECEIPT | change) is valid


def test_the_asyncapi_document_refers_only_to_what_there_is() -> None:
    document = asyncapi()
    references = list(references_in(document))
    assert len(references) > 20
    for reference in references:
        if reference.startswith("./"):
            assert reference.removeprefix("./") in SCHEMAS
        else:
            found: Any = document
            for step in reference.removeprefix("#/").split("/"):
                found = found[step]


def references_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for part in value.values() for found in references_in(part)]
    if isinstance(value, list):
        return [found for part in value for found in references_in(part)]
    return []


def test_the_asyncapi_document_has_the_contracts_topics() -> None:
    channels = asyncapi()["channels"]
    assert {channel["address"] for channel in channels.values()} == {
        "fieldfare.events.{family}.{publisher}",
        "fieldfare.replies.{publisher}",
        "fieldfare.queue.{service}.{organisation}",
        "fieldfare.queue.gp.practices",
        "fieldfare.receipts.{organisation}",
        "fieldfare.dead-letters",
        "fieldfare.checkpoints",
    }
    for channel in channels.values():
        named = {part.strip("{}") for part in channel["address"].split(".") if "{" in part}
        assert set(channel.get("parameters", {})) == named
