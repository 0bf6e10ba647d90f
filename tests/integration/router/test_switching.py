"""A rulebook goes live between two batches: no restart, nothing lost, nothing owed twice."""

import asyncio
from collections import Counter
from datetime import timedelta
from functools import cache

import pytest
from structlog.testing import capture_logs

from routing_rules.rulebook import Rulebook, content_hash
from schemas.reading import read_event
from schemas.receipt import read_receipt
from services.ledger import rulebook_orders
from services.ledger.jsonb import json_text
from services.ledger.live_rulebook import LiveRulebook, NoRulebookLive, rulebook_live
from services.ledger.migrate import migrate
from services.ledger.rulebook_watching import unfit_processes
from services.router.handler import Router
from services.router.messages import Post
from services.router.receiver import Receiver
from services.router.record import Record
from services.router.routing import Routing
from services.runtime.clock import FixedClock
from services.runtime.postgres import Pool, open_pool, reading, transaction
from services.runtime.topics import Topics
from tests.builders import rulebook_files, rulebook_with, staffordshire
from tests.integration.router.kit import NOON, Ledger, family, message, records
from tests.live_rulebook import SECOND, make_live

_AT = NOON + timedelta(seconds=5)
_MIDWIFERY = "midwifery"
_TO_MIDWIVES = """\
    - midwifery: at the booked provider
      if no booking: midwifery of the home district
"""


def an_event(number: int | str, reference: str = "000001") -> bytes:
    """An event of the same family, in an incident of its own."""
    data = family() | {"police_reference": f"STF/2026/{reference}"}
    return message(data, event_id=f"e{number}")


@cache
def without_midwives() -> Rulebook:
    """The shipped rulebook as if nobody had thought of midwives."""
    police = rulebook_files("staffordshire")["rules/police.yaml"]
    assert _TO_MIDWIVES in police
    changed = police.replace(_TO_MIDWIVES, "    - camhs: of the home district\n")
    return rulebook_with(**{"rules/police.yaml": changed})


def a_router(pool: Pool, live: LiveRulebook) -> Router:
    routing = Routing(staffordshire(), Post(Topics("fieldfare"), 1))
    return Router(pool, routing, read_event, FixedClock(_AT), live=live)


async def decided_under(ledger: Ledger) -> list[str]:
    found = await ledger.rows("SELECT rulebook_hash FROM decision ORDER BY decision_no")
    return [row["rulebook_hash"] for row in found]


async def put_live(pool: Pool, kept_as: str) -> int:
    """Makes a version live that people would never have been able to sign."""
    found: int = await pool.fetchval(
        "INSERT INTO rulebook_activation (content_hash, kind, ordered_at, ordered_by, role, why)"
        " VALUES ($1, 'adopted', $2, 'a newer release', 'none', 'it is newer')"
        " RETURNING activation_no",
        kept_as,
        _AT,
    )
    return found


async def keep_unreadable(pool: Pool) -> str:
    """A rulebook of a newer release: this one misses what it says."""
    files = dict(rulebook_files("staffordshire")) | {"settings.yaml": "name: newer\n"}
    kept_as = content_hash(files)
    await pool.execute(
        "INSERT INTO rulebook (content_hash, name, files, first_used_at)"
        " VALUES ($1, 'newer', $2, $3)",
        kept_as,
        json_text(files),
        _AT,
    )
    return kept_as


async def test_each_event_is_decided_under_what_is_live_when_its_batch_begins(
    ledger: Ledger,
) -> None:
    router = a_router(ledger.pool, LiveRulebook("router"))
    assert "rules/police.yaml" in without_midwives().files

    await router.handle(records(an_event(0)))
    await make_live(ledger.pool, _AT, without_midwives())
    await router.handle(records(an_event(1, "000009"), begin=1))
    async with transaction(ledger.pool) as connection:
        await rulebook_orders.roll_back(connection, None, SECOND, at=_AT)
    await router.handle(records(an_event(2, "000010"), begin=2))

    old, new = staffordshire(), without_midwives()
    assert await decided_under(ledger) == [old.content_hash, new.content_hash, old.content_hash]
    notices = [each for each in await ledger.notices() if each["service"] == _MIDWIFERY]
    assert [each["event"]["id"] for each in notices] == ["e0", "e2"]
    assert {each["rulebook"] for each in notices} == {old.label}


async def test_going_live_alone_decides_nothing_again_and_owes_nobody_twice(
    ledger: Ledger,
) -> None:
    router = a_router(ledger.pool, LiveRulebook("router"))
    await router.handle(records(message()))
    before = await ledger.counts()

    await make_live(ledger.pool, _AT, without_midwives())
    await router.reconsider()

    assert await ledger.counts() == before
    state = await ledger.rows("SELECT count(*) FROM duty WHERE state = 'withdrawn'")
    assert state[0][0] == 0


