"""Whether a rulebook may go live: it was checked, its cases show all of it, its promises hold."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from routing_rules.cases import CaseReport, run_cases
from routing_rules.decision import Json
from routing_rules.findings import Finding, FindingKind, findings_of
from routing_rules.proof import Verdict
from routing_rules.proof_report import ProofReport, prove_all
from routing_rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Examination:
    """What came of checking, testing and proving a rulebook, as its directory is on a day.

    `because` says in words what stands against it, and is empty if nothing does. `findings` are
    worth a look, and stand against nothing.
    """

    on: date
    rules: int
    warnings: int
    cases: int
    verdicts: Mapping[Verdict, int]
    findings: Mapping[FindingKind, int]
    because: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether somebody may sign it."""
        return not self.because

    def as_json(self) -> dict[str, Json]:
        """As it is kept."""
        return {
            "on": self.on.isoformat(),
            "rules": self.rules,
            "warnings": self.warnings,
            "cases": self.cases,
            "promises": {verdict.value: count for verdict, count in self.verdicts.items()},
            "findings": {kind.value: count for kind, count in self.findings.items()},
            "because": list(self.because),
        }


@dataclass(frozen=True, slots=True)
class WholeExamination:
    """An examination with all that it rests on; without `proof` nothing could be proved."""

    examination: Examination
    cases: CaseReport
    proof: ProofReport | None
    findings: tuple[Finding, ...]


def examine(rulebook: Rulebook, on: date) -> Examination:
    """Test and prove a rulebook, which was checked when it was loaded. Pure; takes seconds."""
    return examine_wholly(rulebook, on).examination


def examine_wholly(rulebook: Rulebook, on: date) -> WholeExamination:
    """The same with every case, promise and finding, for whoever reads before signing."""
    cases = run_cases(rulebook, rulebook.files)
    because = list(_against_cases(cases))
    proof, findings = None, tuple[Finding, ...]()
    try:
        proof = prove_all(rulebook, on)
    except LookupError:
        because.append(f"nothing can be proved: the directory has no MASH on {on}")
    else:
        findings = findings_of(rulebook, on)
        because += _against_promises(proof)
    promises = () if proof is None else proof.promises
    examination = Examination(
        on=on,
        rules=len(rulebook.document.rules),
        warnings=len(rulebook.warnings),
        cases=len(cases.results),
        verdicts=Counter(each.proved.verdict for each in promises),
        findings=Counter(each.kind for each in findings),
        because=tuple(because),
    )
    return WholeExamination(examination, cases, proof, findings)


def _against_cases(report: CaseReport) -> Iterator[str]:
    failed = sum(not result.passed for result in report.results)
    if report.problems:
        count = len(report.problems)
        yield f"cases that cannot be read: {count} {'problem' if count == 1 else 'problems'}"
    if failed:
        yield f"cases that go wrong: {failed} of {len(report.results)}"
    if not report.coverage.is_complete:
        yield f"the cases show {100 * report.coverage.share:.1f} % of the rules, and not all"


def _against_promises(report: ProofReport) -> Iterator[str]:
    if not report.promises:
        yield "it promises nothing"
    for each in report.promises:
        if each.proved.verdict is not Verdict.PROVED:
            yield f"{each.proved.verdict}: {each.proved.promise.name}"
