import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.sandbox.folder import lock_folder
from services.sandbox.problem import SandboxProblem


@contextmanager
def _locked(folder: Path) -> Iterator[int]:
    descriptor = lock_folder(folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def test_the_folder_is_made_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "var"

    with _locked(folder):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_was_given_back_can_be_taken_again(tmp_path: Path) -> None:
    with _locked(tmp_path):
        pass

    with _locked(tmp_path) as descriptor:
        assert os.pread(descriptor, 20, 0).decode() == str(os.getpid())


def test_a_folder_in_use_is_refused_with_the_process_that_uses_it(tmp_path: Path) -> None:
    with (
        _locked(tmp_path),
        pytest.raises(SandboxProblem, match=f"in use by another .* \\(process {os.getpid()}\\)"),
    ):
        lock_folder(tmp_path)


def test_the_servers_of_a_killed_owner_are_waited_for(tmp_path: Path) -> None:
    taken = lock_folder(tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    os.ftruncate(taken, 0)
    os.pwrite(taken, str(ended.pid).encode(), 0)
    holder = subprocess.Popen(["sleep", "0.5"], pass_fds=(taken,))
    os.close(taken)

    with _locked(tmp_path):
        assert holder.poll() is not None or holder.wait(5) == 0


def test_a_file_in_its_place_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "var").touch()

    with pytest.raises(SandboxProblem, match=r"var cannot be used: (File exists|Not a directory)$"):
        lock_folder(tmp_path / "var")
