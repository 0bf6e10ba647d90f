import shutil
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from services.runtime.settings import RulebookSettings
from tests.unit.cli.command import fieldfare

SHIPPED = RulebookSettings().path


@pytest.fixture
def rulebook(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "rulebook"))


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_rulebook_without_problems_checks() -> None:
    answer = fieldfare("rules", "check", "staffordshire")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("staffordshire: no problems; ")


def test_every_problem_of_a_rulebook_is_listed(rulebook: Path) -> None:
    spoil(rulebook / "rules" / "police.yaml", "risk: [standard,", "risk: [hihg,")
    spoil(rulebook / "rules" / "marac.yaml", "ask: [acknowledge, record]", "ask: [pray]")

    answer = fieldfare("rules", "check", str(rulebook))

    assert (answer.code, answer.err) == (1, "")
    assert answer.out.replace(str(rulebook), "RULEBOOK") == snapshot("""\
rules/marac.yaml:13:13: 'pray' is not an ask; allowed: acknowledge, record, act
rules/police.yaml:8:12: 'hihg' is not a risk; allowed: standard, medium, high, not assessed; did you mean 'high'?
RULEBOOK: 2 problems; it does not load
""")  # noqa: E501


def test_what_uses_a_rulebook_that_does_not_load_lists_every_problem(rulebook: Path) -> None:
    spoil(rulebook / "rules" / "police.yaml", "risk: [standard,", "risk: [hihg,")

    answer = fieldfare("rules", "test", str(rulebook))

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.replace(str(rulebook), "RULEBOOK") == snapshot("""\
fieldfare: rulebook RULEBOOK: 1 problem, it does not load
rules/police.yaml:8:12: 'hihg' is not a risk; allowed: standard, medium, high, not assessed; did you mean 'high'?
""")  # noqa: E501


def test_a_folder_that_is_missing_is_one_line() -> None:
    answer = fieldfare("rules", "check", "nowhere")

    assert (answer.code, answer.err) == (
        2,
        snapshot("fieldfare: rulebook nowhere: there is no such folder\n"),
    )


def test_the_cases_of_the_shipped_rulebook_go_as_they_say() -> None:
    answer = fieldfare("rules", "test")

    assert answer.code == 0
    assert answer.out.endswith("all went as they say\n")


def test_a_case_that_goes_otherwise_is_told_with_its_place(rulebook: Path) -> None:
    (rulebook / "cases" / "police.yaml").unlink()
    (rulebook / "cases" / "every-value" / "police.yaml").unlink()
    for path in (rulebook / "cases").rglob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("same day", "routine"), "utf-8")

    answer = fieldfare("rules", "test", str(rulebook))

    assert answer.code == 1
    assert "FAILED" in answer.out
    assert "no case shows that this fires: da-unborn" in answer.out


def test_too_little_shown_is_a_no(rulebook: Path) -> None:
    (rulebook / "cases" / "marac.yaml").unlink()

    enough = fieldfare("rules", "test", str(rulebook), "--fail-under", "50")
    too_little = fieldfare("rules", "test", str(rulebook), "--fail-under", "99.5")

    assert (enough.code, too_little.code) == (0, 1)
    assert "which is under" not in enough.out
    assert too_little.out.splitlines()[-1].endswith(" % of the rules, which is under 99.5 %")


def test_all_that_the_shipped_rules_say_is_shown_by_a_case() -> None:
    assert fieldfare("rules", "test", "--fail-under", "100").code == 0


def test_bank_holidays_are_printed() -> None:
    answer = fieldfare("rules", "bank-holidays", "--from", "2026", "--until", "2026")

    assert answer.code == 0
    assert answer.out == snapshot("""\
# Bank holidays in England.
# Generated, do not edit: fieldfare rules bank-holidays --from 2026 --until 2026

bank holidays:
  2026-01-01: New Year's Day
  2026-04-03: Good Friday
  2026-04-06: Easter Monday
  2026-05-04: May Day
  2026-05-25: Spring Bank Holiday
  2026-08-31: Late Summer Bank Holiday
  2026-12-25: Christmas Day
  2026-12-26: Boxing Day
  2026-12-28: Boxing Day (observed)
""")


def test_bank_holidays_are_written(tmp_path: Path) -> None:
    path = tmp_path / "bank-holidays.yaml"

    answer = fieldfare(
        "rules", "bank-holidays", "--from", "2026", "--until", "2026", "--to", str(path)
    )

    assert answer.code == 0
    assert path.read_text("utf-8").startswith("# Bank holidays in England.")


def test_years_that_end_before_they_begin_are_wrong_use() -> None:
    answer = fieldfare("rules", "bank-holidays", "--from", "2027", "--until", "2026")

    assert (answer.code, answer.err.splitlines()[-1]) == (
        2,
        snapshot("Error: Invalid value: --until must not be before --from"),
    )
