"""Who may see what: the table is read strictly, and every notice holds no more than it allows."""

import pytest

from routing_rules.disclosure import Disclosure, Part, load_disclosure
from routing_rules.event_fields import EVENT_FIELDS
from routing_rules.fields import phrase_of
from routing_rules.source_text import Problems
from routing_rules.vocabulary import build_vocabulary
from schemas.values import Service
from tests.builders import (
    MARAC,
    POLICE,
)


def load(text: str) -> tuple[Disclosure, list[str]]:
    problems = Problems()
    table = load_disclosure("disclosure.yaml", text, build_vocabulary(()), problems)
    return table, [str(problem) for problem in sorted(problems.found)]


MISSPELT = (
    "disclosure.yaml:1:1: 'marac outcom' is not a kind of event; allowed: "
    f"{', '.join(map(phrase_of, EVENT_FIELDS))}; did you mean 'marac outcome'?"
)


def test_an_audience_sees_what_is_listed_and_nothing_else() -> None:
    table, problems = load("marac outcome:\n  gp: [risk]\n  gp about a child: [headline]\n")

    assert problems == []
    assert table.parts(MARAC, Service.GP, about_child=False) == {Part.RISK}
    assert table.parts(MARAC, Service.GP, about_child=True) == {Part.HEADLINE}
    assert table.parts(MARAC, Service.CAMHS, about_child=False) == frozenset()
    assert table.parts(POLICE, Service.GP, about_child=False) == frozenset()


def test_a_practice_without_a_table_for_children_sees_nothing_of_them() -> None:
    """To fall back on the table for victims would tell more than anybody has allowed."""
    table, _ = load("marac outcome:\n  gp: [risk]\n")

    assert table.parts(MARAC, Service.GP, about_child=True) == frozenset()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- gp", "disclosure.yaml:1:1: a disclosure table names kinds of events"),
        (
            "marac outcom: {gp: []}",
            MISSPELT,
        ),
        ("marac outcome: gp", "disclosure.yaml:1:16: a list of audiences is expected here"),
        ("marac outcome: {gp: risk}", "disclosure.yaml:1:21: a list of parts is expected here"),
        (
            "marac outcome: {gp: {risk: yes}}",
            "disclosure.yaml:1:21: a list of parts is expected here",
        ),
        (
            "marac outcome: {gp: [[risk]]}",
            "disclosure.yaml:1:22: the name of a part is expected here",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, problem: str) -> None:
    assert load(text)[1] == [problem]


@pytest.mark.parametrize(
    ("text", "start", "hint"),
    [
        ("marac outcome: {gpp: []}", "disclosure.yaml:1:17: 'gpp' is not a", "mean 'gp'?"),
        ("marac outcome: {gp: [rsk]}", "disclosure.yaml:1:22: 'rsk' is not a", "mean 'risk'?"),
    ],
)
def test_a_word_that_is_not_known_is_set_right(text: str, start: str, hint: str) -> None:
    (problem,) = load(text)[1]

    assert problem.startswith(start)
    assert problem.endswith(hint)


def test_an_empty_table_allows_nothing() -> None:
    assert load("") == (Disclosure({}), [])
