"""`fieldfare router`: one router process, for production."""

import asyncio

import typer

from services.router.main import run_router
from services.runtime.clock import choose_clock
from services.runtime.logging import configure_logging
from services.runtime.settings import read_settings

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def router() -> None:
    """Route events into the ledger, until told to stop. Any number may run at once."""
    settings = read_settings()
    clock = choose_clock(settings.clock.file)
    configure_logging(settings.logging, clock=clock, service="router")
    asyncio.run(run_router(settings, clock))
