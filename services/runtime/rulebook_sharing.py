"""Files that a rulebook shares with the one beside it: `shared.yaml`, instead of a copy.

What is proved against two rulebooks must be the same promises, and not two copies of them.
"""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from routing_rules.section import Section, section
from routing_rules.source_text import Problems, Scalar, quoted, read_yaml

SHARED_FILE = "shared.yaml"
_KEYS = ("from", "files")


def lender_of(text: str) -> str | None:
    """The folder beside this one from which `shared.yaml` takes files; None if it cannot be read.

    `problems_of` says what is wrong with it.
    """
    return _read(text, Problems())[0] or None


def problems_of(text: str) -> str:
    """Everything that is wrong with a `shared.yaml`, a line each; empty if nothing is."""
    problems = Problems()
    _read(text, problems)
    return "\n".join(map(str, sorted(problems.found)))


def shared_files(text: str, folder: Path) -> Mapping[str, Path]:
    """Where on disk each shared file stands, by its path in the rulebook, which is the same.

    `folder` is the rulebook that shares, whose neighbour lends. Whether a file exists is not
    looked at. What `problems_of` complains of is left out.
    """
    lender, files = _read(text, Problems())
    return {file: folder.parent / lender / file for file in files} if lender else {}


def _read(text: str, problems: Problems) -> tuple[str, tuple[str, ...]]:
    root = read_yaml(SHARED_FILE, text, problems)
    top = Section(None, problems) if root is None else section(root, _KEYS, problems)
    lender = top.phrase("from", _read_neighbour, "")
    return lender, top.phrases("files", _read_path)


def _read_neighbour(scalar: Scalar, problems: Problems) -> str | None:
    """The name of a folder that stands beside this one, and nothing above or below it."""
    if scalar.text not in (".", "..") and PurePosixPath(scalar.text).name == scalar.text:
        return scalar.text
    problems.add(scalar.position, f"{quoted(scalar.text)} is not a folder beside this one")
    return None


def _read_path(scalar: Scalar, problems: Problems) -> str | None:
    path = PurePosixPath(scalar.text)
    is_within = not path.is_absolute() and ".." not in path.parts
    if is_within and path.suffix in (".yaml", ".csv") and path.as_posix() == scalar.text:
        return scalar.text
    problems.add(scalar.position, f"{quoted(scalar.text)} is not a .yaml or .csv of a rulebook")
    return None
