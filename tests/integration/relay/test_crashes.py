"""The relay's rows of the crash table: whatever happens, each number is seen once and in order."""

from pathlib import Path

import pytest

from services.relay.failpoints import Failpoint
from tests.integration.relay.rig import (
    Rig,
    numbers,
    relay_process,
    relay_running,
    until,
    until_ended,
    until_stopped,
)

pytestmark = pytest.mark.integration

_SIGKILL = -9


async def _assert_each_once_in_order(rig: Rig, count: int) -> None:
    queue = await rig.queue()
    assert numbers(queue, "RJF:midwifery") == list(range(1, count + 1))
    assert len({seen.message_id for seen in queue}) == count


@pytest.mark.parametrize("point", Failpoint)
async def test_a_relay_that_is_killed_is_followed_by_another(
    rig: Rig, point: Failpoint, tmp_path: Path
) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    await rig.add(120)

    with relay_process(rig.settings, tmp_path / "log", at=point, does="SIGKILL") as process:
        assert await until_ended(process) == _SIGKILL
    async with relay_running(rig.settings):
        await rig.until_published()

    await _assert_each_once_in_order(rig, 120)


async def test_what_was_committed_before_a_kill_is_marked_and_not_sent_again(
    rig: Rig, tmp_path: Path
) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    await rig.add(50)
    with relay_process(rig.settings, tmp_path / "log", at="committed", does="SIGKILL") as process:
        await until_ended(process)
    before = await rig.queue()
    assert len(before) == 50
    assert await rig.open_rows() == 50

    async with relay_running(rig.settings):
        await rig.until_published()

    assert await rig.queue() == before


@pytest.mark.parametrize("point", Failpoint)
async def test_a_relay_that_slept_beyond_its_lease_is_fenced(
    rig: Rig, point: Failpoint, tmp_path: Path
) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    await rig.add(120)

    with relay_process(rig.settings, tmp_path / "log", at=point, does="SIGSTOP") as sleeper:
        await until_stopped(sleeper)
        async with relay_running(rig.settings):
            await rig.until_published()
            sleeper.send_signal(18)  # SIGCONT
            await rig.add(120)
            await rig.until_published()
        await rig.add(60)  # for the one that slept: it is as good a relay as any
        await rig.until_published()
        sleeper.terminate()
        assert await until_ended(sleeper) == 0

    await _assert_each_once_in_order(rig, 300)
    assert "relay_lane_lost" in (tmp_path / "log").read_text("utf-8")


async def test_two_relays_share_lanes_and_outlive_each_other(rig: Rig, tmp_path: Path) -> None:
    await rig.make_topics("queue.midwifery.RJF", partitions=6)
    rounds = 0

    async def add_everywhere() -> None:
        nonlocal rounds
        rounds += 1
        for partition in range(6):
            await rig.add(10, recipient=f"team-{partition}", partition=partition)

    async def each_has_three_lanes() -> bool:
        await add_everywhere()
        owners = await rig.pool.fetch(
            "SELECT count(*) AS lanes FROM lane WHERE expires_at > clock_timestamp() GROUP BY owner"
        )
        return [row["lanes"] for row in owners] == [3, 3]

    async with relay_running(rig.settings):
        await rig.until_published()
        with relay_process(rig.settings, tmp_path / "log") as other:
            await until(each_has_three_lanes)
            other.kill()
            await add_everywhere()
            await rig.until_published()

    for partition in range(6):
        queue = await rig.queue(partition=partition)
        assert numbers(queue, f"team-{partition}") == list(range(1, 10 * rounds + 1))
