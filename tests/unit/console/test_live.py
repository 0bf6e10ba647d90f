"""What moves is worked out once for all pages that show it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import pytest

from services.console.live import MOST_PAGES, Live
from services.ledger.console_figures import Position
from services.runtime.postgres import DatabaseAway, Pool
from tests.unit.console.fakes import AT

HERE, FURTHER = Position(1, 1), Position(2, 1)


@dataclass(slots=True)
class Work:
    """Asks a ledger, and counts how often."""

    done: int = 0
    fails: bool = False

    async def __call__(self) -> Mapping[str, object]:
        self.done += 1
        await asyncio.sleep(0)
        if self.fails:
            raise DatabaseAway("gone")
        return {"done": self.done}


@pytest.fixture
def live() -> Live:
    return Live(cast("Pool", None))


async def test_fifty_pages_ask_the_ledger_once_when_it_moves(live: Live) -> None:
    work = Work()

    first = await asyncio.gather(*(live.figures(HERE, work, at=AT) for _ in range(50)))
    then = await asyncio.gather(*(live.figures(FURTHER, work, at=AT) for _ in range(50)))

    assert {each["done"] for each in first} == {1}
    assert {each["done"] for each in then} == {2}


async def test_what_is_overdue_moves_with_the_clock_though_the_ledger_does_not(live: Live) -> None:
    work = Work()
    await live.figures(HERE, work, at=AT)

    later = await live.figures(HERE, work, at=AT + timedelta(minutes=10))

    assert later["done"] == 2


async def test_a_page_that_is_closed_stops_it_for_no_other(live: Live) -> None:
    work = Work()
    closed = asyncio.create_task(live.figures(HERE, work, at=AT))
    open_still = asyncio.create_task(live.figures(HERE, work, at=AT))
    await asyncio.sleep(0)

    closed.cancel()

    assert (await open_still)["done"] == 1


async def test_what_failed_is_tried_again_for_whoever_asks_next(live: Live) -> None:
    work = Work(fails=True)
    with pytest.raises(DatabaseAway):
        await live.figures(HERE, work, at=AT)
    work.fails = False

    assert (await live.figures(HERE, work, at=AT))["done"] == 2


async def test_nobody_opens_more_pages_than_there_is_room_for() -> None:
    live = Live(cast("Pool", None), stopping=asyncio.Event())
    live.stopping.set()  # nothing is looked at
    for _ in range(MOST_PAGES - 1):
        await live.watched("carys").__aenter__()

    async with live.watched("carys"):
        assert not live.has_room("carys")
        assert live.has_room("omar")
    assert live.has_room("carys")
