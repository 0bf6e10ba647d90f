"""All that is to be read before a rulebook is signed, worked out at once. Pure; takes seconds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from routing_rules.boxes import BudgetSpent
from routing_rules.examination import Examination, WholeExamination, examine_wholly
from routing_rules.example_events import Example
from routing_rules.findings import Finding
from routing_rules.gap_report import GapReport
from routing_rules.promises import Promise
from routing_rules.proof import Verdict
from routing_rules.proof_report import PromiseReport
from routing_rules.rulebook import Rulebook, load_rulebook
from routing_rules.rulebook_diff import Change, ChangeKind, diff_rulebooks
from routing_rules.source_text import RulebookInvalid
from services.console.workshop import Hear, WorkRefused

_LINES = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """An example as it can be tried: the event, and the earlier ones that it needs, one a line."""

    event: str
    known: str


@dataclass(frozen=True, slots=True)
class GapSeen:
    """A gap in words; `doubt` where the example does not show it, and why."""

    what: str
    region: tuple[str, ...]
    nearest: str
    example: Shown | None
    doubt: str | None


@dataclass(frozen=True, slots=True)
class PromiseSeen:
    """A promise and what came of it."""

    promise: Promise
    verdict: Verdict
    because: str | None
    gaps: tuple[GapSeen, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    """One difference in words, as `rules diff` tells it."""

    kind: ChangeKind
    what: str
    event: str
    region: tuple[str, ...]
    by: str
    example: Shown | None
    shown: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """What came of examining a rulebook on a day, and how it differs from another.

    `changes` is None where nothing was compared; `not_compared` then says why, if it was asked.
    """

    examination: Examination
    promises: tuple[PromiseSeen, ...]
    assumptions: tuple[str, ...]
    findings: tuple[Finding, ...]
    failed_cases: tuple[str, ...]
    changes: tuple[ChangeSeen, ...] | None
    not_compared: str | None = None

    def of_kind(self, kind: ChangeKind) -> tuple[ChangeSeen, ...]:
        """The changes of one kind."""
        return tuple(each for each in self.changes or () if each.kind is kind)


@dataclass(frozen=True, slots=True)
class Surveying:
    """Work for a workshop: the texts of a rulebook, on which day, and what it is compared with."""

    files: Mapping[str, str]
    against: Mapping[str, str] | None
    on: date

    def __call__(self, _: Hear) -> Survey:
        """Does it. Raises `WorkRefused` where a rulebook does not load under this release."""
        against = None if self.against is None else loaded_for_work(self.against)
        return survey(loaded_for_work(self.files), against, self.on)


def survey(rulebook: Rulebook, against: Rulebook | None, on: date) -> Survey:
    """Examines a rulebook, and compares it with another if there is one."""
    whole = examine_wholly(rulebook, on)
    changes, not_compared = (None, None) if against is None else _compared(against, rulebook, on)
    return Survey(
        examination=whole.examination,
        promises=() if whole.proof is None else tuple(map(promise_seen, whole.proof.promises)),
        assumptions=() if whole.proof is None else whole.proof.assumptions,
        findings=whole.findings,
        failed_cases=tuple(_failed(whole)),
        changes=changes,
        not_compared=not_compared,
    )


def loaded_for_work(files: Mapping[str, str], which: str = "it") -> Rulebook:
    """A rulebook from its texts. Raises `WorkRefused`, which says why it does not load."""
    try:
        return load_rulebook(files)
    except RulebookInvalid as invalid:
        lines = "; ".join(str(invalid).splitlines()[:_LINES])
        raise WorkRefused(f"{which} does not load under this release: {lines}") from invalid


def _compared(
    old: Rulebook, new: Rulebook, on: date
) -> tuple[tuple[ChangeSeen, ...] | None, str | None]:
    try:
        return tuple(map(change_seen, diff_rulebooks(old, new, on))), None
    except BudgetSpent:
        return None, "it takes more steps than are allowed: change less at once"
    except LookupError:
        return None, f"one of the two has no MASH in its directory on {on}"


def _failed(whole: WholeExamination) -> list[str]:
    unread = [str(each) for each in whole.cases.problems]
    failed = (each for each in whole.cases.results if not each.passed)
    return [*unread, *(f"{each.name}: {'; '.join(map(str, each.failures))}" for each in failed)]


def promise_seen(report: PromiseReport) -> PromiseSeen:
    """A promise as pages show it."""
    proved = report.proved
    gaps = tuple(map(_gap, report.gaps))
    return PromiseSeen(proved.promise, proved.verdict, proved.because, gaps, proved.more)


def _gap(gap: GapReport) -> GapSeen:
    checked = gap.example
    return GapSeen(gap.what, gap.region, gap.nearest, _shown(checked.example), checked.doubt)


def change_seen(change: Change) -> ChangeSeen:
    """A difference as pages show it."""
    return ChangeSeen(
        kind=change.kind,
        what=change.what,
        event=change.event,
        region=change.region,
        by=change.by,
        example=_shown(change.example),
        shown=change.shown,
    )


def _shown(example: Example | None) -> Shown | None:
    if example is None:
        return None
    known = "\n".join(json.dumps(each, ensure_ascii=False) for each in example.known)
    return Shown(json.dumps(example.event, ensure_ascii=False, indent=2), known)
