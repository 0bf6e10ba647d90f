"""Decisions made again from what is stored: the same answer as then, or what differs."""

from datetime import timedelta

import pytest

from services.ledger.replaying import occurrences_in
from services.replay.event_replay import ReplayedOccurrence, replay_occurrence
from services.runtime.postgres import snapshot
from tests.builders import nhs_number, staffordshire
from tests.integration.replay.kit import BEGINNING, END, keep, live_a_county
from tests.integration.router.kit import NOON, Ledger, a_router, family, message, records

pytestmark = pytest.mark.integration


async def replayed(ledger: Ledger) -> list[ReplayedOccurrence]:
    async with snapshot(ledger.pool) as connection:
        asked = await occurrences_in(connection, BEGINNING, END)
        return [await replay_occurrence(connection, each.occurrence_id) for each in asked]


@pytest.fixture
async def decided(ledger: Ledger) -> Ledger:
    """A ledger with one family, told of twice."""
    await keep(ledger.pool, staffordshire())
    router = a_router(ledger.pool)
    await router.handle(records(message()))
    later = family(risk="high", status="updated")
    await router.handle(
        records(message(later, event_id="e2", at=NOON + timedelta(seconds=1)), begin=1)
    )
    return ledger


async def test_every_decision_is_made_again_as_it_was(ledger: Ledger) -> None:
    await live_a_county(ledger, 200, seed=4)

    again = await replayed(ledger)

    assert sum(len(each.decisions) for each in again) > 150
    assert [each for each in again if not each.is_the_same] == []


async def test_what_was_stored_otherwise_is_named_and_never_shown(decided: Ledger) -> None:
    await decided.rows(
        "UPDATE decision SET facts = jsonb_set(facts, '{people,0,features,age}', '7')"
        " WHERE event_id = 'e1'"
    )
    await decided.rows(
        "UPDATE outbox SET body = convert_to(replace(convert_from(body, 'UTF8'),"
        ' \'"urgency":"immediate"\', \'"urgency":"routine"\'), \'UTF8\')'
        " WHERE duty_id IS NOT NULL"
    )

    [again] = await replayed(decided)

    first, second = again.decisions
    assert "facts.people.0.features.age" in first.differs
    assert any(each.endswith(".urgency") for each in (*first.differs, *second.differs))
    assert nhs_number(1) not in str(again)


async def test_a_notice_that_nothing_tells_is_named(decided: Ledger) -> None:
    await decided.rows("DELETE FROM decision WHERE event_id = 'e2'")

    [again] = await replayed(decided)

    assert [each.differs for each in again.decisions] == [()]
    assert again.not_told_again


@pytest.mark.parametrize("harm", ["UPDATE rulebook SET files = '{}'", "DELETE FROM rulebook"])
async def test_a_rulebook_that_is_not_what_was_kept_is_not_replayed(
    decided: Ledger, harm: str
) -> None:
    async with decided.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")  # past its guards
        await connection.execute(harm)

    [again] = await replayed(decided)

    assert not again.is_the_same
    assert [len(each.differs) for each in again.decisions] == [1, 1]
