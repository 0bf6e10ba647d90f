"""The synthetic county over the real Kafka and PostgreSQL: nothing is lost, and it all adds up."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from services.ledger.cases import read_cases
from services.ledger.conservation import check_conservation
from services.runtime.postgres import open_pool
from services.sandbox.county import CountyMessage
from services.sandbox.county_mistakes import Mistake
from services.sandbox.county_people import households_of
from services.sandbox.county_places import places_of
from services.sandbox.county_rare_people import rare_households
from tests.builders import staffordshire
from tests.e2e.running_system import RunningSystem
from tests.rules.county_run import (
    BEGUN,
    as_to_be_told,
    differences_of,
    is_spoken_of,
    messages_of,
    truth_of,
)

MESSAGES = 1_000
SEED = 7
_PATIENCE = 400.0
"""Seconds: a day of it has more to be decided again than any other test."""
DUTIES = """
SELECT state, count(*) AS duties FROM duty GROUP BY state
"""
HEARD = """
SELECT body FROM event ORDER BY xmin::text::bigint, topic, partition, log_offset
"""
"""Batch by batch as they were committed, and in a batch as they came: numbers are by id in it."""
OPEN = """
SELECT count(*) AS n FROM outbox WHERE published_at IS NULL AND withdrawn_at IS NULL
"""


async def routed(system: RunningSystem) -> Sequence[CountyMessage]:
    """A county's first days, published at once when they are over."""
    days = list(messages_of(SEED, MESSAGES))
    system.clock.set(days[-1][0] + timedelta(hours=5))
    system.start("router")
    system.start("relay")
    published = await system.publish_raw(
        [(system.topics.events(m.family, m.publisher), m.body) for _, m in days]
    )
    await system.settled(published, patience=_PATIENCE)
    return [message for _, message in days]


async def test_a_county_is_accounted_for(system: RunningSystem) -> None:
    messages = await routed(system)

    replies = [json.loads(m.value) for m in await system.read_all(f"{system.prefix}.replies.")]
    by_status = Counter(reply["status"] for reply in replies)
    [events] = await system.rows("SELECT count(*) AS n FROM event")
    [dead] = await system.rows("SELECT count(*) AS n FROM dead_letter")
    assert events["n"] == by_status["accepted"]
    assert events["n"] + dead["n"] + by_status["repeated"] == len(messages)
    assert min(dead["n"], by_status["repeated"]) > 0

    [open_] = await system.rows(OPEN)
    assert open_["n"] == 0
    told = [json.loads(m.value) for m in await system.queue_messages()]
    by_state = {row["state"]: row["duties"] for row in await system.rows(DUTIES)}
    assert sum(by_state.values()) == len({one["duty_id"] for one in told}) + await unsent(system)
    assert set(by_state) <= {"sent", "withdrawn"}
    assert_numbered(told)
    assert await wrong_in_the_ledger(system) == {"clocks"}  # nobody watches them yet
    system.start("watch")
    async with asyncio.timeout(60):
        while await wrong_in_the_ledger(system):
            await asyncio.sleep(0.5)
    assert_nothing_personal_in(system.logs())
    assert await differences(system, messages) == []


async def differences(system: RunningSystem, messages: Sequence[CountyMessage]) -> list[str]:
    """Where the ledger's duties are not what the county's truth says of what was published.

    The truth hears the messages in the order in which the ledger did: topics have none among each
    other. What it says of one occurrence is compared duty by duty.
    """
    truth, at = truth_of(SEED), system.clock.now()
    by_body = {each.body: each for each in messages if each.mistake is not Mistake.REPEATED}
    for row in await system.rows(HEARD):
        truth.take(by_body[row["body"]], at)
    truth.wait_until(at)
    ids = [
        row["occurrence_id"] for row in await system.rows("SELECT occurrence_id FROM occurrence")
    ]
    assert {str(each) for each in ids} == truth.occurrences.keys()
    connection = await asyncpg.connect(system.dsn)
    try:
        cases = await read_cases(connection, ids)
    finally:
        await connection.close()
    found, compared = list[str](), 0
    for key, case in cases.items():
        owed = [as_to_be_told(held, truth) for held in case.duties if is_spoken_of(held, truth)]
        assert len(owed) == len(set(owed)), key
        found += differences_of(truth, str(key), frozenset(owed))
        compared += len(owed)
    assert compared > MESSAGES
    return found


async def wrong_in_the_ledger(system: RunningSystem) -> set[str]:
    """What of the ledger does not add up."""
    async with open_pool(system.dsn, size=1, application_name="test") as pool:
        balances = await check_conservation(pool, at=system.clock.now())
    return {each.name for each in balances if not each.is_whole}


async def unsent(system: RunningSystem) -> int:
    """Duties that ended before anybody was told of them."""
    rows = await system.rows(
        "SELECT count(*) AS n FROM duty WHERE state = 'withdrawn' AND NOT EXISTS"
        " (SELECT FROM outbox WHERE outbox.duty_id = duty.duty_id AND published_at IS NOT NULL)"
    )
    return int(rows[0]["n"])


def assert_numbered(told: Sequence[dict[str, object]]) -> None:
    """Each recipient's notifications are numbered without gap or repeat, in order."""
    numbers = defaultdict(list)
    for one in told:
        numbers[one["recipient"]].append(one["recipient_sequence"])
    assert len(numbers) > 20
    for recipient, sequence in numbers.items():
        assert sequence == list(range(1, len(sequence) + 1)), recipient


def assert_nothing_personal_in(logs: str) -> None:
    """No number, name, address or postcode of anybody in the county."""
    places = places_of(staffordshire(), BEGUN.date())
    homes = (*households_of(places, seed=SEED), *rare_households(places).values())
    people = [who for home in homes for who in home.residents]
    private = {
        *(who.nhs_number for who in people),
        *(f"{who.given} {who.family}" for who in people),
        *(f'"{who.given}"' for who in people),
        *(home.postcode for home in homes),
        *(line for home in homes for line in home.lines),
    }
    assert logs
    assert [word for word in private if word in logs] == []
