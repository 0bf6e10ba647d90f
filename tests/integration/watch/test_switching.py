"""Another rulebook goes live while duties wait: who is chased, by whom, and only once."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache

import pytest
from pydantic import SecretStr

from routing_rules.rulebook import Rulebook, content_hash
from services.ledger.jsonb import json_text
from services.ledger.live_rulebook import LiveRulebook
from services.ledger.rulebook_watching import take_up
from services.runtime.backoff import Backoff
from services.runtime.clock import FixedClock
from services.runtime.postgres import transaction
from services.runtime.settings import ConsoleSettings, PostgresSettings, Settings, WatchSettings
from services.watch.chasing import Chasing
from services.watch.failpoints import NoFailpoints
from services.watch.main import run_watch
from services.watch.watching import Watching
from tests.builders import rulebook_with
from tests.integration.watch.rig import DAY, DUE, HOUR, LEAD, MASH, ON_CALL, Rig
from tests.integration.watch.test_several_watches import until
from tests.live_rulebook import make_live

pytestmark = pytest.mark.integration

_QUICK = """
on call:
  name: Morgan Example
  role: duty director of children's services
  recipient: 860:social-care:duty-director
late after: 1 hour
ladders:
  - when: [refused, not sent, not acknowledged, not recorded, not done]
    of: [immediate, same day, next working day, routine]
    tell:
      - {tell: mash, after: 1 hour, urgency: same day}
      - {tell: on call, after: 2 hours, urgency: immediate}
    again every: 4 hours
"""


@cache
def quick() -> Rulebook:
    """The shipped rulebook with a ladder of two steps, both within two hours."""
    return rulebook_with(**{"escalation.yaml": _QUICK})


async def chase_under(rig: Rig, rulebook: Rulebook, at: datetime) -> None:
    chasing = rig.chasing()
    points = NoFailpoints()
    await Chasing(rig.pool, rulebook, chasing.queues, chasing.console, points).chase(at)


async def go_live(rig: Rig, rulebook: Rulebook, at: datetime) -> int:
    await make_live(rig.pool, at, rulebook)
    async with transaction(rig.pool) as connection:
        return (await LiveRulebook("watch").read(connection, at=at)).activation_no


async def look_at(rig: Rig) -> datetime | None:
    [row] = await rig.rows("SELECT look_at FROM duty WHERE kind = 'notify'")
    found: datetime | None = row["look_at"]
    return found


async def test_what_climbs_is_looked_at_once_when_another_ladder_goes_live(rig: Rig) -> None:
    (duty,) = await rig.owe()
    await rig.chase(DUE)
    soon = DUE + timedelta(minutes=5)
    activation = await go_live(rig, quick(), soon)

    async with transaction(rig.pool) as connection:
        assert await take_up(connection, activation, at=soon)
        assert not await take_up(connection, activation, at=soon + HOUR)
    assert await look_at(rig) == soon
    for at in (soon, DUE + HOUR, DUE + 2 * HOUR, DUE + 2 * HOUR + timedelta(minutes=1)):
        await chase_under(rig, quick(), at)

    # the lead was told under the old ladder: MASH and the person on call are still to come
    assert await rig.steps() == [(LEAD, 1, False), (MASH, 2, False), (ON_CALL, 3, False)]
    rows = await rig.rows("SELECT DISTINCT duty_id, since, begun_at FROM escalation")
    assert [tuple(row) for row in rows] == [(duty, DUE, DUE)]


async def test_back_and_forth_between_two_rulebooks_takes_no_step_twice(rig: Rig) -> None:
    await rig.owe()
    await rig.chase(DUE)
    await rig.pool.execute("UPDATE duty SET look_at = $1", DUE)
    await chase_under(rig, quick(), DUE + HOUR)
    for hours in (1, 2, 3, 5):
        await rig.pool.execute("UPDATE duty SET look_at = $1 WHERE kind = 'notify'", DUE)
        await rig.chase(DUE + hours * HOUR)
    await rig.pool.execute("UPDATE duty SET look_at = $1 WHERE kind = 'notify'", DUE)
    await chase_under(rig, quick(), DUE + 5 * HOUR)

    told = [recipient for recipient, _, _ in await rig.steps()]
    assert told == [LEAD, MASH, ON_CALL]


async def test_a_watch_takes_up_what_goes_live_without_a_restart(rig: Rig) -> None:
    await rig.owe()
    settings = Settings(
        postgres=PostgresSettings(dsn=SecretStr(rig.dsn)),
        watch=WatchSettings(poll_ms=20),
        console=ConsoleSettings(url="https://console.example"),
    )
    clock = FixedClock(DUE)
    task = asyncio.create_task(run_watch(settings, clock, backoff=Backoff(first=0.01, most=0.05)))
    try:
        await until(lambda: has_steps(rig, 1))
        await make_live(rig.pool, DUE, quick())
        clock.set(DUE + 2 * HOUR)
        await until(lambda: has_steps(rig, 3))
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    assert [told for told, _, _ in await rig.steps()] == [LEAD, MASH, ON_CALL]
    labels = {each["rulebook"] for each in await rig.notices() if each["recipient"] == ON_CALL}
    assert labels == {quick().label}


async def has_steps(rig: Rig, count: int) -> bool:
    return len(await rig.steps()) == count


async def test_mash_hears_once_a_day_of_a_process_that_cannot_load_what_is_live(rig: Rig) -> None:
    files = {"settings.yaml": "name: newer\n"}
    await rig.pool.execute(
        "INSERT INTO rulebook (content_hash, name, files, first_used_at) VALUES ($1, 'x', $2, $3)",
        content_hash(files),
        json_text(files),
        DUE,
    )
    await rig.pool.execute(
        "INSERT INTO rulebook_activation (content_hash, kind, ordered_at, ordered_by, role, why)"
        " VALUES ($1, 'adopted', $2, 'a newer release', 'none', 'newer')",
        content_hash(files),
        DUE,
    )
    settings = Settings(postgres=PostgresSettings(dsn=SecretStr(rig.dsn)))
    watching = Watching(settings, rig.pool, FixedClock(DUE), NoFailpoints())
    await watching.prepare()
    [tell] = [job for job in watching.jobs() if job.name == "rulebook"]

    for at in (DUE, DUE + HOUR, DUE + DAY):
        await tell.run(at)

    told = [each for each in await rig.notices() if each["recipient"] == MASH]
    assert len(told) == 2
    content = told[0]["content"]
    assert content["finding"] == "rulebook cannot be loaded"
    assert content["says"].startswith("a watch goes by an earlier rulebook")
