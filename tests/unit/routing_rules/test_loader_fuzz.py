"""No text makes the loader raise, and what it lets through always compiles."""

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing_rules.compiler import compile_rules
from tests.rule_text import Written
from tests.unit.routing_rules.rule_files import VALID, VOCABULARY, load

VALUES: Written = yaml.load(VALID, Loader=yaml.BaseLoader)  # noqa: S506 - knows only text
WORDS = st.sampled_from(sorted(set(VALID.replace(",", " ").split())))
MARKS = st.sampled_from(list("[]{}:,-&*!|>'\"#\n\t~ "))


@st.composite
def changed_texts(draw: st.DrawFn) -> str:
    """The valid file with some places deleted, doubled, or replaced by something else."""
    text = VALID
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        piece = draw(WORDS | MARKS | st.text(max_size=5) | st.just(text[start:end] * 2))
        text = text[:start] + piece + text[end:]
    return text


def parts_of(value: Written) -> list[Written]:
    """A value and everything in it."""
    inside = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return [value, *(part for each in inside for part in parts_of(each))]


def exchanged(value: Written, old: Written, new: Written) -> Written:
    """The value with one part of it, itself and not its like, replaced."""
    if value is old:
        return new
    if isinstance(value, list):
        return [exchanged(each, old, new) for each in value]
    if isinstance(value, dict):
        return {name: exchanged(each, old, new) for name, each in value.items()}
    return value


@st.composite
def changed_values(draw: st.DrawFn) -> Written:
    """The valid file's values, here and there one of another kind or under another key."""
    values = VALUES
    texts: st.SearchStrategy[Written] = WORDS | st.just("")
    others = texts | st.lists(texts, max_size=2) | st.dictionaries(WORDS, texts, max_size=2)
    for _ in range(draw(st.integers(1, 3))):
        part = draw(st.sampled_from(parts_of(values)))
        other = draw(others)
        if isinstance(part, dict) and draw(st.booleans()):
            other = {draw(WORDS): each for each in part.values()}
        values = exchanged(values, part, other)
    return values


def assert_nothing_is_lost(text: str) -> None:
    """Each block is there, or a problem says why not; and what is there compiles."""
    document, problems = load(text)
    compile_rules(document, VOCABULARY)
    if not problems.found:
        written = yaml.load(text, Loader=yaml.BaseLoader) or []  # noqa: S506 - knows only text
        assert len(document.rules) + len(document.withholds) == len(written)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(changed_texts())
def test_no_changed_text_makes_it_raise(text: str) -> None:
    assert_nothing_is_lost(text)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(changed_values())
def test_no_changed_value_makes_it_raise(values: Written) -> None:
    assert_nothing_is_lost(yaml.safe_dump(values, sort_keys=False))
