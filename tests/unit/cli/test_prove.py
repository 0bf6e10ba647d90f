"""`rules prove` and `rules diff` on the command line."""

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from services.runtime.settings import RulebookSettings
from tests.promise_kit import promise
from tests.unit.cli.command import fieldfare

SHIPPED = RulebookSettings().path
ON = ("--on", "2026-03-06")
BROKEN = promise(
    """
    event: emergency attendance
    when: {concerns: [overdose]}
    about: {parent's role: patient, stage: before school, flags: child protection}
    is told: [camhs]
    """,
    "a broken promise",
)
ABSENT = promise(
    """
    event: marac outcome
    is told: [gp]
    and nobody where: {role: victim}
    """,
    "an absence",
)


@pytest.fixture
def rulebook(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "rulebook"))


def test_the_county_keeps_all_its_promises() -> None:
    answer = fieldfare("rules", "prove", "staffordshire", *ON)

    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert sum(line.startswith("PROVED  ") for line in lines) >= 25
    assert not any(line.startswith(("GAP", "UNDECIDED", "NOT ANALYSABLE")) for line in lines)
    assert "On 2026-03-06; staffordshire@sha256:" in answer.out
    assert (
        "a pregnant person is 10 to 60 or of unknown age (stated at promises.yaml:6)" in answer.out
    )


def test_a_gap_is_told_with_its_region_its_rule_and_an_example(rulebook: Path) -> None:
    (rulebook / "promises.yaml").write_text(BROKEN + ABSENT, "utf-8")
    folder = rulebook.parent / "examples"

    answer = fieldfare("rules", "prove", str(rulebook), *ON, "--examples", str(folder))

    assert (answer.code, answer.err) == (1, "")
    assert "GAP  a broken promise (para 1.13)" in answer.out
    assert "CAMHS is not told when: " in answer.out
    assert "Nearest rule: ed-self-harm-of-a-child (rules/emergency.yaml:" in answer.out
    assert f"fieldfare rules explain {folder}/gap-1.json --known {folder}/gap-1.jsonl" in answer.out
    assert "NOT ANALYSABLE  an absence" in answer.out
    assert "It tests that nobody is there" in answer.out
    assert answer.out.count("2 promises: 0 proved") == 1


def test_an_example_can_be_explained(rulebook: Path) -> None:
    (rulebook / "promises.yaml").write_text(BROKEN, "utf-8")
    folder = rulebook.parent / "examples"
    fieldfare("rules", "prove", str(rulebook), *ON, "--examples", str(folder))

    known = ("--known", str(folder / "gap-1.jsonl"))
    answer = fieldfare("rules", "explain", str(folder / "gap-1.json"), *known, "--json")

    assert answer.code == 0
    duties = json.loads(answer.out)["decision"]["duties"]
    assert not any(
        d["service"] == "camhs" for d in duties if d["about"]["ref"].startswith("child-")
    )


def test_machines_read_the_same(rulebook: Path) -> None:
    (rulebook / "promises.yaml").write_text(BROKEN + ABSENT, "utf-8")
    junit = rulebook.parent / "proof.xml"

    answer = fieldfare("rules", "prove", str(rulebook), *ON, "--json", "--junit", str(junit))

    told = json.loads(answer.out)
    assert (answer.code, told["proved"]) == (1, False)
    assert [each["verdict"] for each in told["promises"]] == ["GAP", "NOT ANALYSABLE"]
    gap = told["promises"][0]["gaps"][0]
    assert gap["shown"]
    assert gap["example"]["type"] == "fieldfare.emergency.attendance.v1"
    assert len(gap["known"]) == 2
    suite = ET.parse(junit).getroot()  # noqa: S314 - it is our own
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    failures = [each.get("type") for each in suite.iter("failure")]
    assert failures == ["GAP", "NOT ANALYSABLE"]


def test_a_rulebook_that_promises_nothing_is_told_so(rulebook: Path) -> None:
    (rulebook / "promises.yaml").unlink()

    answer = fieldfare("rules", "prove", str(rulebook))

    assert answer.code == 1
    assert "The rulebook promises nothing: write promises.yaml" in answer.out


@pytest.mark.parametrize("command", [("prove", "staffordshire"), ("diff", *["staffordshire"] * 2)])
def test_a_day_that_is_none_is_one_line(command: tuple[str, ...]) -> None:
    answer = fieldfare("rules", *command, "--on", "tomorrow")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "fieldfare: --on: 'tomorrow' is not a day; write it as 2026-03-09\n"


