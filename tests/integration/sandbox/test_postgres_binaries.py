"""The programs of PostgreSQL, where another account must be able to run them."""

import subprocess
from pathlib import Path

import pytest

from services.sandbox.postgres_binaries import (
    copy_for_everyone,
    find_binaries,
    installed_package,
)
from services.sandbox.problem import SandboxProblem

pytestmark = pytest.mark.integration


def _version(binaries: Path) -> str:
    return subprocess.check_output([binaries / "postgres", "--version"], text=True)


def test_we_run_them_where_they_are_installed() -> None:
    assert find_binaries(None).is_relative_to(installed_package())


def test_a_copy_runs_and_everyone_may_read_it(tmp_path: Path) -> None:
    copies = tmp_path / "copies"

    binaries = copy_for_everyone(installed_package(), copies)

    assert _version(binaries) == _version(find_binaries(None))
    shut = [path for path in copies.rglob("*") if path.stat().st_mode & 0o044 != 0o044]
    assert shut == []
    assert copy_for_everyone(Path("nowhere"), copies) == binaries  # copied once only


def test_a_copy_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "copies").touch()

    with pytest.raises(SandboxProblem, match="cannot be made"):
        copy_for_everyone(installed_package(), tmp_path / "copies")
