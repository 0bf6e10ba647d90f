"""Changing the ledger from the command line: one transaction an order, under the routers' locks."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar

import typer

from services.ledger.live_rulebook import rulebook_live
from services.ledger.migrate import check_schema
from services.router.messages import Post
from services.router.orders import Done, Order, OrderRefused
from services.router.routing import Routing
from services.runtime.clock import choose_clock
from services.runtime.postgres import Connection, open_pool, transaction
from services.runtime.settings import read_settings
from services.runtime.topics import Topics
from services.sandbox.addresses import settings_of_sandbox

_Answer = TypeVar("_Answer")
Work = Callable[[Connection, Routing, datetime], Awaitable[_Answer]]

By = Annotated[str, typer.Option("--by", help="The person who says or orders it, by name.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it is kept.")]
Source = Annotated[str | None, typer.Option(help="The event's source, or only the publisher.")]


def change_ledger(work: Work[_Answer]) -> _Answer:
    """Does the work in one transaction, under the rulebook that is live, and answers it.

    Raises `NoRulebookLive` where none is. Whatever the work raises, nothing was changed.
    """
    settings = settings_of_sandbox(read_settings(), needs="FIELDFARE_POSTGRES__DSN")
    dsn = settings.postgres.dsn
    assert dsn is not None  # noqa: S101 - or the line above had raised
    post = Post(Topics(settings.topics.prefix), settings.topics.queue_partitions)

    async def connected() -> _Answer:
        async with open_pool(
            dsn.get_secret_value(), size=1, application_name="fieldfare-ledger"
        ) as pool:
            await check_schema(pool)
            async with transaction(pool) as connection:
                at = choose_clock(settings.clock.file).now()
                rulebook = await rulebook_live(connection, at=at)
                return await work(connection, Routing(rulebook, post), at)

    return asyncio.run(connected())


def an_order(by: str, why: str) -> Order:
    """Who orders what, and why; raises `OrderRefused` where either is left blank."""
    if not by.strip() or not why.strip():
        raise OrderRefused("--by and --why say who orders it and why; neither may be blank")
    return Order(by.strip(), why.strip())


def tell(done: Done) -> None:
    """Prints what came of an order."""
    typer.echo(done.told)
