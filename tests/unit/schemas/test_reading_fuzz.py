"""Whatever arrives, reading answers; and nothing that arrived is in an answer's reasons."""

import copy
import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemas.careful import read_carefully
from schemas.events import Event, Refused
from schemas.folding import fold
from schemas.reading import read_event
from schemas.reasons import Reason
from schemas.shape import people_of
from tests.documented import PATHWAYS
from tests.unit.schemas.letters import (
    TODDLER,
    VICTIM,
    Raw,
    binary,
    booking,
    emergency,
    family_link,
    marac,
    person,
    police,
    registration,
    to_bytes,
)

_NUMBER = "9990000018"
_TOPICS = {
    "police": "staffordshire-police",
    "emergency": "rjf-queens-ed",
    "marac": "staffordshire-marac",
    "registration": "registration",
    "maternity": "rje-maternity",
    "social-care": "staffordshire-social-care",
    "community": "r1e-community",
}
_PATHWAYS = list(PATHWAYS.values())


def _publisher(event: Raw) -> str:
    return _TOPICS[str(event["type"]).split(".")[1]]


_HOME = {"lines": ["1 Test Road"], "postcode": "ZZ99 3CZ", "district": "E07000193"}
_FULL = person(
    "p1",
    nhs_number=VICTIM,
    nhs_number_status="verified",
    name={"given": "Asha", "family": "Example"},
    date_of_birth="1996-04-11",
    sex="female",
    pregnant="yes",
    expected_due_date="2026-08-20",
    address=_HOME,
    school={"urn": "900001", "type": "state"},
    relationships=[{"to": "p2", "is": "parent"}],
)
_CHILD = person("p2", "child_present", nhs_number=TODDLER)
_FLAG = {"kind": "looked_after", "state": "active", "from": "2026-01-05", "authority": "E1"}
_GOOD = [
    police({"people": [_FULL, _CHILD], "incident_types": ["physical"], "do_not_tell": ["RJF:gp"]}),
    emergency({"people": [_FULL, _CHILD], "codes": [{"system": "s", "code": "c"}]}),
    marac({"people": [_FULL, _CHILD]}),
    registration({"person": _FULL | {"sex": None}, "flags": [_FLAG], "deceased_on": None}),
    family_link({"ended_at": "2026-02-05T09:00:00Z"}),
    booking({"mother": _FULL, "status": "updated"}),
    *({**event, "source": f"urn:fieldfare:source:{_publisher(event)}"} for event in _PATHWAYS),
]
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["unknown", "", " ", "0", _NUMBER, "9990000019", "p1", "2026-03-06", "yes"])
    | st.text(st.characters(), max_size=8)
    | st.datetimes().map(str)
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
_RELAXED = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key) within a JSON value."""
    entries: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        entries = [(value, key) for key in value]
    elif isinstance(value, list):
        entries = [(value, place) for place in range(len(value))]
    return entries + [found for holder, key in entries for found in _places(holder[key])]


@st.composite
def _damaged(draw: st.DrawFn) -> Raw:
    """A good event with some of its parts replaced, removed or added to."""
    message: Raw = copy.deepcopy(draw(st.sampled_from(_GOOD)))
    for _ in range(draw(st.integers(0, 4))):
        holder, key = draw(st.sampled_from(_places(message)))
        change = draw(st.sampled_from(["replace", "remove", "add"]))
        if change == "replace":
            holder[key] = draw(_VALUES)
        elif change == "remove":
            del holder[key]
        elif isinstance(holder, dict):
            holder[draw(st.text(max_size=70) | st.just(_NUMBER))] = draw(_VALUES)
        else:
            holder.append(draw(_VALUES))
    return message


def _answer(body: bytes, headers: list[tuple[str, bytes]], family: str) -> Event | Refused:
    answer = read_event(body, headers, publisher=_TOPICS[family], family=family)
    faults = [answer] if isinstance(answer, Refused) else list(answer.warnings)
    for fault in faults:
        assert fault.reason in set(Reason)
        assert _NUMBER not in fault.field
        assert fault.field.isprintable()
        assert len(fault.field) < 1000
    return answer


@_RELAXED
@given(body=st.binary(max_size=200))
@example(body=b"")
@example(body=b"\xef\xbb\xbf{}")
@example(body=b'{"a":' * 3000)
@example(body=b'{"specversion":"1.0","data_base64":"W10="}')
def test_any_bytes_are_answered(body: bytes) -> None:
    assert isinstance(_answer(body, [], "police"), Refused)
    _, headers = binary(police())
    _answer(body, headers, "police")


@_RELAXED
@given(value=_VALUES)
def test_any_json_is_answered(value: object) -> None:
    assert isinstance(_answer(json.dumps(value).encode(), [], "police"), Refused)


@_RELAXED
@given(
    body=st.binary(max_size=50),
    headers=st.lists(
        st.tuples(
            st.sampled_from(["ce_id", "ce_type", "ce_time", "ce_source", "ce_specversion", "ce_x"])
            | st.text(max_size=5),
            st.binary(max_size=20) | st.sampled_from([b"1.0", b"urn:staffordshire-police"]),
        ),
        max_size=6,
    ),
)
def test_any_headers_are_answered(body: bytes, headers: list[tuple[str, bytes]]) -> None:
    _answer(body, headers, "police")


@_RELAXED
@given(message=_damaged(), data=st.data())
def test_any_damage_is_answered_and_both_ways_of_reading_agree(
    message: Raw, data: st.DataObject
) -> None:
    family = data.draw(st.sampled_from(list(_TOPICS)))
    if "type" in message and isinstance(message["type"], str) and message["type"].count(".") == 3:
        family = (
            message["type"].split(".")[1] if message["type"].split(".")[1] in _TOPICS else family
        )
    body = to_bytes(message)
    answer = _answer(body, [], family)
    carefully = read_carefully(body, {}, publisher=_TOPICS[family], family=family)
    assert answer == carefully
    if isinstance(answer, Event):
        again = type(answer.data).model_validate_json(
            answer.data.model_dump_json(by_alias=True, exclude_unset=True)
        )
        assert again == answer.data


@_RELAXED
@given(message=st.sampled_from(_GOOD), cut=st.integers(0, 400), junk=st.binary(max_size=4))
def test_any_corruption_of_the_bytes_is_answered(message: Raw, cut: int, junk: bytes) -> None:
    body = to_bytes(message)
    family = str(message["type"]).split(".")[1]
    broken = body[:cut] + junk + body[cut + 1 :]
    answer = _answer(broken, [], family)
    assert answer == read_carefully(broken, {}, publisher=_TOPICS[family], family=family)


@_RELAXED
@given(message=_damaged())
def test_what_is_accepted_can_be_stored(message: Raw) -> None:
    family = next((name for name in _TOPICS if name in str(message.get("type"))), "police")
    answer = _answer(to_bytes(message), [], family)
    if isinstance(answer, Event):
        text = answer.data.model_dump_json(by_alias=True)
        assert "\\u0000" not in text
        text.encode()
        for attribute in (answer.id, answer.source):
            assert "\0" not in attribute
            assert len(attribute.encode()) <= 1024


@_RELAXED
@given(messages=st.lists(_damaged(), min_size=2, max_size=3))
def test_whatever_is_accepted_folds(messages: list[Raw]) -> None:
    accepted = []
    for place, message in enumerate(messages):
        family = next((name for name in _TOPICS if name in str(message.get("type"))), "police")
        answer = _answer(to_bytes(message | {"id": f"e{place}"}), [], family)
        if isinstance(answer, Event):
            accepted.append(answer)
    for event in accepted:
        alike = [other for other in accepted if other.type == event.type]
        data = fold(alike)
        assert fold(alike[::-1]) == data
        refs = [one.ref for _, one in people_of(data)]
        assert len(refs) == len(set(refs))
