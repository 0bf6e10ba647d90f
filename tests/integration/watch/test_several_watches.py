"""Several watches, killed and paused ones: every step is taken once."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from services.ledger.queues import Queues
from services.runtime.backoff import Backoff
from services.runtime.clock import FileClock, FixedClock
from services.runtime.settings import (
    ConsoleSettings,
    PostgresSettings,
    Settings,
    WatchSettings,
)
from services.runtime.topics import Topics
from services.watch.alarms import Alarms
from services.watch.chasing import NothingChased
from services.watch.failpoints import Failpoint
from services.watch.main import run_watch
from tests.builders import staffordshire
from tests.integration.watch.rig import DAY, DUE, HOUR, LEAD, MASH, ON_CALL, Rig

pytestmark = pytest.mark.integration
_SIGKILL = -9


class WaitsAt:
    """Holds a pass up at a point until it is let go."""

    def __init__(self, point: Failpoint) -> None:
        self.point = point
        self.arrived = asyncio.Event()
        self.go_on = asyncio.Event()

    async def reached(self, point: Failpoint) -> None:
        if point is self.point:
            self.arrived.set()
            await self.go_on.wait()


async def once_and_in_order(rig: Rig, duties: int) -> None:
    steps = await rig.rows(
        "SELECT duty_id, array_agg(step ORDER BY step) FROM escalation GROUP BY 1"
    )
    assert len(steps) == duties
    assert all(row[1] == list(range(1, len(row[1]) + 1)) for row in steps)
    told = [each["content"]["duties"] for each in await rig.notices() if each["recipient"] == LEAD]
    assert sum(told) == duties


async def until(holds: Callable[[], Coroutine[Any, Any, bool]]) -> None:
    async with asyncio.timeout(60):
        while not await holds():
            await asyncio.sleep(0.05)


@contextmanager
def watch_process(
    rig: Rig, clock: Path, *, at: str = "", does: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {
        "FIELDFARE_POSTGRES__DSN": rig.dsn,
        "FIELDFARE_CLOCK__FILE": str(clock),
        "FIELDFARE_WATCH__POLL_MS": "50",
        "FIELDFARE_CONSOLE__URL": "https://console.example/",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.watch.fragile_watch", at, does],
        env=environment,
        cwd=Path(__file__).parents[3],
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize("point", [Failpoint.CLAIMED, Failpoint.WRITTEN])
async def test_two_watches_at_once_take_each_step_once(rig: Rig, point: Failpoint) -> None:
    await rig.owe(10)
    slow = WaitsAt(point)
    first = asyncio.create_task(rig.chasing(slow, most_at_once=6).chase(DUE))
    await slow.arrived.wait()

    second = await rig.chase(DUE)
    slow.go_on.set()

    assert (second.looked_at, (await first).looked_at) == (4, 6)
    assert (await rig.chase(DUE)).looked_at == 0
    await once_and_in_order(rig, 10)


async def test_many_watches_over_many_steps_take_each_step_once(rig: Rig) -> None:
    await rig.owe(60, urgency="immediate")

    for hours in (0, 1, 2, 4):
        passes = [rig.chasing(most_at_once=7).chase(DUE + hours * HOUR) for _ in range(15)]
        await asyncio.gather(*passes)

    await once_and_in_order(rig, 60)
    [most] = await rig.rows(
        "SELECT min(step), max(step) FROM (SELECT max(step) AS step"
        " FROM escalation GROUP BY duty_id) AS climbed"
    )
    assert tuple(most) == (4, 4)


@pytest.mark.parametrize("point", Failpoint)
async def test_a_watch_that_is_killed_in_mid_step_is_followed_by_another(
    rig: Rig, point: Failpoint, tmp_path: Path
) -> None:
    clock = FileClock(tmp_path / "clock")
    clock.set(DUE)
    await rig.owe(20)

    with watch_process(rig, clock.path, at=point, does="SIGKILL") as process:
        assert await asyncio.to_thread(process.wait, 60) == _SIGKILL
    taken = len(await rig.steps())
    assert taken == (20 if point is Failpoint.COMMITTED else 0)

    async def all_are_told() -> bool:
        return len(await rig.steps()) == 20

    with watch_process(rig, clock.path):
        await until(all_are_told)

    await once_and_in_order(rig, 20)
    assert len(await rig.readers()) == 1


async def test_a_watch_that_stood_still_catches_up_and_says_so(rig: Rig, tmp_path: Path) -> None:
    await rig.owe(2)
    await rig.chase(DUE)
    clock = FileClock(tmp_path / "clock")
    clock.set(DUE + 20 * DAY)

    with watch_process(rig, clock.path) as process:
        await until(lambda: _has_steps(rig, 6))
        process.terminate()
        assert await asyncio.to_thread(process.wait, 60) == 0

    assert set(await rig.steps()) == {(LEAD, 1, False), (MASH, 2, True), (ON_CALL, 3, True)}
    [told] = [each for each in await rig.notices() if each["recipient"] == ON_CALL]
    assert told["content"]["late"] is True
    assert MASH not in await rig.readers()


async def _has_steps(rig: Rig, count: int) -> bool:
    return len(await rig.steps()) == count


async def test_a_watch_waits_while_postgresql_is_away(rig: Rig) -> None:
    await rig.owe()
    settings = Settings(
        postgres=PostgresSettings(dsn=SecretStr(rig.dsn)),
        watch=WatchSettings(poll_ms=20),
        console=ConsoleSettings(url="https://console.example"),
    )
    clock = FixedClock(DUE - HOUR)
    task = asyncio.create_task(run_watch(settings, clock, backoff=Backoff(first=0.01, most=0.05)))
    try:
        await until(lambda: _is_there(rig))
        await rig.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'fieldfare-watch'"
        )
        clock.set(DUE)
        await until(lambda: _has_steps(rig, 1))
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _is_there(rig: Rig) -> bool:
    return bool(
        await rig.rows("SELECT 1 FROM pg_stat_activity WHERE application_name = 'fieldfare-watch'")
    )


async def test_a_duty_that_cannot_be_chased_does_not_hide_the_others(rig: Rig) -> None:
    before_there_was_a_mash = datetime(2001, 1, 1, tzinfo=UTC)
    await rig.owe(due=before_there_was_a_mash, owed_at=before_there_was_a_mash + DAY)
    await rig.owe(3)

    chased = await rig.chase(DUE)

    assert (chased.looked_at, chased.steps, chased.put_off) == (4, 3, 1)
    assert await rig.readers() == [LEAD]
    assert (await rig.chase(DUE)).looked_at == 0
    assert (await rig.chase(DUE + HOUR)).looked_at == 1


async def test_a_notice_that_cannot_be_written_does_not_stop_all_chasing(rig: Rig) -> None:
    bad, *others = await rig.owe(9)
    await rig.pool.execute(
        f"ALTER TABLE escalation ADD CONSTRAINT poisoned CHECK (duty_id <> '{bad}')"
    )

    chased = await rig.chase(DUE)

    assert (chased.looked_at, chased.steps, chased.put_off) == (9, 8, 1)
    told = await rig.rows("SELECT duty_id FROM escalation")
    assert {row["duty_id"] for row in told} == set(others)


async def test_where_nobody_can_be_chased_nobody_is_put_off(rig: Rig) -> None:
    await rig.owe(9)
    await rig.pool.execute("ALTER TABLE escalation ADD CONSTRAINT poisoned CHECK (step < 0)")

    with pytest.raises(NothingChased):
        await rig.chase(DUE)

    await rig.pool.execute("ALTER TABLE escalation DROP CONSTRAINT poisoned")
    assert (await rig.chase(DUE)).steps == 9


async def test_mash_is_told_of_a_part_that_fails_once_a_day(rig: Rig) -> None:
    alarms = Alarms(rig.pool, staffordshire(), Queues(Topics("fieldfare"), 1))

    for at in (DUE, DUE, DUE + DAY):
        await alarms.tell_failed_job("sources", at)

    assert await rig.readers() == [MASH, MASH]
    notice = (await rig.notices())[0]
    assert (notice["about"], notice["because"]) == (None, "a part of the watch fails: sources")
