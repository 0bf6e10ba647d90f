"""`fieldfare`: finds the command, and turns every error into one clear line.

A command's module is imported only when that command is asked for, so that `rules explain` does not
wait for a Kafka client.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from services.cli.exit_codes import ExitCode
from services.runtime.errors import FieldfareError
from services.runtime.settings import LoggingSettings, read_settings

_PACKAGE = "services.cli"
_MODULES = {
    "up": "up",
    "rules": "rules",
    "ledger": "ledger",
    "topics": "topics",
    "schemas": "schema_files",
    "simulate": "simulate",
    "router": "router",
    "relay": "relay",
    "watch": "watch",
    "console": "console",
}
"""Commands in the order of `--help`, and the modules whose `app` they are."""


class CommandsByName(TyperGroup):
    """Commands that are imported when they are looked at."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer asks so
        """Every command, in the order that a newcomer wants."""
        return list(_MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as above
        """The command of that name."""
        if cmd_name not in _MODULES:
            return None
        return get_command(import_module(f"{_PACKAGE}.{_MODULES[cmd_name]}").app)


app = typer.Typer(
    cls=CommandsByName,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fieldfare {version('fieldfare')}")
        raise typer.Exit


@app.callback()
def fieldfare(
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """Tells every professional who needs to know, in time, and can prove it afterwards."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs a command line, by default that of the process, and exits with the command's code."""
    try:
        app(arguments, prog_name="fieldfare")
    except FieldfareError as error:
        _tell(str(error) or type(error).__name__, error)
    except Exception as error:  # noqa: BLE001 - the edge of the process
        # the text of an error that we did not write may hold a row of personal data
        _tell(
            f"an error of Fieldfare's own: {_place_of(error)}; "
            "set FIELDFARE_LOGGING__LEVEL=debug to see it whole",
            error,
        )
    sys.exit(ExitCode.DONE)


def _tell(line: str, error: Exception) -> NoReturn:
    if _wants_traceback():
        raise error
    typer.echo(f"fieldfare: {line}", err=True)
    sys.exit(ExitCode.REFUSED)


def _wants_traceback() -> bool:
    try:
        logging = read_settings().logging
    except FieldfareError:  # perhaps the very error that is being told
        logging = LoggingSettings()
    return logging.level == "debug"


def _place_of(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    kind = type(error).__name__
    return kind if trace is None else f"{kind} in {trace.tb_frame.f_code.co_qualname}"


if __name__ == "__main__":
    main()
