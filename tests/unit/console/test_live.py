"""Nobody holds so many moving pages open that others find no room."""

import asyncio
from typing import cast

from services.console.live import MOST_PAGES, Live
from services.runtime.postgres import Pool


async def test_nobody_opens_more_pages_than_there_is_room_for() -> None:
    live = Live(cast("Pool", None), stopping=asyncio.Event())
    live.stopping.set()  # nothing is looked at
    for _ in range(MOST_PAGES - 1):
        await live.watched("carys").__aenter__()

    async with live.watched("carys"):
        assert not live.has_room("carys")
        assert live.has_room("omar")
    assert live.has_room("carys")
