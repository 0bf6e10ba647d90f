"""Promises for tests: the shipped county under other promises, and what is proved of them."""

from datetime import date

from routing_rules.boxes import Budget
from routing_rules.gap_report import GapReport, report_gap
from routing_rules.proof import STEPS, Proved, prove
from routing_rules.proof_ground import Ground, ground_for, ground_of
from routing_rules.rulebook import Rulebook, load_rulebook
from schemas.values import EventType
from tests.builders import rulebook_files

ON = date(2026, 3, 6)
_REST = """  why: It matters.
  source: [para 1.13]
  owner: named.nurse
  review by: 2027-04-01
"""


def promise(text: str, name: str = "made") -> str:
    """One promise with what every promise must say; `text` are its other keys, one a line."""
    lines = "".join(f"  {line.strip()}\n" for line in text.strip().splitlines())
    return f"- promise: {name}\n{_REST}{lines}"


def promising(*texts: str, **files: str) -> Rulebook:
    """The shipped county with these promises alone, and some other files replaced."""
    return load_rulebook(
        {**rulebook_files("staffordshire"), **files, "promises.yaml": "\n".join(texts)}
    )


def ground(rulebook: Rulebook, kind: EventType) -> Ground:
    """The ground of one kind of event, on a Friday in March."""
    event = next(each for each in rulebook.vocabulary.values() if each.type is kind)
    return ground_of(rulebook, event, ON, Budget(STEPS))


def proved(rulebook: Rulebook, *, steps: int = STEPS) -> Proved:
    """What came of the only promise of a rulebook."""
    (only,) = rulebook.promises.promises
    return prove(only, ground(rulebook, only.event), steps=steps)


def gap_reports(rulebook: Rulebook) -> tuple[GapReport, ...]:
    """The gaps of the only promise of a rulebook, in words and with examples."""
    (only,) = rulebook.promises.promises
    own = ground_for(only, ground(rulebook, only.event))
    return tuple(report_gap(only, gap, own) for gap in prove(only, own).gaps)
