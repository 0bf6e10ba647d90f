"""The cases that stand beside the shipped rules: all pass, and they show every rule."""

from routing_rules.cases import run_cases
from tests.builders import rulebook_files, staffordshire

REPORT = run_cases(staffordshire(), rulebook_files("staffordshire"))


def test_every_case_of_the_shipped_rulebook_can_be_read() -> None:
    assert [str(problem) for problem in REPORT.problems] == []


def test_every_case_of_the_shipped_rulebook_goes_as_it_says() -> None:
    failures = [str(failure) for result in REPORT.results for failure in result.failures]

    assert failures == []


def test_every_rule_fires_in_a_case_and_just_does_not_in_another() -> None:
    assert (REPORT.coverage.never_fires, REPORT.coverage.never_just_not) == ((), ())


def test_every_tell_line_leads_to_a_notice_that_a_case_expects() -> None:
    assert REPORT.coverage.tell_lines == ()
    assert REPORT.coverage.is_complete
    assert REPORT.coverage.share == 1.0


def test_the_shipped_rulebook_says_what_happens_to_everything_unknown() -> None:
    assert [str(warning) for warning in staffordshire().warnings] == []
