"""Resting until there is something to do."""

import asyncio

from services.runtime.lifecycle import either

AN_HOUR = 3600.0


async def test_rest_ends_when_any_of_the_events_is_set() -> None:
    work, stopping = asyncio.Event(), asyncio.Event()
    resting = asyncio.create_task(either(work, stopping, most_seconds=AN_HOUR))
    await asyncio.sleep(0)
    assert not resting.done()

    stopping.set()

    async with asyncio.timeout(30):
        await resting


async def test_rest_ends_though_nothing_happens() -> None:
    await either(asyncio.Event(), most_seconds=0.0)


async def test_rest_leaves_nobody_waiting_behind() -> None:
    before = asyncio.all_tasks()

    await either(asyncio.Event(), asyncio.Event(), most_seconds=0.0)
    await asyncio.sleep(0)

    assert asyncio.all_tasks() == before
