"""The folder that keeps the sandbox's data, used by one sandbox at a time."""

import fcntl
import os
import time
from pathlib import Path

from services.sandbox.problem import SandboxProblem

_LOCK = "lock"
_PATIENCE = 30.0
"""Seconds that we wait for the servers of a sandbox that was killed to stop."""


def lock_folder(folder: Path) -> int:
    """Makes the folder, private to us, and takes it; answers the descriptor that holds the lock.

    The lock lasts as long as any process has the descriptor open. If the process that took it is
    gone, its servers are about to stop, and we wait for them. Raises `SandboxProblem` if another
    sandbox uses the folder, or if it cannot be used at all.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise unusable(folder, error) from error
    deadline = time.monotonic() + _PATIENCE
    while not _take(descriptor):
        owner = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
        if _is_alive(owner) or time.monotonic() > deadline:
            os.close(descriptor)
            raise SandboxProblem(f"{folder} is in use by another `fieldfare up` (process {owner})")
        time.sleep(0.1)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def unusable(folder: Path, error: OSError) -> SandboxProblem:
    """The one line for a folder that the operating system will not let us use."""
    return SandboxProblem(f"{error.filename or folder} cannot be used: {error.strerror}")


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_alive(owner: str) -> bool:
    if not owner.isdecimal():  # it has taken the lock and not yet written who it is
        return True
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
