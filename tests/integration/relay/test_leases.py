"""Leases of lanes, between two owners on the real ledger."""

import asyncio
from datetime import timedelta

import pytest

from services.ledger.lanes import Lane, LaneLedger, LeaseLost, Published
from tests.integration.relay.rig import NOON, Rig

pytestmark = pytest.mark.integration

_LANE = Lane("queue", 0)
_NOTHING = Published((), (), next_offset=0)


def _owner(rig: Rig, name: str, *, seconds: float = 60) -> LaneLedger:
    return LaneLedger(rig.pool, name, timedelta(seconds=seconds))


async def test_only_one_owner_has_a_lane_until_it_gives_it_back(rig: Rig) -> None:
    one, other = _owner(rig, "one"), _owner(rig, "other")

    taken = await asyncio.gather(*(owner.take(_LANE) for owner in (one, other)))

    assert sorted(taken) == [False, True]
    holder, outsider = (one, other) if taken[0] else (other, one)
    await outsider.give_back(_LANE)
    assert not await outsider.take(_LANE)
    await holder.give_back(_LANE)
    assert await outsider.take(_LANE)


async def test_without_the_lease_nothing_can_be_done(rig: Rig) -> None:
    await rig.add(3, topic="queue")
    outsider = _owner(rig, "outsider")
    await _owner(rig, "holder").take(_LANE)

    with pytest.raises(LeaseLost):
        await outsider.hold(_LANE)
    with pytest.raises(LeaseLost):
        await outsider.number(_LANE, 10)
    with pytest.raises(LeaseLost):
        await outsider.mark(_LANE, _NOTHING, NOON)

    assert await rig.pool.fetchval("SELECT count(recipient_sequence) FROM outbox") == 0
    assert await rig.pool.fetchval("SELECT count(*) FROM recipient_counter") == 0


async def test_a_lease_that_ran_out_cannot_be_renewed(rig: Rig) -> None:
    sleeper = _owner(rig, "sleeper", seconds=0.05)
    await sleeper.take(_LANE)
    await asyncio.sleep(0.1)

    await sleeper.renew([_LANE])

    with pytest.raises(LeaseLost):
        await sleeper.hold(_LANE)
    assert await _owner(rig, "other").take(_LANE)


async def test_a_renewed_lease_lasts(rig: Rig) -> None:
    await _owner(rig, "holder", seconds=0.5).take(_LANE)

    await _owner(rig, "holder", seconds=60).renew([_LANE])
    await asyncio.sleep(0.6)

    assert not await _owner(rig, "other").take(_LANE)


async def test_lanes_in_play_are_those_with_rows_or_an_owner(rig: Rig) -> None:
    await rig.add(2, topic="queue", partition=1)
    await rig.add(1, topic="other", partition=0)
    holder = _owner(rig, "holder")
    await holder.take(_LANE)

    in_play = {
        each.lane: (each.owner, each.has_open_rows) for each in (await holder.in_play()).lanes
    }

    assert in_play == {
        Lane("other", 0): (None, True),
        Lane("queue", 0): ("holder", False),
        Lane("queue", 1): (None, True),
    }


async def test_lanes_of_one_topic_share_a_recipient_s_numbers(rig: Rig) -> None:
    """A publisher's replies are spread over the partitions of its topic."""
    owner = _owner(rig, "owner")
    for partition in range(2):
        await rig.add(50, topic="replies", partition=partition, recipient="police")
        await owner.take(Lane("replies", partition))

    await asyncio.gather(*(owner.number(Lane("replies", partition), 50) for partition in range(2)))

    rows = await rig.pool.fetch("SELECT recipient_sequence FROM outbox ORDER BY 1")
    assert [row["recipient_sequence"] for row in rows] == list(range(1, 101))
