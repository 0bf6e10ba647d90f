import pwd
from pathlib import Path

import pytest

from services.sandbox.account import Account, choose_account
from services.sandbox.problem import SandboxProblem

_ROOT = 0


def test_a_user_runs_it_as_that_user(tmp_path: Path) -> None:
    assert choose_account(tmp_path / "new", running_as=1000) is None


def test_a_user_goes_on_with_data_of_that_user(tmp_path: Path) -> None:
    user = tmp_path.stat().st_uid or 1000
    made_by = tmp_path if tmp_path.stat().st_uid == user else tmp_path / "new"

    assert choose_account(made_by, running_as=user) is None


def test_root_hands_a_new_cluster_to_an_account_without_rights(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")

    account = choose_account(tmp_path / "new", running_as=_ROOT)

    assert account == Account(nobody.pw_uid, nobody.pw_gid)


def test_data_of_somebody_else_is_refused_with_what_to_do(tmp_path: Path) -> None:
    another = tmp_path.stat().st_uid + 1

    with pytest.raises(SandboxProblem, match=f"^{tmp_path} belongs to another user"):
        choose_account(tmp_path, running_as=another)
