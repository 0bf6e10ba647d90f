"""Hears the router say that there is something to publish, and counts as a live relay meanwhile."""

import asyncio
from collections.abc import Callable

import asyncpg

from services.ledger.lanes import declare_relay_alive
from services.runtime.errors import FieldfareError
from services.runtime.logging import get_logger
from services.runtime.postgres import our_errors

CHANNEL = "fieldfare_outbox"

_CONNECT_SECONDS = 10.0
_log = get_logger(__name__)


async def listen_for_rows(dsn: str, wake: Callable[[], None], *, retry_seconds: float) -> None:
    """Calls `wake` at each notice, for ever, until it is cancelled.

    It has a connection of its own, and makes a new one `retry_seconds` after losing it. Notices
    sent in between are lost: whoever is woken must poll as well.
    """
    is_away = False
    while True:
        try:
            await _listen_until_lost(dsn, wake)
        except FieldfareError as error:
            if not is_away:
                _log.warning("relay_hears_nothing", error=error)
            is_away = True
        else:
            is_away = False
        await asyncio.sleep(retry_seconds)


async def _listen_until_lost(dsn: str, wake: Callable[[], None]) -> None:
    lost = asyncio.Event()
    with our_errors():
        connection = await asyncpg.connect(
            dsn,
            timeout=_CONNECT_SECONDS,
            server_settings={"application_name": "fieldfare-relay-wakeups"},
        )
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await declare_relay_alive(connection)
            await connection.add_listener(CHANNEL, lambda *_: wake())
            wake()  # rows may have been added while nobody listened
            await lost.wait()
        finally:
            connection.terminate()
