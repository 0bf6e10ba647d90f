"""Folding, over random events: order and repeats change nothing, an older event only adds."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.events import Event
from schemas.folding import fold
from tests.unit.schemas.letters import (
    TODDLER,
    VICTIM,
    Raw,
    accepted,
    police,
)

START = datetime.fromisoformat("2026-03-06T22:00:00+00:00")


def at(minute: int) -> str:
    return (START + timedelta(minutes=minute)).isoformat()


def police_events(*datas: Raw) -> list[Event]:
    return [
        accepted(police(data, id=f"e{place}", time=at(place))) for place, data in enumerate(datas)
    ]


def _ref(one: Raw) -> str:
    return str(one["ref"])


_SOMEBODY: st.SearchStrategy[Raw] = st.fixed_dictionaries(
    {
        "ref": st.sampled_from(["p1", "p2", "p3"]),
        "role": st.sampled_from(["victim", "child_present", "alleged_perpetrator"]),
    },
    optional={
        "status": st.sampled_from(["active", "entered_in_error"]),
        "nhs_number": st.sampled_from([VICTIM, TODDLER, "unknown"]),
        "nhs_number_status": st.sampled_from(["verified", "unverified", "absent"]),
        "sex": st.sampled_from(["female", "male", "unknown"]),
        "date_of_birth": st.sampled_from(["1996-04-11", "2019-01-01", "unknown"]),
        "address": st.fixed_dictionaries(
            {},
            optional={
                "postcode": st.sampled_from(["A", "B", "unknown"]),
                "district": st.sampled_from(["E1", "E2"]),
            },
        ),
        "relationships": st.lists(
            st.fixed_dictionaries(
                {"to": st.sampled_from(["p1", "p2", "p3"])},
                optional={"is": st.sampled_from(["parent", "partner", "unknown"])},
            ),
            max_size=2,
        ),
    },
)
_DATA: st.SearchStrategy[Raw] = st.fixed_dictionaries(
    {"people": st.lists(_SOMEBODY, min_size=1, max_size=3, unique_by=_ref)},
    optional={
        "risk": st.sampled_from(["high", "standard", "not_assessed"]),
        "status": st.sampled_from(["new", "updated", "cancelled"]),
        "incident_types": st.lists(st.sampled_from(["physical", "threats"]), max_size=2),
        "headline": st.sampled_from(["one", "two"]),
        "location": st.fixed_dictionaries(
            {}, optional={"type": st.sampled_from(["home", "street"]), "postcode": st.just("A")}
        ),
    },
)
_UNKNOWN = {"unknown", "not_assessed", "absent"}
_MINUTES = st.lists(st.integers(0, 2), min_size=4, max_size=4)


@settings(max_examples=60, deadline=None)
@given(datas=st.lists(_DATA, min_size=1, max_size=4), minutes=_MINUTES)
def test_the_order_of_arrival_and_repeats_change_nothing(
    datas: list[Raw], minutes: list[int]
) -> None:
    events = [
        accepted(police(data, id=f"e{place}", time=at(minutes[place])))
        for place, data in enumerate(datas)
    ]
    told = fold(events)
    for order in itertools.permutations(events):
        assert fold(order) == told
        assert fold([*order, order[0]]) == told


@settings(max_examples=150, deadline=None)
@given(older=_DATA, datas=st.lists(_DATA, min_size=1, max_size=3))
def test_an_older_event_that_arrives_late_only_adds(older: Raw, datas: list[Raw]) -> None:
    events = police_events(*datas)
    late = accepted(police(older, id="late", time=at(-1)))
    before = fold(events)
    after = fold([*events, late])
    assert_only_added(without_unset(before), without_unset(after))
    assert after.status == before.status


def without_unset(data: Any) -> Raw:
    return dict(data.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True))


def assert_only_added(before: Any, after: Any) -> None:
    if isinstance(before, dict):
        for name, value in before.items():
            if not isinstance(value, str) or value not in _UNKNOWN:
                assert_only_added(value, after[name])
    elif isinstance(before, list) and before and isinstance(before[0], dict):
        key = "ref" if "ref" in before[0] else "to"
        for entry in before:
            candidates = [other for other in after if other[key] == entry[key]]
            assert candidates
            if key == "ref":
                assert_only_added(entry, candidates[0])
            elif entry.get("is", "unknown") != "unknown":
                assert entry in candidates
    elif isinstance(before, list):
        assert all(entry in after for entry in before)
    else:
        assert before == after
