"""The shared examples that reading alone must decide."""

import pytest

from schemas.events import Event, Refused
from tests.examples import load_examples, read

EXAMPLES = load_examples()
REFUSED = [name for name, example in EXAMPLES.items() if "refused" in example.expect]
WARNED = [name for name, example in EXAMPLES.items() if "warned" in example.expect]


def test_there_are_such_examples() -> None:
    assert {"refused-disclosure-scheme"} <= set(REFUSED)
    assert {"warned-bad-nhs-number"} <= set(WARNED)


@pytest.mark.parametrize("name", [name for name, example in EXAMPLES.items() if example.known])
def test_what_is_known_is_accepted_without_a_warning(name: str) -> None:
    for raw in EXAMPLES[name].known:
        event = read(raw)
        assert isinstance(event, Event)
        assert event.warnings == ()


@pytest.mark.parametrize("name", REFUSED)
def test_what_must_be_refused_is_refused_at_its_field(name: str) -> None:
    example = EXAMPLES[name]
    for event in example.events:
        refusal = read(event)
        assert isinstance(refusal, Refused)
        assert refusal.field == example.expect["refused"]
        assert not refusal.keep_bytes


@pytest.mark.parametrize("name", WARNED)
def test_what_must_be_warned_about_is_and_nothing_leaks(name: str) -> None:
    example = EXAMPLES[name]
    for raw in example.events:
        event = read(raw)
        assert isinstance(event, Event)
        fields = [warning.field for warning in event.warnings]
        assert fields == example.expect["warned"]
        for secret in example.expect["must_not_leak"]:
            assert secret not in repr(event)
