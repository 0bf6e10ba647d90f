"""A proof for machines: JSON, JUnit XML, and the examples of its gaps as files."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from routing_rules.decision import Json
from routing_rules.example_events import Example
from routing_rules.gap_report import GapReport
from routing_rules.proof import Verdict
from routing_rules.proof_report import PromiseReport, ProofReport

Named = Mapping[str, Example]


def example_names(report: ProofReport) -> dict[int, str]:
    """The file of each gap's example, by the gap's identity: `gap-1.json`, in order."""
    gaps = [gap for each in report.promises for gap in each.gaps]
    return {id(gap): f"gap-{number}.json" for number, gap in enumerate(gaps, start=1)}


def examples_of(report: ProofReport) -> Named:
    """The examples that could be made, by the names of their files."""
    names = example_names(report)
    return {
        names[id(gap)]: gap.example.example
        for each in report.promises
        for gap in each.gaps
        if gap.example.example is not None
    }


def write_examples(folder: Path, examples: Named) -> None:
    """Write each example, and beside it (`gap-1.jsonl`) the earlier events that it needs."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, example in examples.items():
        text = json.dumps(example.event, ensure_ascii=False, indent=2)
        (folder / name).write_text(f"{text}\n", "utf-8")
        if example.known:
            lines = [json.dumps(each, ensure_ascii=False) for each in example.known]
            (folder / f"{name}l").write_text("\n".join(lines) + "\n", "utf-8")


def proof_json(report: ProofReport) -> str:
    """The whole report."""
    told: dict[str, Json] = {
        "rulebook": report.label,
        "on": report.on.isoformat(),
        "proved": report.all_proved,
        "assumptions": list(report.assumptions),
        "promises": [_promise(each) for each in report.promises],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _promise(report: PromiseReport) -> Json:
    promise = report.proved.promise
    return {
        "promise": promise.name,
        "source": list(promise.sources),
        "at": f"{promise.position.file}:{promise.position.line}",
        "verdict": report.proved.verdict.value,
        "because": report.proved.because,
        "rests_on_once_per": list(report.proved.once_per),
        "gaps": [_gap(gap) for gap in report.gaps],
        "more_gaps": report.proved.more,
    }


def _gap(gap: GapReport) -> Json:
    example = gap.example.example
    return {
        "what": gap.what,
        "region": list(gap.region),
        "nearest": gap.nearest,
        "example": None if example is None else example.event,
        "known": [] if example is None else list(example.known),
        "shown": gap.example.doubt is None,
        "doubt": gap.example.doubt,
    }


def proof_junit(report: ProofReport) -> str:
    """A test case for each promise; what is not proved has failed."""
    suite = ET.Element("testsuite", name=report.label, tests=str(len(report.promises)))
    failed = [each for each in report.promises if each.proved.verdict is not Verdict.PROVED]
    suite.set("failures", str(len(failed)))
    for each in report.promises:
        promise = each.proved.promise
        case = ET.SubElement(suite, "testcase", name=promise.name)
        case.set("classname", promise.position.file)
        case.set("line", str(promise.position.line))
        if each.proved.verdict is not Verdict.PROVED:
            said = "\n".join(_said(each))
            failure = ET.SubElement(case, "failure", type=each.proved.verdict.value)
            failure.text = said
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)


def _said(report: PromiseReport) -> Iterator[str]:
    if report.proved.because is not None:
        yield report.proved.because
    for gap in report.gaps:
        yield f"{gap.what} when: {'; '.join(gap.region) or 'always'}"
        yield gap.nearest
