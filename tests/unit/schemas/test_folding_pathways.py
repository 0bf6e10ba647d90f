"""Folding the events of the pathways: the order of arrival and repeats change nothing."""

import copy
import itertools
from enum import StrEnum
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.events import DATA_MODELS, Event
from schemas.folding import fold
from schemas.occurrence import occurrence_key
from schemas.shape import shape_of
from schemas.values import EventType
from tests.builders import an_event
from tests.documented import ROUTED_PATHWAYS, people_in
from tests.unit.schemas.letters import Raw, accepted

_RELAXED = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def _alternatives(event_type: EventType, name: str, value: Any) -> st.SearchStrategy[Any]:
    """What else the field may say, as the model has it."""
    annotation = DATA_MODELS[event_type].model_fields[name if name != "for" else "for_"].annotation
    kinds = [annotation, *get_args(annotation)]
    closed = next((k for k in kinds if isinstance(k, type) and issubclass(k, StrEnum)), None)
    if closed is not None and name != "status":
        word = st.sampled_from([member.value for member in closed])
        return st.lists(word, max_size=2) if isinstance(value, list) else word
    if isinstance(value, int):
        return st.integers(0, 5)
    return st.just(value)


@st.composite
def _told_again(draw: st.DrawFn, event_type: EventType, references: frozenset[str]) -> Raw:
    """The documented event with some of it left out, changed, or entered in error."""
    event: Raw = copy.deepcopy(ROUTED_PATHWAYS[event_type])
    data = event["data"]
    required = shape_of(DATA_MODELS[event_type]).required
    for name in sorted(data.keys() - references):
        if name in {"patient", "mother", "people", "babies", "invitees"}:
            continue
        change = draw(st.sampled_from(["keep", "leave out", "change"]))
        if change == "leave out" and name not in required:
            del data[name]
        elif change == "change":
            data[name] = draw(_alternatives(event_type, name, data[name]))
    for person in people_in(event):
        person.update(draw(_SOMETHING))
    if len(data.get("people", ())) > 1 and draw(st.booleans()):
        data["people"].pop()
    data["status"] = draw(st.sampled_from(["new", "updated", "cancelled"]))
    event["time"] = f"2026-03-06T2{draw(st.integers(0, 2))}:00:00Z"
    return event


_SOMETHING: st.SearchStrategy[Raw] = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["active", "entered_in_error"]),
        "sex": st.sampled_from(["female", "male", "unknown"]),
        "gp_practice": st.sampled_from(["Y90004", "Y90016"]),
    },
)


@pytest.mark.parametrize("event_type", ROUTED_PATHWAYS, ids=str)
@_RELAXED
@given(data=st.data())
def test_the_order_of_arrival_and_repeats_change_nothing(
    event_type: EventType, data: st.DataObject
) -> None:
    references = _references(event_type)
    told = data.draw(st.lists(_told_again(event_type, references), min_size=2, max_size=3))
    events: list[Event] = [accepted({**one, "id": f"e{n}"}) for n, one in enumerate(told)]

    folded = fold(events)

    assert len({occurrence_key(event) for event in events}) == 1
    for order in itertools.permutations(events):
        assert fold(order) == folded
        assert fold([*order, order[0]]) == folded


def _references(event_type: EventType) -> frozenset[str]:
    """Fields that name the occurrence: texts and days, so that nothing else is left as it is."""
    data = ROUTED_PATHWAYS[event_type]["data"]
    ends = ("_id", "_reference", "_on")
    return frozenset(name for name in data if name.endswith(ends))


@pytest.mark.parametrize("told", [(["fgm"], []), ([], ["fgm"]), (["fgm"], None), ([], [])])
def test_a_concern_in_a_pregnancy_that_names_nothing_adds_nothing(
    told: tuple[list[str], list[str] | None],
) -> None:
    mother = {"ref": "m", "role": "patient"}
    concerns = [{} if each is None else {"concerns": each} for each in told]
    events = [
        an_event(EventType.MATERNITY_CONCERN, {"mother": mother, **each}, event_id=f"e{number}")
        for number, each in enumerate(concerns)
    ]

    assert fold(events).concerns == (("fgm",) if ["fgm"] in told else ("unknown",))  # type: ignore[union-attr]
