"""A rulebook's folder on disk: its texts by path, and the rulebook that they make."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from routing_rules.rulebook import Rulebook, load_rulebook
from routing_rules.source_text import RulebookInvalid
from services.runtime.errors import PermanentError
from services.runtime.rulebook_sharing import SHARED_FILE, problems_of, shared_files

_READ = frozenset({".yaml", ".csv"})
_FOR_PEOPLE = frozenset({".md", ".txt"})


class RulebookUnusable(PermanentError):
    """A rulebook cannot be read or does not load; the message has a line for each problem."""


def open_rulebook(folder: Path) -> Rulebook:
    """The rulebook in a folder on disk. Raises `RulebookUnusable` with every problem."""
    return loaded_from(str(folder), read_rulebook_files(folder))


def loaded_from(where: str, files: Mapping[str, str]) -> Rulebook:
    """The rulebook of texts by path, wherever they were. Raises `RulebookUnusable`."""
    try:
        return load_rulebook(files)
    except RulebookInvalid as invalid:
        count = len(invalid.problems)
        problems = "problem" if count == 1 else "problems"
        raise RulebookUnusable(
            f"rulebook {where}: {count} {problems}, it does not load\n{invalid}"
        ) from invalid


def read_rulebook_files(folder: Path) -> Mapping[str, str]:
    """Every file of a rulebook by its path from the folder (`rules/police.yaml`), sorted.

    Whatever is hidden, and notes for people (`.md`, `.txt`), are left out. A byte-order mark is
    taken off and lines end with a line feed, so that an editor's habits do not change the
    rulebook's hash. Files that `shared.yaml` names are read from the rulebook beside this one, so
    the hash covers them too. Raises `RulebookUnusable` if the folder is missing or empty, or a file
    cannot be read, is not UTF-8, or is neither `.yaml` nor `.csv`: it would be left out in silence.
    """
    if not folder.is_dir():
        raise RulebookUnusable(f"rulebook {folder}: there is no such folder")
    paths = [path for path in sorted(_visible(folder)) if path.suffix not in _FOR_PEOPLE]
    if not paths:
        raise RulebookUnusable(f"rulebook {folder}: the folder holds no rulebook")
    for path in paths:
        if path.suffix not in _READ:
            raise RulebookUnusable(f"rulebook: {path} is neither .yaml nor .csv, nor a note (.md)")
    own = {path.relative_to(folder).as_posix(): _text_of(path) for path in paths}
    return dict(sorted({**own, **_shared(folder, own)}.items()))


def _shared(folder: Path, own: Mapping[str, str]) -> Mapping[str, str]:
    """The texts of what the rulebook shares with its neighbour."""
    text = own.get(SHARED_FILE)
    if text is None:
        return {}
    if problems := problems_of(text):
        raise RulebookUnusable(f"rulebook {folder}: it cannot share files\n{problems}")
    shared = shared_files(text, folder)
    if both := sorted(own.keys() & shared.keys()):
        raise RulebookUnusable(f"rulebook {folder}: {both[0]} is shared, and stands here as well")
    return {name: _text_of(path) for name, path in shared.items()}


def _visible(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") for part in parts):
            yield path


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RulebookUnusable(f"rulebook: {path} is not text in UTF-8") from error
    except OSError as error:
        raise RulebookUnusable(f"rulebook: {path} cannot be read: {error.strerror}") from error
