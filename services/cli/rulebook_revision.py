"""A rulebook as it stood in a revision of git: `HEAD~1:routing_rules/rulebooks/staffordshire`."""

import subprocess
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from routing_rules.rulebook import Rulebook
from services.cli.rulebook_argument import is_kept, open_asked
from services.runtime.rulebook_files import RulebookUnusable, open_rulebook
from services.runtime.rulebook_sharing import SHARED_FILE, lender_of


def open_rulebook_at(where: str) -> Rulebook:
    """The rulebook in a folder, of a shipped name, of the ledger, or at `REVISION:PATH` of git.

    The path is from the top of the repository that the working folder is in. Raises
    `RulebookUnusable` when there is none, or it does not load.
    """
    revision, colon, path = where.partition(":")
    if not colon or Path(where).exists() or is_kept(where):
        return open_asked(where)
    with TemporaryDirectory() as made:
        own = PurePosixPath(path.strip("/"))
        folder = Path(made) / (own.name or "rulebook")
        _write_revision(revision, own.as_posix(), folder)
        _write_lender(revision, own, folder)
        return open_rulebook(folder)


def _write_lender(revision: str, own: PurePosixPath, folder: Path) -> None:
    """The rulebook beside it that shares files with it, as it stood then, if there is one."""
    shared = folder / SHARED_FILE
    lender = lender_of(shared.read_text("utf-8")) if shared.is_file() else None
    if lender is not None:
        _write_revision(revision, (own.parent / lender).as_posix(), folder.parent / lender)


def _write_revision(revision: str, path: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    listed = _git(["ls-tree", "-r", "-z", "--full-tree", "--name-only", revision, "--", f"{path}/"])
    for name in filter(None, listed.decode().split("\0")):
        own = folder / PurePosixPath(name).relative_to(path)
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_bytes(_git(["show", f"{revision}:{name}"]))


def _git(arguments: Sequence[str]) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)
    except OSError as error:
        raise RulebookUnusable("git is needed to read a rulebook of a revision") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise RulebookUnusable(f"git: {said.splitlines()[0] if said else 'it failed'}")
    return done.stdout
