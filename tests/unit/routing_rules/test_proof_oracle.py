"""A solver that shares nothing with the boxes comes to the same verdicts."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from routing_rules.boxes import Budget
from routing_rules.example_events import Example
from routing_rules.example_people import OTHER_REF
from routing_rules.gap_check import checked_example
from routing_rules.promises import Promises
from routing_rules.proof import NOBODY_IS_SO, Verdict, prove
from routing_rules.proof_ground import ground_of
from routing_rules.vocabulary import EventVocabulary
from tests.builders import staffordshire
from tests.promise_kit import ON
from tests.proof_strategies import MANY, counties, promises
from tests.z3_oracle import Oracle

ENOUGH = 500_000
"""Steps, some seconds: few made rulebooks ask for more, and those are left to be undecided."""
EVENTS = list(staffordshire().vocabulary.values())


@pytest.mark.parametrize("kind", EVENTS, ids=lambda each: each.phrase)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_boxes_and_solver_agree(kind: EventVocabulary, data: st.DataObject) -> None:
    promise = data.draw(promises(kind))
    rulebook = replace(data.draw(counties(kind)), promises=Promises((promise,)))
    ground = ground_of(rulebook, kind, ON, Budget(MANY))
    oracle = Oracle(ground)

    result = prove(promise, ground, steps=ENOUGH)
    assume(result.verdict is not Verdict.UNDECIDED)

    if result.because == NOBODY_IS_SO:
        assert not oracle.can_hold(promise)
    else:
        assert (result.verdict is Verdict.GAP) is oracle.has_gap(promise)
    for gap in result.gaps[:1]:
        checked = checked_example(promise, gap, ground.space, rulebook)
        if checked.example is not None and not stands_twice(checked.example):
            assert checked.doubt is None, checked.doubt


def stands_twice(example: Example) -> bool:
    """Whether the human stands in the event under another ref too, which proofs leave aside."""
    return OTHER_REF in json.dumps(example.event)
