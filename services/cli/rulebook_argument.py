"""How a command is told which rulebook: a folder, the name of a shipped one, or the setting."""

from pathlib import Path
from typing import Annotated

import typer

import routing_rules
from services.runtime.settings import read_settings

_SHIPPED = Path(routing_rules.__file__).parent / "rulebooks"
_HELP = "A rulebook's folder, or the name of one that ships; else FIELDFARE_RULEBOOK__PATH."

RulebookArgument = Annotated[str | None, typer.Argument(help=_HELP, show_default=False)]
RulebookOption = Annotated[str | None, typer.Option("--rulebook", help=_HELP)]


def folder_of(rulebook: str | None) -> Path:
    """The folder that is meant; whether it exists is not looked at."""
    if rulebook is None:
        return read_settings().rulebook.path
    is_shipped = rulebook in {folder.name for folder in _SHIPPED.iterdir() if folder.is_dir()}
    return _SHIPPED / rulebook if is_shipped and not Path(rulebook).exists() else Path(rulebook)
