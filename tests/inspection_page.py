"""The page of the inspection: `python -m tests.inspection_page` writes it from two rulebooks.

What was practised in 2016 and what is practised now are proved against the same promises. Only the
inspectors' words are stored, in `absences.yaml` beside the rules of 2016.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from routing_rules.boxes import Budget
from routing_rules.gap_report import GapReport
from routing_rules.promises import Promise
from routing_rules.proof import STEPS, Verdict
from routing_rules.proof_ground import Ground, ground_of
from routing_rules.proof_needs import meeting_pieces, needs_of
from routing_rules.proof_report import PromiseReport, ProofReport, prove_all
from routing_rules.rulebook import Rulebook, load_rulebook
from schemas.values import EventType
from tests.builders import rulebook_files

PAGE = Path(__file__).parents[1] / "docs" / "inspection.md"
NOW, THEN = "staffordshire", "staffordshire-2016"
ON = date(2026, 3, 6)
_MOST_SHOWN = 2
_HEAD = """\
# What the inspectors found, found again

In 2016 seven inspectors spent a week in Staffordshire. `staffordshire-2016` is what they found
practised, rebuilt rule by rule; `staffordshire` is the county as their recommendations would have
it. The same {promises} promises are proved against both. {closed} of them hold now and did not hold
then. No line of the tool knows this report: it reads rules, a directory and promises.

```console
$ fieldfare rules prove staffordshire
```

This exits with 0, and `fieldfare rules prove staffordshire-2016` with 1. Each paragraph below has
what the inspectors wrote, the gap in the tool's own words, and the rules that close it.
`python -m tests.inspection_page` writes this page from the two rulebooks; a test fails when it is
out of date, or when a paragraph has no gap.
"""


@dataclass(frozen=True, slots=True)
class Absence:
    """Something that was not done: what the inspectors wrote of it, and the promises it breaks."""

    name: str
    paragraph: str
    found: str
    breaks: tuple[str, ...]


@cache
def absences() -> Sequence[Absence]:
    """Everything that the rulebook of 2016 is known not to do, in the order of the report."""
    return [
        Absence(each["absence"], each["paragraph"], each["found"].strip(), tuple(each["breaks"]))
        for each in yaml.safe_load(rulebook_files(THEN)["absences.yaml"])
    ]


@cache
def rulebook(name: str) -> Rulebook:
    """A rulebook that ships."""
    return load_rulebook(rulebook_files(name))


@cache
def report(name: str) -> ProofReport:
    """The proof of a rulebook that ships, with an example for each gap."""
    return prove_all(rulebook(name), ON)


def proofs(name: str) -> Mapping[str, PromiseReport]:
    """What came of each promise, by its name."""
    return {each.proved.promise.name: each for each in report(name).promises}


@cache
def closing(name: str) -> tuple[str, ...]:
    """The rules of today that keep a promise: whatever tells those whom it needs."""
    promise = proofs(NOW)[name].proved.promise
    ground = _ground(promise.event)
    hypothesis = ground.reading.where(*promise.when, *promise.about)
    return tuple(
        dict.fromkeys(
            telling.rule.name
            for telling in ground.tellings
            for need in needs_of(promise)
            if ground.meeting(hypothesis, meeting_pieces(need, telling, ground))
        )
    )


@cache
def _ground(kind: EventType) -> Ground:
    event = next(each for each in rulebook(NOW).vocabulary.values() if each.type is kind)
    return ground_of(rulebook(NOW), event, ON, Budget(STEPS))


def page() -> str:
    """The page as it must stand in the documents."""
    then = proofs(THEN).values()
    closed = sum(each.proved.verdict is Verdict.GAP for each in then)
    parts = [_HEAD.format(promises=len(then), closed=closed)]
    parts += [line for absence in absences() for line in _paragraph(absence)]
    return "\n".join([*parts, *_beyond(), *_kept_then()])


def _beyond() -> Iterator[str]:
    explained = {name for absence in absences() for name in absence.breaks}
    yield "## What the promises ask beyond the report\n"
    yield "These did not hold in 2016 either, though no paragraph complains of it.\n"
    for name, then in proofs(THEN).items():
        if then.proved.verdict is Verdict.GAP and name not in explained:
            yield from _promise(then)


def _paragraph(absence: Absence) -> Iterator[str]:
    yield f"## {absence.paragraph[0].upper()}{absence.paragraph[1:]}: {absence.name}\n"
    yield f"> {absence.found}\n"
    for name in absence.breaks:
        yield from _promise(proofs(THEN)[name])


def _promise(then: PromiseReport) -> Iterator[str]:
    promise = then.proved.promise
    yield f"**{_sentence(promise)}** ({', '.join(promise.sources)})\n"
    for gap in then.gaps[:_MOST_SHOWN]:
        yield f"- GAP: {_where(gap)}"
        yield f"  {gap.nearest}."
    more = len(then.gaps) - _MOST_SHOWN
    if then.proved.more or more > 0:
        yield f"- and {'more' if then.proved.more else more} besides."
    rules = ", ".join(f"`{rule}`" for rule in closing(promise.name))
    yield f"- Closed by {rules}.\n"


def _sentence(promise: Promise) -> str:
    return f"{promise.name[0].upper()}{promise.name[1:]}"


def _where(gap: GapReport) -> str:
    return f"{gap.what} when: {'; '.join(gap.region) or 'always'}."


def _kept_then() -> Iterator[str]:
    kept = [e for e in proofs(THEN).values() if e.proved.verdict is Verdict.PROVED]
    yield "## What held in 2016 as well\n"
    yield "Good practice that the inspectors saw, and promises that forbid what nobody did.\n"
    for each in kept:
        promise = each.proved.promise
        yield f"- {_sentence(promise)} ({', '.join(promise.sources)})."
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
