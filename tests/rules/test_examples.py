"""The shared examples through reading and explaining: no Kafka, no database."""

import json

import pytest

from routing_rules.explain import Casebook, explain
from schemas.events import Event, Refused
from tests.builders import staffordshire
from tests.examples import Example, load_examples, read
from tests.expectations import Seen, unmet

EXAMPLES = load_examples()


def seen_of(example: Example) -> Seen:
    casebook = Casebook(staffordshire())
    for body in example.known:
        match read(body):
            case Event() as event:
                casebook.receive(event, event.time)
            case Refused():
                pass
    told: list[dict[str, object]] = []
    nobody: list[dict[str, object]] = []
    warned: list[str] = []
    refused = None
    for body in example.events:
        match read(body):
            case Refused() as refusal:
                refused = refusal.field
            case Event() as event:
                warned += [warning.field for warning in event.warnings]
                explained = json.loads(json.dumps(explain(event, casebook, event.time)))
                told += explained["decision"]["duties"]
                nobody += explained["decision"]["nobody"]
    return Seen(told=told, nobody=nobody, warned=warned, refused=refused)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_told_as_it_says(name: str) -> None:
    example = EXAMPLES[name]

    assert unmet(example.expect, seen_of(example)) == [], example.title
