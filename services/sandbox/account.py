"""Who runs PostgreSQL, which refuses to be run by root."""

import pwd
from dataclasses import dataclass
from pathlib import Path

from services.sandbox.problem import SandboxProblem

_UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """An operating-system account, which must have a name for PostgreSQL to accept it."""

    uid: int
    gid: int


def choose_account(folder: Path, *, running_as: int) -> Account | None:
    """The account to run PostgreSQL under: ours (None), or another one if we run as root.

    As root it is the owner of `folder`, so that a cluster that was made by a user goes on, or an
    unprivileged account if the folder is new. Raises `SandboxProblem` if there is none, or if the
    folder belongs to somebody else and we are not root.
    """
    owner = folder.stat().st_uid if folder.exists() else None
    if running_as != 0:
        if owner not in {None, running_as}:
            raise SandboxProblem(
                f"{folder} belongs to another user (it may have been made by root): "
                f"run this as that user, or delete {folder}"
            )
        return None
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam(_UNPRIVILEGED)
    except KeyError:
        raise SandboxProblem(
            "PostgreSQL must not run as root, and this machine has no unprivileged account "
            f"{_UNPRIVILEGED!r}: run this as a user who is not root"
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)
