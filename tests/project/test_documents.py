"""What the documents say is true: links lead somewhere, snippets are what they seem."""

import json
import re
from pathlib import Path

import pytest

from routing_rules.escalation_loader import load_escalation
from routing_rules.explain import Casebook
from routing_rules.loader import load_rules
from routing_rules.promises_loader import load_promises
from routing_rules.source_text import Problems
from schemas.events import Event
from schemas.receipt import Said, read_receipt
from tests.builders import staffordshire
from tests.examples import read

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")
SNIPPET = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LANGUAGES = {"sh", "console", "text", "yaml"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def snippets(path: Path, language: str) -> list[str]:
    return [text for kind, text in SNIPPET.findall(path.read_text("utf-8")) if kind == language]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_snippet_is_of_a_kind_that_some_test_executes(path: Path) -> None:
    kinds = {kind for kind, _ in SNIPPET.findall(path.read_text("utf-8"))}
    assert kinds <= LANGUAGES


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_rules_in_documents_load(path: Path) -> None:
    for number, text in enumerate(snippets(path, "yaml")):
        problems, words = Problems(), staffordshire().vocabulary
        if text.startswith("on call:"):
            assert load_escalation(text, staffordshire().directory, problems).ladders
        elif text.startswith(("- promise", "- fact")):
            promises = load_promises(text, words, staffordshire().document.withholds, problems)
            assert promises.promises
        else:
            document = load_rules({f"rules/{number}.yaml": text}, words, problems)
            assert document.rules or document.withholds
        problems.raise_if_any()


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_make_targets_in_documents_exist(path: Path) -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for text in snippets(path, "sh"):
        for line in text.splitlines():
            words = line.split()
            assert words[0] == "make", line
            assert words[1] in targets, line


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "publishers").glob("*.json")), ids=name_of)
def test_examples_for_publishers_are_accepted_without_a_warning(path: Path) -> None:
    event = read(json.loads(path.read_text("utf-8")))

    assert isinstance(event, Event)
    assert event.warnings == ()


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "receipts").glob("*.json")), ids=name_of)
def test_examples_for_receiving_teams_answer_the_notice_of_the_readme(path: Path) -> None:
    said = read_receipt(path.read_bytes(), ())
    event = ROOT / "docs" / "publishers" / "police-domestic-abuse.json"
    told = read(json.loads(event.read_text("utf-8")))
    assert isinstance(told, Event)
    outcome = Casebook(staffordshire()).receive(told, told.time)

    assert isinstance(said, Said)
    assert outcome is not None
    [midwifery] = [c.held for c in outcome.changes if c.held.recipient == "RJF:midwifery"]
    assert said.receipt.notification_id == midwifery.notification_id
