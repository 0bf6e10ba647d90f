"""`fieldfare watch`: one watch process, for production."""

import asyncio

import typer

from services.runtime.clock import choose_clock
from services.runtime.logging import configure_logging
from services.runtime.settings import read_settings
from services.watch.main import run_watch

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def watch() -> None:
    """Chase whoever does not answer, until told to stop. Any number may run at once."""
    settings = read_settings()
    clock = choose_clock(settings.clock.file)
    configure_logging(settings.logging, clock=clock, service="watch")
    asyncio.run(run_watch(settings, clock))
