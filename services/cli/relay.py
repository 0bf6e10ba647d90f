"""`fieldfare relay`: one relay process, for production."""

import asyncio

import typer

from services.relay.main import run_relay
from services.runtime.clock import choose_clock
from services.runtime.logging import configure_logging
from services.runtime.settings import read_settings

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def relay() -> None:
    """Publish what the ledger owes, until told to stop. Any number may run at once."""
    settings = read_settings()
    clock = choose_clock(settings.clock.file)
    configure_logging(settings.logging, clock=clock, service="relay")
    asyncio.run(run_relay(settings, clock))
