"""Asking the ledger from the command line, and printing what it answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from pydantic_core import to_json
from rich.console import Console, RenderableType

from services.runtime.clock import Clock, choose_clock
from services.runtime.postgres import Pool, open_pool
from services.runtime.settings import read_settings
from services.sandbox.addresses import settings_of_sandbox

_WIDTH_OF_FILES = 180
_Answer = TypeVar("_Answer")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="Show so many at most.")]


def ask_ledger(ask: Callable[[Pool, Clock], Awaitable[_Answer]]) -> _Answer:
    """What the ledger answers; on a machine with `fieldfare up` it is that one's ledger."""
    settings = settings_of_sandbox(read_settings(), needs="FIELDFARE_POSTGRES__DSN")
    dsn = settings.postgres.dsn
    assert dsn is not None  # noqa: S101 - or the line above had raised

    async def connected() -> _Answer:
        async with open_pool(
            dsn.get_secret_value(), size=1, application_name="fieldfare-ledger"
        ) as pool:
            return await ask(pool, choose_clock(settings.clock.file))

    return asyncio.run(connected())


def print_shown(shown: RenderableType, *, width: int = _WIDTH_OF_FILES) -> None:
    """Prints to a terminal as wide as it is, and to a file so wide that nothing is folded.

    Publishers choose the ids of events and people: what stands in brackets is text, and no markup.
    """
    console = Console(markup=False, emoji=False)
    if not console.is_terminal:
        console = Console(markup=False, emoji=False, width=width)
    console.print(shown)


def print_json(answer: object) -> None:
    """Prints it as indented JSON."""
    typer.echo(to_json(answer, indent=2).decode())
