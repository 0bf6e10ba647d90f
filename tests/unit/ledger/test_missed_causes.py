"""The causes of a miss: the document, the code and the SQL say the same."""

import re
from pathlib import Path

import pytest

from routing_rules.engine import NO_RULE_THOUGH
from routing_rules.source_findings import FindingKind
from routing_rules.unplaced import Unplaced
from services.ledger.missed_causes import (
    NOTHING_ASKED,
    NOTHING_LEFT,
    Awaits,
    MissedCause,
    next_step,
)
from services.ledger.queries import SQL

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "missed.md").read_text("utf-8")
MIGRATION = (ROOT / "services/ledger/migrations/0006_missed.sql").read_text("utf-8")
LATER = (ROOT / "services/ledger/migrations/0008_pathways.sql").read_text("utf-8")

_OF_DUTY = {
    *(MissedCause(each) for each in Unplaced),
    MissedCause.DEAD_LETTER,
    MissedCause.REFUSED,
    MissedCause.NOT_SENT,
    MissedCause.LEARNED_LATER,
    MissedCause.LATE,
    MissedCause.NOT_ACKNOWLEDGED,
    MissedCause.NOT_RECORDED,
    MissedCause.NOT_DONE,
}


def function(name: str) -> str:
    """The body of one function as the last migration that makes it does."""
    made = rf"CREATE (?:OR REPLACE )?FUNCTION {name}.*?AS \$\$(.*?)\$\$;"
    found = re.findall(made, f"{MIGRATION}\n{LATER}", re.DOTALL)
    return str(found[-1])


def test_the_document_lists_every_cause_in_order_of_precedence() -> None:
    table = DOCUMENT.partition("<!-- causes:")[2].partition("### What has ended")[0]

    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(MissedCause)


def test_duties_are_judged_in_that_order() -> None:
    body = function("judged_duties").partition("ELSE 'nothing'")[2]
    open_or_closed = body.partition("-- a named person closed it in time")[2]

    judged = re.findall(r"THEN ('\w+'|d\.unplaced)", open_or_closed)

    expected = [cause for cause in MissedCause if cause in _OF_DUTY]
    named = [each.strip("'") for each in judged]
    assert named.index("d.unplaced") == 1
    at = expected.index(MissedCause.NOT_OURS)
    of_exceptions = [MissedCause(each) for each in Unplaced]
    assert expected[at : at + 4] == of_exceptions
    assert [each for each in named if each != "d.unplaced"] == [
        each for each in expected if each not in of_exceptions
    ]


def test_what_is_awaited_is_of_a_closed_set() -> None:
    body = function("judged_duties")
    awaits = body.partition("CASE\n            -- it ended well")[0].rpartition("        CASE\n")[2]

    assert set(re.findall(r"(?:THEN|ELSE) '(\w+)'", awaits)) <= set(Awaits)


def test_every_cause_of_the_other_tables_is_one() -> None:
    assert f"{NO_RULE_THOUGH}" in function("people_without_rule")
    assert f'"because": "{NO_RULE_THOUGH}"' in MIGRATION
    kinds = re.findall(r"'(\w+)'", " ".join(re.findall(r"kind IN \(([^)]*)\)", MIGRATION)))
    assert kinds
    assert set(kinds) <= set(FindingKind)
    assert "'no_rule'" in SQL["missed_page"]


@pytest.mark.parametrize("cause", MissedCause)
@pytest.mark.parametrize("awaits", Awaits)
def test_somebody_always_knows_what_to_do_next(cause: MissedCause, awaits: Awaits) -> None:
    assert next_step(cause, awaits, has_ended=False).endswith(".")
    assert next_step(cause, awaits, has_ended=True) == NOTHING_LEFT


def test_what_was_told_late_is_still_to_be_answered() -> None:
    late = next_step(MissedCause.LATE, Awaits.ACKNOWLEDGEMENT, has_ended=False)

    assert late == next_step(MissedCause.NOT_ACKNOWLEDGED, Awaits.ACKNOWLEDGEMENT, has_ended=False)
    assert next_step(MissedCause.LATE, Awaits.NOTHING, has_ended=False) == NOTHING_ASKED
