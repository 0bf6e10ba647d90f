"""What a relay that nothing happens to puts into the queues."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from services.runtime.kafka import MAX_MESSAGE_BYTES
from tests.integration.relay.rig import (
    NOON,
    Rig,
    numbers,
    relay_running,
    settings_for,
    until,
)

pytestmark = pytest.mark.integration


async def test_each_recipient_gets_its_own_numbers_in_order(rig: Rig) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    ids = []
    for turn in range(60):
        ids += await rig.add(1, recipient=f"team-{turn % 3}")
    ids += await rig.add(100, recipient="team-0")

    async with relay_running(rig.settings):
        await rig.until_published()

    queue = await rig.queue()
    assert sorted(seen.message_id for seen in queue) == sorted(ids)
    assert numbers(queue, "team-0") == list(range(1, 121))
    assert numbers(queue, "team-1") == list(range(1, 21))
    assert [s.message_id for s in queue if s.recipient == "team-1"] == ids[1:60:3]


async def test_the_ledger_knows_when_and_where_each_row_was_published(rig: Rig) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    await rig.add(120)

    async with relay_running(rig.settings):
        await rig.until_published()

    rows = await rig.pool.fetch(
        "SELECT message_id, recipient_sequence, published_at, published_offset FROM outbox"
    )
    in_ledger = {r["message_id"]: (r["recipient_sequence"], r["published_offset"]) for r in rows}
    assert in_ledger == {s.message_id: (s.number, s.offset) for s in await rig.queue()}
    assert {row["published_at"] for row in rows} == {NOON}


async def test_rows_added_later_go_out_as_soon_as_the_router_says_so(rig: Rig) -> None:
    settings = settings_for(
        str(rig.settings.kafka.bootstrap_servers),
        rig.settings.postgres.dsn.get_secret_value() if rig.settings.postgres.dsn else "",
        rig.settings.topics.prefix,
        poll_ms=600_000,
    )
    await rig.make_topics("queue.midwifery.RJF")
    await rig.add(1)

    async with relay_running(settings):
        await rig.until_published()
        await rig.add(1)
        await rig.pool.execute("NOTIFY fieldfare_outbox")
        await until(lambda: _has(rig, 2), patience=5)


async def _has(rig: Rig, count: int) -> bool:
    return bool(await rig.pool.fetchval("SELECT count(published_at) = $1 FROM outbox", count))


async def test_a_row_withdrawn_before_it_has_a_number_gets_none(rig: Rig) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    first, withdrawn, last = await rig.add(3)
    await rig.pool.execute(
        "UPDATE outbox SET withdrawn_at = now() WHERE message_id = $1", withdrawn
    )

    async with relay_running(rig.settings):
        await rig.until_published()

    assert [(s.message_id, s.number) for s in await rig.queue()] == [(first, 1), (last, 2)]


async def test_a_row_that_is_committed_late_takes_the_next_number(rig: Rig) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    late = uuid4()
    async with rig.pool.acquire() as slow_router:
        transaction = slow_router.transaction()
        await transaction.start()
        await slow_router.execute(
            "INSERT INTO outbox (message_id, topic, partition, recipient, message_key, headers,"
            " body) VALUES ($1, $2, 0, 'RJF:midwifery', 'RJF:midwifery', '{}', '{}')",
            late,
            rig.topic(),
        )
        early = await rig.add(3)  # with higher outbox numbers, and committed before
        async with relay_running(rig.settings):
            await rig.until_published()
            await transaction.commit()
            await rig.until_published()

    assert [s.message_id for s in await rig.queue()] == [*early, late]
    assert numbers(await rig.queue(), "RJF:midwifery") == [1, 2, 3, 4]


async def test_a_missing_topic_stops_nobody_else_and_is_served_once_it_is_there(rig: Rig) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    missing = rig.topic("queue.camhs.RRE")
    await rig.add(3, topic=missing)
    await rig.add(3)

    async with relay_running(rig.settings):
        await until(lambda: _has(rig, 3))
        await rig.make_topics("queue.camhs.RRE")
        await rig.until_published()

    assert numbers(await rig.queue(missing), "RJF:midwifery") == [1, 2, 3]


async def test_large_messages_are_published_as_well(rig: Rig) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    await rig.add(5, body=b'{"narrative":"' + b"x" * 900_000 + b'"}')

    async with relay_running(rig.settings):
        await rig.until_published()

    assert numbers(await rig.queue(), "RJF:midwifery") == [1, 2, 3, 4, 5]


async def test_leases_are_given_back_on_a_clean_stop(rig: Rig) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    await rig.add(1)
    settings = rig.settings.model_copy(
        update={"relay": rig.settings.relay.model_copy(update={"lease_seconds": 3600})}
    )

    async with relay_running(settings):
        await rig.until_published()

    assert await rig.pool.fetchval("SELECT count(*) FROM lane WHERE owner IS NOT NULL") == 0


async def test_a_row_that_kafka_refuses_stops_its_lane_loudly_and_no_other(rig: Rig) -> None:
    await rig.make_topics("queue.midwifery.RJF", "queue.camhs.RRE")
    before = await rig.add(2)
    [refused] = await rig.add(1, body=b'{"narrative":"' + b"x" * MAX_MESSAGE_BYTES + b'"}')
    await rig.add(1)
    other = rig.topic("queue.camhs.RRE")
    await rig.add(3, topic=other)

    with capture_logs() as logs:
        async with relay_running(rig.settings):
            await until(lambda: _has(rig, 5))
            await until(lambda: _has_said(logs, "relay_row_refused"))

    assert [seen.message_id for seen in await rig.queue()] == before
    assert numbers(await rig.queue(other), "RJF:midwifery") == [1, 2, 3]
    alarm = next(line for line in logs if line["event"].startswith("relay_row_refused"))
    assert alarm["log_level"] == "critical"
    assert (alarm["outbox_id"], alarm["recipient_sequence"]) == (refused, 3)


async def _has_said(logs: Sequence[Mapping[str, Any]], event: str) -> bool:
    return any(line["event"].startswith(event) for line in logs)
