import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import FieldWarning, Refused
from schemas.export import json_schemas
from schemas.reading import read_event
from schemas.reasons import Reason
from schemas.source_messages import CountedDay, Probe, read_source_message

PUBLISHER = "rjf-lichfield-miu"
EXAMPLE = Path(__file__).parents[3] / "docs" / "publishers" / "sources" / "daily-count.json"
PROBE_ID = "6b2c7f3e-0d5a-4a59-9a55-0c7a2f5d1e10"
Answer = CountedDay | Probe | Refused | None


def _count(**known: Any) -> dict[str, Any]:
    example: dict[str, Any] = json.loads(EXAMPLE.read_text("utf-8"))
    data = known.pop("data", {})
    return {**example, **known, "data": {**example["data"], **data}}


def _probe(**known: Any) -> dict[str, Any]:
    made = {
        "specversion": "1.0",
        "id": PROBE_ID,
        "source": f"urn:fieldfare:probe:{PUBLISHER}",
        "type": "fieldfare.probe.v1",
        "time": "2026-03-06T12:00:00+00:00",
        "data": {},
    }
    return {**made, **known}


def _read(message: object) -> Answer:
    return read_source_message(json.dumps(message).encode(), (), publisher=PUBLISHER)


def test_the_documented_daily_count_is_read_whole() -> None:
    found = _read(_count())

    assert isinstance(found, CountedDay)
    assert found.source == "urn:fieldfare:source:rjf-lichfield-miu"
    assert found.time == datetime(2026, 3, 7, 0, 10, tzinfo=UTC)
    assert (found.counted.day, found.counted.count) == (date(2026, 3, 6), 23)
    assert (found.counted.first_sequence, found.counted.last_sequence) == ("000412", "000434")
    assert found.warnings == ()


def test_the_documented_daily_count_fits_its_published_schema() -> None:
    schema = json_schemas()["fieldfare.source.daily-count.v1.json"]

    jsonschema.validate(_count(), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(_count(data={"count": -1}), schema)


def test_a_daily_count_in_binary_mode_is_read() -> None:
    attributes = {name: value for name, value in _count().items() if name != "data"}
    headers = [(f"ce_{name}", str(value).encode()) for name, value in attributes.items()]

    found = read_source_message(b'{"day": "2026-03-06", "count": 0}', headers, publisher=PUBLISHER)

    assert isinstance(found, CountedDay)
    assert found.counted.count == 0


def test_what_a_daily_count_says_beside_is_ignored_with_a_warning() -> None:
    found = _read(_count(data={"mood": "good"}))

    assert isinstance(found, CountedDay)
    assert found.warnings == (FieldWarning("data.mood", Reason.UNKNOWN_FIELD),)


@pytest.mark.parametrize(
    ("message", "field", "reason"),
    [
        (_count(data={"count": "23"}), "data.count", Reason.UNREADABLE),
        (_count(data={"count": True}), "data.count", Reason.UNREADABLE),
        (_count(data={"count": -1}), "data.count", Reason.UNREADABLE),
        (_count(data={"day": "0"}), "data.day", Reason.UNREADABLE),
        (_count(data={"day": "2026-03-08"}), "data.day", Reason.DAY_TO_COME),
        (_count(data={"first_sequence": "x"}), "data.first_sequence", Reason.UNREADABLE),
        ({**_count(), "data": {"day": "2026-03-06"}}, "data.count", Reason.MISSING),
        ({**_count(), "data": None}, "data", Reason.MISSING),
        ({**_count(), "data": [1]}, "data", Reason.UNREADABLE),
        (_count(time="soon"), "time", Reason.WRONG_TIME),
        (_count(source="urn:fieldfare:source:other"), "source", Reason.WRONG_PUBLISHER),
        (_probe(source="urn:fieldfare:probe:other"), "source", Reason.WRONG_PUBLISHER),
        (_probe(source=f"urn:else:{PUBLISHER}"), "source", Reason.NOT_OUR_PROBE),
        (_probe(id="17"), "id", Reason.NOT_OUR_PROBE),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_path(
    message: dict[str, Any], field: str, reason: Reason
) -> None:
    found = _read(message)

    assert isinstance(found, Refused)
    assert (found.field, found.reason) == (field, reason)


def test_a_probe_is_read_by_its_id() -> None:
    found = _read(_probe())

    assert isinstance(found, Probe)
    assert found.probe_id == UUID(PROBE_ID)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON, but fieldfare.probe.v1",
        b'{"type": "fieldfare.police.domestic-abuse.v1", "note": "fieldfare.probe.v1"}',
        b'{"type": "fieldfare.probe.v1", "type": "fieldfare.disclosure-scheme.v1"}',
    ],
)
def test_what_is_no_source_message_is_left_to_the_reader_of_events(body: bytes) -> None:
    found = read_source_message(body, (), publisher=PUBLISHER)

    assert found is None or isinstance(found, Refused)
    event = read_event(body, (), publisher=PUBLISHER, family="emergency")
    assert isinstance(event, Refused)


def test_headers_of_one_type_around_a_body_of_another_are_refused() -> None:
    found = read_source_message(
        json.dumps({**_count(), "type": "fieldfare.emergency.attendance.v1"}).encode(),
        [("ce_type", b"fieldfare.probe.v1")],
        publisher=PUBLISHER,
    )

    assert isinstance(found, Refused)
    assert (found.field, found.reason) == ("type", Reason.UNKNOWN_TYPE)


def test_a_message_over_1_mib_is_refused() -> None:
    found = _read(_probe(data="x" * 1_100_000))

    assert isinstance(found, Refused)
    assert found.reason == Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("sequence", "kept"),
    [("000017", "000017"), (17, "17"), ("x", None), ("1" * 19, None), (True, None), (None, None)],
)
def test_a_refused_event_keeps_its_number_so_that_it_is_not_taken_for_missing(
    sequence: object, kept: str | None
) -> None:
    event = {**_count(), "type": "fieldfare.emergency.attendance.v1", "sequence": sequence}

    found = read_event(json.dumps(event).encode(), (), publisher=PUBLISHER, family="emergency")

    assert isinstance(found, Refused)
    assert found.sequence == kept


@given(st.binary(), st.sampled_from([b"fieldfare.probe.v1", b"fieldfare.source.daily-count.v1"]))
def test_no_bytes_make_it_raise(noise: bytes, mark: bytes) -> None:
    read_source_message(noise + mark, (), publisher=PUBLISHER)
    body = b'{"specversion":"1.0","type":"' + mark + b'","data":' + noise + b"}"
    read_source_message(body, (), publisher=PUBLISHER)
