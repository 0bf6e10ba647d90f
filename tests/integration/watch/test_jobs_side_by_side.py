"""A watch process of which a part is broken: the others go on, and MASH is told."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.runtime.backoff import Backoff
from services.runtime.clock import FileClock
from services.runtime.settings import (
    ConsoleSettings,
    PostgresSettings,
    Settings,
    WatchSettings,
)
from services.watch.main import run_watch
from tests.integration.watch.rig import DUE, LEAD, MASH, Rig

pytestmark = pytest.mark.integration


async def test_a_broken_part_of_the_watch_stops_no_chasing_and_is_a_duty_of_mash(
    rig: Rig, tmp_path: Path
) -> None:
    clock = FileClock(tmp_path / "clock")
    clock.set(DUE)
    await rig.owe(2)
    await rig.rows("ALTER TABLE source_finding RENAME TO of_a_bad_release")
    settings = Settings(
        postgres=PostgresSettings(dsn=SecretStr(rig.dsn)),
        watch=WatchSettings(poll_ms=50),
        console=ConsoleSettings(url="https://console.example"),
    )

    task = asyncio.create_task(run_watch(settings, clock, backoff=Backoff(0.05, 0.1)))
    try:
        async with asyncio.timeout(60):
            while not {LEAD, MASH} <= set(await rig.readers()):
                assert not task.done()
                await asyncio.sleep(0.1)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    because = {each["recipient"]: each["because"] for each in await rig.notices()}
    assert because == {
        LEAD: "2 duties wait: 2 not acknowledged",
        MASH: "a part of the watch fails: sources",
    }
