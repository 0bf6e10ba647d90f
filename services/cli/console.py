"""`fieldfare console`: one console process, for production."""

import asyncio

import typer

from services.console.main import run_console
from services.runtime.clock import choose_clock
from services.runtime.logging import configure_logging
from services.runtime.settings import read_settings

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def console() -> None:
    """Serve the web console, until told to stop. Any number may run at once."""
    settings = read_settings()
    clock = choose_clock(settings.clock.file)
    configure_logging(settings.logging, clock=clock, service="console")
    asyncio.run(run_console(settings, clock))
