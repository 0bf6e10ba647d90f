"""Sources end to end: a probe goes the whole way, and a source that stops is noticed."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.builders import staffordshire
from tests.e2e.running_system import RunningSystem
from tests.integration.router.kit import family

PUBLISHER = "staffordshire-police"
PROBES = "SELECT publisher, returned_at FROM source_probe WHERE returned_at IS NOT NULL"
OPEN = "SELECT publisher, kind FROM source_finding WHERE ended_at IS NULL"
DUTIES = "SELECT count(*) AS n FROM duty"
PATIENCE = 60.0


async def _until(holds: Callable[[], Awaitable[bool]], system: RunningSystem) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not await holds():
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise AssertionError(system.logs()[-4000:]) from None


def _event(number: int, at: datetime) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": f"urn:fieldfare:source:{PUBLISHER}",
        "type": "fieldfare.police.domestic-abuse.v1",
        "time": at.isoformat(),
        "sequence": f"{number:06d}",
        "data": family(f"STF/{number}"),
    }


async def test_a_probe_of_every_source_goes_the_whole_way_and_reaches_nobody(
    system: RunningSystem,
) -> None:
    sources = {source.publisher for source in staffordshire().settings.sources}
    for name in ("router", "relay", "watch"):
        system.start(name)

    async def all_returned() -> bool:
        return {row["publisher"] for row in await system.rows(PROBES)} == sources

    await _until(all_returned, system)

    came_out = [json.loads(m.value or b"") for m in await system.read_all(system.topics.probes)]
    assert sorted(each["publisher"] for each in came_out) == sorted(sources)
    assert await system.queue_messages() == []
    assert (await system.rows(DUTIES))[0]["n"] == 0
    assert await system.rows("SELECT 1 FROM source_day") == []
    assert await system.rows(OPEN) == []


async def test_a_source_that_stops_and_a_number_that_never_comes_are_noticed(
    system: RunningSystem,
) -> None:
    friday_night = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)
    system.clock.set(friday_night)
    for name in ("router", "relay", "watch"):
        system.start(name)
    await system.publish([_event(number, friday_night) for number in (1, 2, 4)])

    async def received() -> bool:
        rows = await system.rows("SELECT received FROM source_day")
        return bool(rows) and rows[0]["received"] == 3

    async def is_open(kind: str) -> bool:
        found = await system.rows(OPEN)
        return {"publisher": PUBLISHER, "kind": kind} in found

    await _until(received, system)
    await asyncio.sleep(2)  # the watch looks each second, and has seen that 3 is not there
    system.clock.advance(timedelta(minutes=11))
    await _until(lambda: is_open("sequence_gap"), system)
    system.clock.set(datetime(2026, 3, 8, 9, tzinfo=UTC))
    await _until(lambda: is_open("silent"), system)

    page = system.command("ledger", "sources", "--day", "2026-03-06", expect=1)
    assert "received 1..4, missing: 3" in page
    assert "nothing has come for" in page
