"""How a command is told which rulebook: a folder, a shipped one, the setting, or the ledger's."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

import routing_rules
from routing_rules.rulebook import Rulebook
from services.runtime.rulebook_files import loaded_from, open_rulebook, read_rulebook_files
from services.runtime.settings import read_settings

_SHIPPED = Path(routing_rules.__file__).parent / "rulebooks"
_HELP = (
    "A rulebook's folder, or the name of one that ships; `live` or `sha256:...` for a version that "
    "the ledger keeps; else FIELDFARE_RULEBOOK__PATH."
)
_LIVE = "live"

RulebookArgument = Annotated[str | None, typer.Argument(help=_HELP, show_default=False)]
RulebookOption = Annotated[str | None, typer.Option("--rulebook", help=_HELP)]


def folder_of(rulebook: str | None) -> Path:
    """The folder that is meant; whether it exists is not looked at."""
    if rulebook is None:
        return read_settings().rulebook.path
    is_shipped = rulebook in {folder.name for folder in _SHIPPED.iterdir() if folder.is_dir()}
    return _SHIPPED / rulebook if is_shipped and not Path(rulebook).exists() else Path(rulebook)


def files_asked(rulebook: str | None) -> tuple[str, Mapping[str, str]]:
    """What is meant, by name, and its texts by path; only what the ledger keeps needs a database.

    Raises `RulebookUnusable`, and what looking into the ledger raises.
    """
    if rulebook is not None and is_kept(rulebook):
        # imported when it is asked for, so that nothing else waits for a client of PostgreSQL
        found: tuple[str, Mapping[str, str]]
        found = import_module("services.cli.rulebook_kept").kept_files(rulebook)
        return found
    folder = folder_of(rulebook)
    return str(folder), read_rulebook_files(folder)


def open_asked(rulebook: str | None) -> Rulebook:
    """The rulebook that is meant. Raises as `files_asked`, and if it does not load."""
    if rulebook is None or not is_kept(rulebook):
        return open_rulebook(folder_of(rulebook))
    return loaded_from(*files_asked(rulebook))


def is_kept(rulebook: str) -> bool:
    """Whether a version of the ledger is meant; a folder called `live` is `./live`."""
    return rulebook == _LIVE or rulebook.rpartition("@")[2].startswith("sha256:")
