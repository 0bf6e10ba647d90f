"""The shared examples through reading and explaining: no Kafka, no database."""

import json

import pytest

from routing_rules.explain import Casebook, explain
from schemas.events import Event, Refused
from tests.builders import staffordshire
from tests.examples import Example, load_examples, read
from tests.expectations import Seen, unmet

EXAMPLES = load_examples()
NOT_YET = {
    "ed-frequent-across-sites": "counting attendances needs the register's history",
    "ed-hidden-child": "a child whom only the register knows needs the register",
    "police-pregnancy-known-only-to-register": "a booking needs the register",
    "police-pregnant-booked-elsewhere": "a booking needs the register",
}
"""What later issues bring; each must leave this list when it passes."""


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


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in NOT_YET])
def test_an_example_is_told_as_it_says(name: str) -> None:
    example = EXAMPLES[name]

    assert unmet(example.expect, seen_of(example)) == [], example.title


@pytest.mark.parametrize("name", NOT_YET)
def test_an_example_that_waits_for_the_register_still_fails(name: str) -> None:
    example = EXAMPLES[name]

    assert unmet(example.expect, seen_of(example)) != [], f"{name} passes: take it off the list"
