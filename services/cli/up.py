"""`fieldfare up`: everything on one machine."""

from typing import Annotated

import typer
from rich.console import Console

from services.runtime.clock import choose_clock
from services.runtime.settings import read_settings
from services.sandbox.up import Up

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def up(
    county: Annotated[
        bool, typer.Option("--county/--no-county", help="Simulate a county's events.")
    ] = True,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Of the console.")] = None,
) -> None:
    """Start Kafka, PostgreSQL, all processes and a synthetic county, and show what they do."""
    settings = read_settings()
    if port is not None:
        console = settings.console.model_copy(update={"port": port})
        settings = settings.model_copy(update={"console": console})
    clock = choose_clock(settings.clock.file)
    Up(settings, clock, Console(markup=False, emoji=False), with_county=county).run()
