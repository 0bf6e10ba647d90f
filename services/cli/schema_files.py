"""`fieldfare schemas`: the contract for machines."""

from pathlib import Path
from typing import Annotated

import typer

from schemas.export import rendered
from services.cli.wording import counted

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def schemas() -> None:
    """JSON Schema and AsyncAPI of every message, for publishers and receiving systems."""


@app.command()
def export(
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Made if it is not there.")] = Path(
        "schemas/generated"
    ),
) -> None:
    """Write JSON Schema for every message, and an AsyncAPI document."""
    files = rendered()
    for name, text in sorted(files.items()):
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        typer.echo(str(path))
    typer.echo(f"{counted(len(files), 'file')} written")
