"""Whether a rulebook may go live."""

from collections.abc import Mapping
from datetime import date

from routing_rules.examination import Examination, examine
from routing_rules.proof import Verdict
from routing_rules.rulebook import load_rulebook
from tests.builders import rulebook_files, staffordshire

ON = date(2026, 3, 9)


def examined(changes: Mapping[str, str], on: date = ON) -> Examination:
    """The shipped rulebook with few cases and promises, and some files changed."""
    return examine(load_rulebook({**few_files(), **changes}), on)


def few_files() -> dict[str, str]:
    files = rulebook_files("staffordshire")
    kept = {path: text for path, text in files.items() if not path.startswith("cases/")}
    return kept | {"promises.yaml": PROMISES}


PROMISES = """
- promise: a pregnant victim is never met with silence
  why: It may be the only chance.
  event: police domestic abuse
  about: {role: victim, pregnant: [yes, possible]}
  is told or MASH owns it: [midwifery]
  source: [para 1.13]
  owner: named.midwife
  review by: 2027-04-01
"""
BROKEN = PROMISES.replace("is told or MASH owns it: [midwifery]", "is told: [camhs]").replace(
    "a pregnant victim is never met with silence", "camhs hears of every pregnant victim"
)


def test_the_shipped_rulebook_may_go_live() -> None:
    found = examine(staffordshire(), ON)

    assert found.passed
    assert found.because == ()
    assert found.verdicts == {Verdict.PROVED: len(staffordshire().promises.promises)}
    assert (found.rules, found.warnings) == (len(staffordshire().document.rules), 0)
    kept = found.as_json()
    assert kept["on"] == "2026-03-09"
    assert kept["promises"] == {"PROVED": len(staffordshire().promises.promises)}
    assert kept["because"] == []


def test_what_no_case_shows_stands_against_it() -> None:
    found = examined({})

    assert not found.passed
    assert found.because == ("the cases show 0.0 % of the rules, and not all",)


def test_a_promise_that_is_not_kept_stands_against_it_by_name() -> None:
    found = examined({"promises.yaml": BROKEN})

    assert "GAP: camhs hears of every pregnant victim" in found.because
    assert found.verdicts[Verdict.GAP] == 1


def test_a_rulebook_without_promises_proves_nothing() -> None:
    assert "it promises nothing" in examined({"promises.yaml": "[]"}).because


CASE = """
- case: A health visitor sees a bruise of a baby who does not move about yet
  event: community contact
  at: 2026-03-09T10:00:00Z
  data:
    setting: health_visiting
    provider: R1E
    concerns: [bruising]
    mobile: no
    patient: {{ref: baby, date_of_birth: 2025-11-01, gp_practice: Y90004}}
  fires: [contact-bruise-of-a-baby]
  told:
    - {{about: baby, service: {}}}
"""


def test_a_case_that_cannot_be_read_stands_against_it() -> None:
    found = examined({"cases/few.yaml": CASE.format("nobody")})

    assert "cases that cannot be read: 1 problem" in found.because


def test_a_case_that_goes_wrong_stands_against_it() -> None:
    wrong, right = (examined({"cases/few.yaml": CASE.format(told)}) for told in ("midwifery", "gp"))

    assert "cases that go wrong: 1 of 1" in wrong.because
    assert [each for each in right.because if "go wrong" in each] == []
    assert right.cases == 1


def test_before_the_directory_begins_nothing_can_be_proved() -> None:
    found = examined({}, on=date(1990, 1, 1))

    assert "nothing can be proved: the directory has no MASH on 1990-01-01" in found.because
    assert found.verdicts == {}