async def test_while_batches_flow_two_routers_take_up_what_goes_live_and_lose_nothing(
    ledger: Ledger,
) -> None:
    first, second = (a_router(ledger.pool, LiveRulebook("router")) for _ in range(2))

    async def flow(router: Router, partition: int) -> None:
        for number in range(6):
            event = an_event(f"{partition}n{number}", f"{partition}{number:05}")
            await router.handle(records(event, begin=number, partition=partition))

    async def switch() -> None:
        await make_live(ledger.pool, _AT, without_midwives())

    await asyncio.gather(flow(first, 0), flow(second, 1), switch())

    found = await ledger.rows(
        "SELECT d.event_id, d.rulebook_hash, count(n.duty_id) AS told FROM decision AS d"
        " LEFT JOIN duty AS n ON n.occurrence_id = d.occurrence_id AND n.service = 'midwifery'"
        " GROUP BY 1, 2"
    )
    assert len(found) == 12
    by_rulebook = Counter(row["rulebook_hash"] for row in found)
    assert by_rulebook[without_midwives().content_hash] >= 1
    for row in found:
        assert row["told"] == (row["rulebook_hash"] == staffordshire().content_hash)
    last = [row for row in found if row["event_id"].endswith("n5")]
    assert {row["rulebook_hash"] for row in last} == {without_midwives().content_hash}


async def test_what_this_release_cannot_load_is_not_taken_and_everybody_hears_of_it(
    ledger: Ledger,
) -> None:
    live = LiveRulebook("router", release="0.0.1")
    router = a_router(ledger.pool, live)
    await router.handle(records(an_event(0)))
    await put_live(ledger.pool, await keep_unreadable(ledger.pool))

    with capture_logs() as lines:
        for number in (1, 2):
            event = an_event(number, f"00001{number}")
            await router.handle(records(event, begin=number))

    assert await decided_under(ledger) == [staffordshire().content_hash] * 3
    loud = [line for line in lines if line["log_level"] == "critical"]
    assert [line["event"].split(":")[0] for line in loud] == ["rulebook_cannot_be_loaded"]
    async with reading(ledger.pool) as connection:
        [unfit] = await unfit_processes(connection, at=_AT)
    assert (unfit.process, unfit.release) == ("router", "0.0.1")
    assert "does not load under this release" in unfit.problem

    async with transaction(ledger.pool) as connection:  # at three in the morning
        await rulebook_orders.roll_back(connection, None, SECOND, at=_AT)
    await router.handle(records(an_event(3, "000013"), begin=3))
    async with reading(ledger.pool) as connection:
        assert await unfit_processes(connection, at=_AT) == ()


async def test_started_under_what_it_cannot_load_a_router_goes_by_what_was_live_before(
    ledger: Ledger,
) -> None:
    await put_live(ledger.pool, await keep_unreadable(ledger.pool))
    live = LiveRulebook("router")

    with capture_logs() as lines:
        await a_router(ledger.pool, live).handle(records(message()))

    assert await decided_under(ledger) == [staffordshire().content_hash]
    assert "rulebook_of_before_is_in_force" in {line["event"] for line in lines}


async def test_with_nothing_that_can_be_loaded_nothing_is_routed(fresh_dsn: str) -> None:
    async with open_pool(fresh_dsn, size=2, application_name="test") as pool:
        await migrate(pool, at=NOON)
        async with reading(pool) as connection:
            with pytest.raises(NoRulebookLive, match="fieldfare rules propose"):
                await LiveRulebook("router").read(connection, at=_AT)
            with pytest.raises(NoRulebookLive, match="fieldfare rules propose"):
                await rulebook_live(connection, at=_AT)
        await put_live(pool, await keep_unreadable(pool))
        async with reading(pool) as connection:
            with pytest.raises(NoRulebookLive, match="nor what was before"):
                await LiveRulebook("router").read(connection, at=_AT)


async def test_receipts_are_taken_under_what_is_live(ledger: Ledger) -> None:
    live = LiveRulebook("router")
    routing = Routing(staffordshire(), Post(Topics("fieldfare"), 1))
    receiver = Receiver(ledger.pool, routing, read_receipt, FixedClock(_AT), live=live)
    await make_live(ledger.pool, _AT, without_midwives())
    letter = Record("fieldfare.receipts.RJF", 0, 0, (), b"{not json", 0)

    await receiver.handle([letter])

    assert live.in_force is not None
    assert live.in_force.rulebook.content_hash == without_midwives().content_hash
    [notice] = await ledger.notices()
    assert notice["rulebook"] == without_midwives().label
