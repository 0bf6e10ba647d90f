"""What the cases show of a rulebook, and what nobody has shown."""

from routing_rules.cases import run_cases
from tests.builders import with_rules
from tests.unit.routing_rules.test_cases import CASE, run


def test_coverage_names_what_nobody_has_shown() -> None:
    coverage = run(CASE).coverage

    assert coverage.never_fires == ("victim-heard", "withhold: nothing of stalking")
    assert coverage.never_just_not == ("victim-heard", "withhold: nothing of stalking")
    assert coverage.tell_lines == (
        "rules/made.yaml:8",
        "rules/made.yaml:12",
    )
    assert (coverage.share, coverage.is_complete) == (0.0, False)


def test_coverage_names_who_hears_it_in_spite_of_a_block() -> None:
    block = """
- withhold: nothing of sexual health
  event: emergency attendance
  when: {concerns: sexual health}
  about: {role: patient}
  except: [midwifery]
  but still: {concerns: self harm, tell: [gp]}
"""
    assert run_cases(with_rules(block), {}).coverage.tell_lines == ("rules/made.yaml:7",)


def test_cases_that_show_everything_are_complete() -> None:
    shown = (
        CASE
        + """
  fires: [victim-heard]
  does not withhold: [nothing of stalking]
  told: [{about: victim, service: midwifery}, {about: victim, service: gp}]
- case: Not at high risk
  event: police domestic abuse
  data: {risk: medium, incident_types: [stalking, physical], people: [{role: victim}]}
  does not fire: [victim-heard]
  withholds: [nothing of stalking]
"""
    )

    coverage = run(shown).coverage

    assert coverage.is_complete
    assert coverage.share == 1.0


def test_a_case_in_which_everything_differs_shows_no_edge() -> None:
    """Only one condition may fail: else the case would pass whatever became of the others."""
    text = """
- case: Somebody else at another risk
  event: police domestic abuse
  data: {risk: medium, people: [{role: other_adult}]}
  does not fire: [victim-heard]
"""
    report = run(text)

    assert report.passed
    assert "victim-heard" in report.coverage.never_just_not


def test_a_case_that_fails_shows_nothing() -> None:
    report = run(CASE + "  fires: [victim-heard]\n  not told: [{about: victim}]\n")

    assert "victim-heard" in report.coverage.never_fires


def test_a_rulebook_without_rules_has_nothing_to_show() -> None:
    empty = with_rules("[]")

    assert run_cases(empty, {}).coverage.share == 1.0