@pytest.mark.parametrize("command", [("prove", "staffordshire"), ("diff", *["staffordshire"] * 2)])
def test_a_day_before_the_directory_begins_is_one_line(command: tuple[str, ...]) -> None:
    answer = fieldfare("rules", *command, "--on", "1999-01-01")

    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert "on 1999-01-01: the directory has no MASH team on that day" in answer.err


def test_a_rulebook_differs_in_nothing_from_itself() -> None:
    answer = fieldfare("rules", "diff", "staffordshire", "staffordshire", *ON)

    assert answer.code == 0
    assert answer.out.endswith("On 2026-03-06: they mean the same\n")


def test_a_change_is_told_with_its_region_and_an_example(rulebook: Path) -> None:
    path = rulebook / "rules" / "marac.yaml"
    text = path.read_text("utf-8").replace("pregnant: [yes, possible]", "pregnant: [yes]")
    path.write_text(text, "utf-8")
    folder = rulebook.parent / "changes"

    answer = fieldfare(
        "rules", "diff", "staffordshire", str(rulebook), *ON, "--examples", str(folder)
    )

    assert (answer.code, answer.err) == (1, "")
    assert "NO LONGER TOLD  no longer: midwifery is told (marac outcome)" in answer.out
    assert "when: role victim; pregnant possible" in answer.out
    assert (folder / "change-1.json").exists()
    as_json = fieldfare("rules", "diff", "staffordshire", str(rulebook), *ON, "--json")
    assert json.loads(as_json.out)[0]["kind"] == "NO LONGER TOLD"


def test_promises_of_the_old_that_the_new_would_not_keep_are_told_if_asked(rulebook: Path) -> None:
    path = rulebook / "rules" / "marac.yaml"
    text = path.read_text("utf-8").replace("pregnant: [yes, possible]", "pregnant: [yes]")
    path.write_text(text, "utf-8")
    asked = ("rules", "diff", "staffordshire", str(rulebook), *ON, "--promises")

    answer, as_json = fieldfare(*asked), fieldfare(*asked, "--json")

    assert (answer.code, answer.err) == (1, "")
    assert "\nPROVED -> GAP  " in answer.out
    assert answer.out.index("NO LONGER TOLD") < answer.out.index("PROVED -> GAP")
    assert (as_json.code, as_json.out) == (2, "")


def test_where_the_steps_run_out_a_diff_tells_what_it_found_and_never_that_it_is_all() -> None:
    asked = ("rules", "diff", "staffordshire", "staffordshire-2016", *ON, "--steps", "1000")

    answer, as_json = fieldfare(*asked), fieldfare(*asked, "--json")

    assert answer.code == 1
    assert answer.out.startswith("SETTINGS CHANGED")
    assert "\nUNDECIDED in " in answer.out
    assert (as_json.code, as_json.out) == (2, "")
    assert as_json.err == ("fieldfare: it takes more steps than are allowed: change less at once\n")


def test_a_change_of_settings_has_no_region(rulebook: Path) -> None:
    path = rulebook / "settings.yaml"
    path.write_text(path.read_text("utf-8").replace("immediate: 4 h", "immediate: 5 h"), "utf-8")

    answer = fieldfare("rules", "diff", "staffordshire", str(rulebook), *ON)

    assert answer.out.splitlines()[0] == "SETTINGS CHANGED  response times"


def test_a_revision_of_git_can_be_compared(rulebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = rulebook.parent
    monkeypatch.chdir(repository)
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    for command in (("init", "-q"), ("add", "rulebook"), (*who, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *command], check=True)

    same = fieldfare("rules", "diff", "HEAD:rulebook", "rulebook", *ON)
    nowhere = fieldfare("rules", "diff", "HEAD:elsewhere", "rulebook", *ON)
    never = fieldfare("rules", "diff", "never:rulebook", "rulebook", *ON)

    assert (same.code, same.err) == (0, "")
    assert (nowhere.code, "holds no rulebook" in nowhere.err) == (2, True)
    assert (never.code, never.err.startswith("fieldfare: git: ")) == (2, True)


def test_without_git_a_revision_cannot_be_read(
    rulebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    answer = fieldfare("rules", "diff", "HEAD:rulebook", str(rulebook), *ON)

    assert answer.err == "fieldfare: git is needed to read a rulebook of a revision\n"


def test_check_lists_what_is_worth_a_look() -> None:
    answer = fieldfare("rules", "check", "staffordshire", *ON)

    assert answer.code == 0
    assert "ADDS NOTHING  referral-without-household: all that it does, but" in answer.out
