"""A proof as a rule owner reads it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from routing_rules.findings import Finding
from routing_rules.gap_report import GapReport
from routing_rules.proof import Proved, Verdict
from routing_rules.proof_report import PromiseReport, ProofReport
from services.cli.proof_files import example_names
from services.cli.wording import counted

_WIDTH = 70
_INDENT = " " * 5


def proof_lines(report: ProofReport, examples: Path | None) -> Iterator[str]:
    """Every promise with its verdict, and each gap; then what was assumed, and the count."""
    names = example_names(report)
    for each in report.promises:
        yield _head(each.proved)
        yield from _gaps(each, names, examples)
    yield ""
    yield f"On {report.on}; {report.label}"
    yield "It looks at:"
    yield from (f"  - {each}" for each in report.assumptions)
    yield _count(report)


def finding_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """What else is worth a look, if anything."""
    lines = [f"{each.kind}  {each.text}  {each.place}".rstrip() for each in findings]
    if lines:
        yield ""
        yield from lines


def _head(proved: Proved) -> str:
    promise = proved.promise
    sources = f" ({', '.join(promise.sources)})" if promise.sources else ""
    said = f"{proved.verdict}  {promise.name}{sources}"
    return f"{said:<{_WIDTH}}  {promise.position.file}:{promise.position.line}"


def _gaps(report: PromiseReport, names: dict[int, str], examples: Path | None) -> Iterator[str]:
    if report.proved.because is not None:
        yield f"{_INDENT}{report.proved.because[0].upper()}{report.proved.because[1:]}"
    for gap in report.gaps:
        yield f"{_INDENT}{gap.what} when: {'; '.join(gap.region) or 'always'}"
        yield f"{_INDENT}{gap.nearest}"
        yield f"{_INDENT}{_example(gap, names, examples)}"
    if report.proved.more:
        yield f"{_INDENT}and more: mend these first"


def _example(gap: GapReport, names: dict[int, str], examples: Path | None) -> str:
    if gap.example.example is None:
        return f"No example could be made: {gap.example.doubt}"
    name = names[id(gap)]
    if examples is None:
        said = f"Example: {name}    (write it with --examples FOLDER)"
    else:
        known = f" --known {examples / name}l" if gap.example.example.known else ""
        said = f"Example: {examples / name}    (fieldfare rules explain {examples / name}{known})"
    return said if gap.example.doubt is None else f"{said}; in doubt: {gap.example.doubt}"


def _count(report: ProofReport) -> str:
    proved = sum(each.proved.verdict is Verdict.PROVED for each in report.promises)
    if not report.promises:
        return "The rulebook promises nothing: write promises.yaml"
    return f"{counted(len(report.promises), 'promise')}: {proved} proved"
