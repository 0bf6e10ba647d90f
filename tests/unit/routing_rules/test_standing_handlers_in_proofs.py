"""What a proof makes of standing handlers: no commissioned team, and a reader all the same."""

from routing_rules.proof import Verdict
from routing_rules.proof_report import prove_all
from routing_rules.rulebook import load_rulebook
from tests.builders import NOW, rulebook_files

PUPIL = (
    "{role: child present, stage: school age, school type: independent,"
    " district: East Staffordshire}"
)
END = "  source: [para 3.8]\n  owner: named.nurse\n  review by: 2027-04-01\n"
PROMISES = f"""\
- promise: a pupil reaches a school nurse
  why: w
  event: police domestic abuse
  about: {PUPIL}
  is told: [school nursing]
{END}
- promise: somebody owns it
  why: w
  event: police domestic abuse
  about: {PUPIL}
  is told or MASH owns it: [school nursing]
{END}
- promise: looked-after health never reads of an incident
  why: w
  event: police domestic abuse
  about: {PUPIL}
  no field is disclosed to: {{service: [looked after health], fields: [risk]}}
{END}"""
HANDLER = "service,district,recipient\nschool-nursing,E07000193,R1E:looked-after-health\n"


def verdicts(handlers: str | None) -> list[Verdict]:
    """Of the three promises, where looked-after health may see the risk, if it is ever told."""
    files = {**rulebook_files("staffordshire"), "promises.yaml": PROMISES}
    table = files["disclosure.yaml"]
    files["disclosure.yaml"] = table.replace(
        "police domestic abuse:\n", "police domestic abuse:\n  looked after health: [risk]\n", 1
    )
    if handlers is not None:
        files["directory/standing-handlers.csv"] = handlers
    report = prove_all(load_rulebook(files), NOW.date())
    return [each.proved.verdict for each in report.promises]


def test_without_a_handler_the_gap_is_mashs() -> None:
    assert verdicts(None) == [Verdict.GAP, Verdict.PROVED, Verdict.PROVED]


def test_a_handler_is_not_the_team_that_is_missing_and_reads_what_it_is_told() -> None:
    assert verdicts(HANDLER) == [Verdict.GAP, Verdict.PROVED, Verdict.GAP]
