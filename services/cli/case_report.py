"""What came of a rulebook's cases, as lines for its owners."""

from collections.abc import Iterator

from routing_rules.cases import CaseReport
from routing_rules.cases_coverage import Coverage
from services.cli.wording import counted


def report_lines(report: CaseReport) -> Iterator[str]:
    """Every problem and failure with its place, what no case shows yet, and the sum."""
    for problem in report.problems:
        yield str(problem)
    for result in report.results:
        if not result.passed:
            yield f"{result.position}: FAILED {result.name}"
            yield from (f"  {failure}" for failure in result.failures)
    yield from _not_shown(report.coverage)
    failed = sum(not result.passed for result in report.results)
    went = f"{failed} of them failed" if failed else "all went as they say"
    unread = f"; {counted(len(report.problems), 'problem')} in them" if report.problems else ""
    yield f"{counted(len(report.results), 'case')}: {went}{unread}"


def _not_shown(coverage: Coverage) -> Iterator[str]:
    for name in coverage.never_fires:
        yield f"no case shows that this fires: {name}"
    for name in coverage.never_just_not:
        yield f"no case shows when this just does not fire: {name}"
    for place in coverage.tell_lines:
        yield f"no case expects the notice of this line: {place}"
