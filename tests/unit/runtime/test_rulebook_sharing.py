"""Files that a rulebook takes from the one beside it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from services.cli.rulebook_revision import open_rulebook_at
from services.runtime.rulebook_files import RulebookUnusable, read_rulebook_files
from services.runtime.rulebook_sharing import lender_of, problems_of
from tests.builders import RULEBOOKS, rulebook_files

SHARED = "from: county\nfiles: [promises.yaml, directory/schools.csv]\n"


def written(top: Path, **texts: str) -> Path:
    """Two rulebooks side by side, of which `past` shares files with `county`."""
    county, past = top / "county", top / "past"
    for folder in (county / "directory", past):
        folder.mkdir(parents=True)
    (county / "promises.yaml").write_text("[]\n")
    (county / "directory" / "schools.csv").write_text("urn,district,type\n")
    (past / "shared.yaml").write_text(SHARED)
    for name, text in texts.items():
        (past / f"{name}.yaml").write_text(text)
    return past


def test_shared_files_stand_among_its_own(tmp_path: Path) -> None:
    past = written(tmp_path, settings="name: past\n")

    assert read_rulebook_files(past) == {
        "directory/schools.csv": "urn,district,type\n",
        "promises.yaml": "[]\n",
        "settings.yaml": "name: past\n",
        "shared.yaml": SHARED,
    }


def test_a_file_cannot_be_shared_and_stand_there_too(tmp_path: Path) -> None:
    with pytest.raises(RulebookUnusable, match=r"promises.yaml is shared, and stands here as well"):
        read_rulebook_files(written(tmp_path, promises="[]\n"))


def test_a_file_that_its_neighbour_has_not_got_is_one_line(tmp_path: Path) -> None:
    past = written(tmp_path)
    (tmp_path / "county" / "promises.yaml").unlink()

    with pytest.raises(RulebookUnusable, match=r"promises.yaml cannot be read"):
        read_rulebook_files(past)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("from: ../county\nfiles: [a.yaml]\n", "shared.yaml:1:7: '../county' is not a folder"),
        ("from: ..\nfiles: [a.yaml]\n", "shared.yaml:1:7: '..' is not a folder"),
        ("from: county\nfiles: [../a.yaml]\n", "'../a.yaml' is not a .yaml or .csv"),
        ("from: county\nfiles: [/etc/a.yaml]\n", "'/etc/a.yaml' is not a .yaml or .csv"),
        ("from: county\nfiles: [a.txt]\n", "'a.txt' is not a .yaml or .csv"),
        ("from: county\n", "'files' is missing"),
        ("[", "shared.yaml:"),
    ],
)
def test_what_cannot_be_shared_is_told_with_its_place(
    tmp_path: Path, text: str, wrong: str
) -> None:
    assert wrong in problems_of(text)
    (tmp_path / "shared.yaml").write_text(text)
    with pytest.raises(RulebookUnusable, match="it cannot share files"):
        read_rulebook_files(tmp_path)


def test_who_lends_is_known_where_it_can_be_read() -> None:
    assert lender_of(SHARED) == "county"
    assert lender_of("from: ..\nfiles: []\n") is None


def test_a_revision_of_git_has_what_was_shared_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("staffordshire", "staffordshire-2016"):
        shutil.copytree(RULEBOOKS / name, tmp_path / "books" / name)
    monkeypatch.chdir(tmp_path)
    for arguments in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "-q", "-m", "x"],
    ):
        subprocess.run(["git", *arguments], check=True)

    opened = open_rulebook_at("HEAD:books/staffordshire-2016")

    assert opened.files == rulebook_files("staffordshire-2016")
