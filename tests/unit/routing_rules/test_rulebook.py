"""A rulebook is one reviewed whole, named by the hash of its content."""

from collections.abc import Mapping

import pytest

from routing_rules.rulebook import content_hash, load_rulebook
from routing_rules.source_text import RulebookInvalid
from schemas.values import EventType
from tests.builders import rulebook_files, rulebook_with, staffordshire

FILES = rulebook_files("staffordshire")


def problems(files: Mapping[str, str]) -> list[str]:
    with pytest.raises(RulebookInvalid) as caught:
        load_rulebook(files)
    return [str(problem) for problem in caught.value.problems]


def test_a_rulebook_is_named_by_its_content() -> None:
    rulebook = staffordshire()

    assert rulebook.label == f"staffordshire@sha256:{content_hash(FILES)}"
    assert rulebook.files == FILES


def test_the_order_of_files_does_not_matter_and_every_letter_does() -> None:
    backwards = dict(reversed(list(FILES.items())))
    changed = {**FILES, "settings.yaml": FILES["settings.yaml"] + " "}

    assert content_hash(backwards) == content_hash(FILES)
    assert content_hash(changed) != content_hash(FILES)


def test_where_one_file_ends_and_the_next_begins_matters() -> None:
    assert content_hash({"a": "bc", "d": ""}) != content_hash({"a": "b", "cd": ""})
    assert content_hash({"a": "b", "c": "d"}) != content_hash({"abc": "d"})


def test_rules_are_found_by_the_event_that_they_are_about() -> None:
    rules = staffordshire().rules_for(EventType.POLICE_DOMESTIC_ABUSE)

    assert rules[0].name == "da-pregnant-victim"
    assert {rule.event for rule in rules} == {EventType.POLICE_DOMESTIC_ABUSE}


def test_all_problems_of_all_files_come_at_once() -> None:
    found = problems({**FILES, "rules/police.yaml": "- rul: x", "disclosure.yaml": "- x"})

    assert {problem.split(":")[0] for problem in found} == {"rules/police.yaml", "disclosure.yaml"}


def test_a_missing_file_is_named() -> None:
    files = {path: text for path, text in FILES.items() if path != "disclosure.yaml"}

    assert problems(files) == ["disclosure.yaml:1:1: this file is missing"]


def test_a_rulebook_without_rules_is_none() -> None:
    files = {path: text for path, text in FILES.items() if not path.startswith("rules/")}

    assert problems(files) == ["rules:1:1: the rulebook has no rules/*.yaml"]


def test_a_county_without_mash_has_nobody_for_what_has_no_recipient() -> None:
    teams = FILES["directory/teams.csv"]
    without = "\n".join(line for line in teams.splitlines() if not line.startswith("MASH:mash"))

    with pytest.raises(RulebookInvalid, match="no MASH team serves the county"):
        rulebook_with(**{"directory/teams.csv": without})
