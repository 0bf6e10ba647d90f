from pathlib import Path

import pytest

from services.runtime.rulebook_files import (
    RulebookUnusable,
    open_rulebook,
    read_rulebook_files,
)
from services.runtime.settings import RulebookSettings


def write(folder: Path, path: str, content: bytes) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content)


def test_every_file_is_read_by_its_path(tmp_path: Path) -> None:
    write(tmp_path, "settings.yaml", b"name: x\n")
    write(tmp_path, "rules/police.yaml", "- why: Ärger\n".encode())

    files = read_rulebook_files(tmp_path)

    assert files == {"rules/police.yaml": "- why: Ärger\n", "settings.yaml": "name: x\n"}


def test_what_is_hidden_and_notes_for_people_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, "settings.yaml", b"")
    write(tmp_path, ".git/config.yaml", b"")
    write(tmp_path, "rules/.police.yaml.swp", b"")
    write(tmp_path, "README.md", b"")

    assert list(read_rulebook_files(tmp_path)) == ["settings.yaml"]


def test_an_editors_habits_do_not_change_a_text(tmp_path: Path) -> None:
    write(tmp_path, "settings.yaml", b"\xef\xbb\xbfname: x\r\n")

    assert read_rulebook_files(tmp_path) == {"settings.yaml": "name: x\n"}


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("rules/police.yml", b"", "neither .yaml nor .csv"),
        ("rules/police.yaml", b"\xff", "is not text in UTF-8"),
        ("README.md", b"", "the folder holds no rulebook"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, path: str, content: bytes, reason: str
) -> None:
    write(tmp_path, path, content)

    with pytest.raises(RulebookUnusable, match=reason):
        read_rulebook_files(tmp_path)


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RulebookUnusable, match="there is no such folder"):
        read_rulebook_files(tmp_path / "missing")


def test_a_file_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").symlink_to("/proc/self/mem")

    with pytest.raises(RulebookUnusable, match="cannot be read"):
        read_rulebook_files(tmp_path)


def test_the_shipped_rulebook_opens() -> None:
    assert open_rulebook(RulebookSettings().path).name == "staffordshire"


def test_a_rulebook_that_does_not_load_lists_every_problem(tmp_path: Path) -> None:
    write(tmp_path, "settings.yaml", b"")

    with pytest.raises(RulebookUnusable) as raised:
        open_rulebook(tmp_path)

    heading, *problems = str(raised.value).splitlines()
    assert heading.endswith(f" {len(problems)} problems, it does not load")
