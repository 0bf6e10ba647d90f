"""Whether the ledger adds up: a whole one does, and each kind of damage is named."""

import json
from datetime import timedelta

import pytest

from services.ledger.conservation import PATIENCE, Balance, check_conservation
from services.ledger.queries import SQL
from services.runtime.postgres import transaction
from tests.integration.router.conftest import ledger
from tests.integration.router.kit import NOON, Ledger, a_router, message, records

__all__ = ["ledger"]

SOON = NOON + timedelta(minutes=5)


@pytest.fixture
async def whole(ledger: Ledger) -> Ledger:
    """A ledger that has taken an event, a repeat of it and something unreadable."""
    await a_router(ledger.pool).handle(records(message(), message(), b"{"))
    return ledger


async def broken(ledger: Ledger) -> dict[str, Balance]:
    balances = await check_conservation(ledger.pool, at=SOON)
    return {each.name: each for each in balances if not each.is_whole}


async def test_what_a_router_writes_adds_up(whole: Ledger) -> None:
    balances = {each.name: each for each in await check_conservation(whole.pool, at=SOON)}

    assert [name for name, each in balances.items() if not each.is_whole] == []
    assert balances["events"].parts == {"decided": 1, "registered": 0, "refused": 1}
    assert balances["duties"].parts["open"] == balances["duties"].total > 1
    assert balances["notices"].parts["waiting"] == balances["duties"].total
    assert balances["clocks"].total > 1
    assert balances["dead letters"].parts == {"with_a_duty": 1}


async def test_an_empty_ledger_adds_up(ledger: Ledger) -> None:
    balances = await check_conservation(ledger.pool, at=SOON)

    assert all(each.is_whole and each.total == 0 for each in balances)


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        ("DELETE FROM decision", "events"),
        ("UPDATE duty SET ended_at = owed_at", "duties"),
        ("UPDATE duty SET state = 'withdrawn'", "duties"),
        ("UPDATE duty SET state = 'done'", "duties"),
        ("DELETE FROM outbox WHERE duty_id IS NOT NULL", "notices"),
        ("UPDATE outbox SET withdrawn_at = now()", "notices"),
        ("UPDATE outbox SET recipient_sequence = 2 * outbox_no", "numbers"),
        ("INSERT INTO recipient_counter VALUES ('t', 'r', 1)", "numbers"),
        ("UPDATE duty SET look_at = NULL", "clocks"),
        ("UPDATE duty SET dead_letter_id = NULL", "dead letters"),
    ],
)
async def test_what_is_damaged_is_named(whole: Ledger, damage: str, name: str) -> None:
    async with transaction(whole.pool) as connection:
        await connection.execute(damage)

    found = await broken(whole)

    assert name in found
    assert found[name].broken == 0 or found[name].ids


async def test_what_waits_without_a_relay_is_stuck_after_a_while(whole: Ledger) -> None:
    balances = await check_conservation(whole.pool, at=SOON + PATIENCE)

    [outbox] = [each for each in balances if each.name == "outbox"]
    assert not outbox.is_whole
    assert all(" since 2026-03-06 " in each for each in outbox.ids)


async def test_a_lane_with_a_live_relay_is_not_stuck(whole: Ledger) -> None:
    lanes = await whole.rows("SELECT DISTINCT topic, partition FROM outbox")
    async with transaction(whole.pool) as connection:
        for lane in lanes:
            held = ("relay", timedelta(hours=1))
            await connection.execute(SQL["take_lane"], lane["topic"], lane["partition"], *held)

    balances = await check_conservation(whole.pool, at=SOON + PATIENCE)

    assert next(each for each in balances if each.name == "outbox").is_whole


async def test_a_clock_that_nobody_looks_at_is_named(whole: Ledger) -> None:
    [soonest] = await whole.rows("SELECT min(look_at) AS look_at FROM duty")

    balances = await check_conservation(whole.pool, at=soonest["look_at"] + 2 * PATIENCE)

    [clocks] = [each for each in balances if each.name == "clocks"]
    assert clocks.broken > 0


async def test_what_is_to_be_decided_again_waits_for_its_time(whole: Ledger) -> None:
    [occurrence] = await whole.rows("SELECT occurrence_id FROM occurrence")
    async with transaction(whole.pool) as connection:
        await connection.execute(
            "INSERT INTO reconsideration VALUES ($1, $2, 'learned_later')",
            *(occurrence["occurrence_id"], SOON),
        )

    def waiting(balances: tuple[Balance, ...]) -> bool:
        return next(each for each in balances if each.name == "decided again").is_whole

    assert waiting(await check_conservation(whole.pool, at=SOON))
    assert not waiting(await check_conservation(whole.pool, at=SOON + 2 * PATIENCE))


async def test_nothing_that_it_says_is_personal(whole: Ledger) -> None:
    async with transaction(whole.pool) as connection:
        await connection.execute("DELETE FROM decision")
        await connection.execute("UPDATE duty SET look_at = NULL, state = 'done'")

    found = await broken(whole)

    told = json.dumps([each.ids for each in found.values()])
    assert found
    assert "999" not in told
