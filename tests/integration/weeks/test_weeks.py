"""Four simulated weeks: what the finder lists is what an independent reader predicts."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from services.ledger.migrate import migrate
from services.ledger.missed import Missed, MissedFilter, all_missed, count_missed
from services.ledger.missed_causes import MissedCause
from services.runtime.clock import FixedClock
from services.runtime.postgres import open_pool
from tests.integration.weeks.model import Miss, london, predicted
from tests.integration.weeks.script import BEGINS, ENDS, Script, rulebook_of_the_weeks, write
from tests.integration.weeks.world import World

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]

LOOKED_AT = (
    london(3, 18, 12),
    london(3, 23, 19),
    london(3, 28, 9, 30),
    london(3, 30, 18, 40),
    london(4, 2, 12),
    london(4, 7, 19),
    london(4, 9, 15),
    ENDS,
)
"""Before and after the clocks changed, over the holidays, and when all is over."""


@pytest.fixture
async def world(fresh_dsn: str) -> AsyncIterator[World]:
    async with open_pool(fresh_dsn, size=3, application_name="test") as pool:
        await migrate(pool, at=BEGINS)
        yield World(pool, rulebook_of_the_weeks(), FixedClock(BEGINS))


def as_predicted(row: Missed) -> Miss:
    event = (row.event.id if row.event else row.publisher) or ""
    return Miss(event, row.person, row.service, row.cause.value, row.awaits.value)


async def found(world: World) -> dict[Miss, Missed]:
    """The finder's rows, page by page."""
    at, which = world.clock.now(), MissedFilter(limit=3)
    rows = [row async for row in all_missed(world.pool, which, at=at)]
    by_miss = {as_predicted(row): row for row in rows}
    assert len(by_miss) == len(rows)
    counts = await count_missed(world.pool, which, at=at)
    assert counts == Counter(row.cause for row in rows)
    return by_miss


NOT_OF_THESE_WEEKS = {MissedCause.REPLAYED, MissedCause.COMMISSIONING_GAP}
"""Nobody issued late notices, and no gap of what is commissioned had somebody to stand in."""


async def test_what_is_found_is_what_was_missed(world: World) -> None:
    script = Script(world)
    write(script)

    for at in LOOKED_AT:
        await world.until(at)
        assert set(await found(world)) == set(predicted(script.expected, at)), f"{at:%d %B}"

    rows = await found(world)
    assert {miss.cause for miss in rows} == set(MissedCause) - NOT_OF_THESE_WEEKS
    assert {miss: row.owner for miss, row in rows.items()} == {miss: owner(miss) for miss in rows}
    await _every_step_was_taken_once(world)
    assert world.killed == 3
    assert world.broken, "the relay stood still and nobody noticed"
    assert {name for _, name in world.broken} == {"outbox"}
    assert min(at for at, _ in world.broken) > london(4, 9, 10)


def owner(miss: Miss) -> str | None:
    """Who must act when all is over: all but one were silent for two working days."""
    if miss.awaits == "nothing":
        return None
    if miss.cause == "no_rule":
        return "MASH"
    return "MASH:mash" if miss.event == "not-sent" else "860:social-care:duty-director"


async def _every_step_was_taken_once(world: World) -> None:
    async with world.pool.acquire() as connection:
        steps = await connection.fetch(
            "SELECT array_agg(step ORDER BY step) AS steps FROM escalation GROUP BY duty_id, since"
        )
        told = await connection.fetchval(
            "SELECT count(*) - count(DISTINCT message_id) FROM outbox WHERE duty_id IS NOT NULL"
        )
    assert steps
    assert all(row["steps"] == list(range(1, len(row["steps"]) + 1)) for row in steps)
    assert told == 0
