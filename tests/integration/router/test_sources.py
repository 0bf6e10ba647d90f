"""What the router says of its sources is right, whatever came, twice, late or at two routers."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.router.record import Record
from tests.integration.router.kit import NOON, Ledger, a_router, family, record, records

PUBLISHER = "staffordshire-police"
PROBE = UUID("6b2c7f3e-0d5a-4a59-9a55-0c7a2f5d1e10")


def _numbered(number: int | str | None, *, at: datetime = NOON, **known: Any) -> bytes:
    """An event with a number of its source's counter, about a thing of its own."""
    made = {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": f"urn:fieldfare:source:{PUBLISHER}",
        "type": "fieldfare.police.domestic-abuse.v1",
        "time": at.isoformat(),
        "data": family(f"STF/{number}"),
    }
    if number is not None:
        made["sequence"] = number if isinstance(number, str) else f"{number:06d}"
    return json.dumps({**made, **known}).encode()


def _count(count: int, **known: Any) -> bytes:
    made = {
        "specversion": "1.0",
        "id": "count-1",
        "source": f"urn:fieldfare:source:{PUBLISHER}",
        "type": "fieldfare.source.daily-count.v1",
        "time": NOON.isoformat(),
        "data": {"day": "2026-03-05", "count": count, "first_sequence": "1", "last_sequence": "9"},
    }
    return json.dumps({**made, **known}).encode()


def _probe(probe_id: UUID = PROBE) -> bytes:
    return json.dumps(
        {
            "specversion": "1.0",
            "id": str(probe_id),
            "source": f"urn:fieldfare:probe:{PUBLISHER}",
            "type": "fieldfare.probe.v1",
            "time": NOON.isoformat(),
            "data": {},
        }
    ).encode()


async def _feed(ledger: Ledger) -> dict[str, Any]:
    """The one feed, its runs of numbers as lists of first and last."""
    (row,) = await ledger.rows("SELECT * FROM source_feed")
    runs = ("accounted", "unreadable", "again", "repeated")
    return {
        name: [(span.lower, span.upper - 1) for span in value] if name in runs else value
        for name, value in row.items()
    }


async def _one(ledger: Ledger, table: str) -> dict[str, Any]:
    (row,) = await ledger.rows(f"SELECT * FROM {table}")  # noqa: S608
    return dict(row)


async def test_numbers_days_and_hours_are_kept_by_source(ledger: Ledger) -> None:
    warned = _numbered(3, data={**family("STF/3"), "mood": "good"})

    await a_router(ledger.pool).handle(records(_numbered(1), _numbered(2), warned))

    feed = await _feed(ledger)
    assert (feed["publisher"], feed["accounted"], feed["again"]) == (PUBLISHER, [(1, 3)], [])
    assert (feed["last_number"], feed["heard_at"]) == (3, NOON)
    day = await _one(ledger, "source_day")
    assert day == {
        "publisher": PUBLISHER, "day": date(2026, 3, 6), "received": 3, "unreadable": 0,
        "lowest": 1, "highest": 3,
    }  # fmt: skip
    hour = await _one(ledger, "source_hour")
    assert (hour["hour"], hour["received"], hour["warned"]) == (NOON, 3, 1)
    assert (hour["ahead"], hour["least_lag"]) == (0, timedelta(seconds=5))


async def test_out_of_order_at_two_routers_at_once_with_repeats_ends_without_a_gap(
    ledger: Ledger,
) -> None:
    count = 60
    odd = [_numbered(n) for n in range(1, count + 1, 2)]
    even = [_numbered(n) for n in range(count, 0, -2)]
    one, other = a_router(ledger.pool), a_router(ledger.pool)

    async def read(router: Any, values: list[bytes], partition: int) -> None:
        for begin in range(0, len(values), 7):
            part = values[begin : begin + 7]
            await router.handle(records(*part, begin=begin, partition=partition))

    await asyncio.gather(read(one, odd, 0), read(other, even, 1), read(one, odd, 2))

    feed = await _feed(ledger)
    assert (feed["accounted"], feed["again"]) == ([(1, count)], [])
    assert (await _one(ledger, "source_day"))["received"] == count


async def test_what_was_done_before_a_crash_is_not_counted_again(ledger: Ledger) -> None:
    batch = records(_numbered(1), _numbered(2), _numbered(4))
    await a_router(ledger.pool).handle(batch)

    await a_router(ledger.pool).handle([*batch, record(_numbered(5), 3)])

    assert (await _feed(ledger))["accounted"] == [(1, 2), (4, 5)]
    assert (await _one(ledger, "source_day"))["received"] == 4


async def test_two_events_with_one_number_are_noted_in_one_batch_and_in_two(
    ledger: Ledger,
) -> None:
    router = a_router(ledger.pool)

    await router.handle(records(_numbered(1), _numbered(1, id="other"), _numbered(2)))
    await router.handle(records(_numbered(2, id="again"), begin=3))

    feed = await _feed(ledger)
    assert (feed["accounted"], feed["again"]) == ([(1, 2)], [(1, 2)])


async def test_the_number_of_what_cannot_be_read_is_not_missing(ledger: Ledger) -> None:
    nobody = _numbered(2, data={"police_reference": "STF/2"})

    await a_router(ledger.pool).handle(records(_numbered(1), nobody, _numbered(3)))

    feed = await _feed(ledger)
    assert (feed["accounted"], feed["unreadable"]) == ([(1, 1), (3, 3)], [(2, 2)])
    assert (await _one(ledger, "source_day"))["unreadable"] == 1
    assert (await _one(ledger, "source_hour"))["unreadable"] == 1


async def test_another_publishers_number_is_not_this_ones(ledger: Ledger) -> None:
    foreign = _numbered(7, source="urn:fieldfare:source:somebody-else")

    await a_router(ledger.pool).handle(records(_numbered(1), foreign))

    feed = await _feed(ledger)
    assert (feed["accounted"], feed["unreadable"]) == ([(1, 1)], [])


@pytest.mark.parametrize("sequence", [None, "seventeen"])
async def test_an_event_without_a_usable_number_is_counted_as_such(
    ledger: Ledger, sequence: str | None
) -> None:
    await a_router(ledger.pool).handle(records(_numbered(sequence)))

    feed = await _feed(ledger)
    assert (feed["accounted"], feed["last_number"]) == ([], None)
    assert (await _one(ledger, "source_hour"))["unnumbered"] == 1


async def test_a_clock_that_is_ahead_is_noted_and_nobody_is_heard_from_the_future(
    ledger: Ledger,
) -> None:
    at = NOON + timedelta(hours=1)

    await a_router(ledger.pool).handle(records(_numbered(1, at=at)))

    hour = await _one(ledger, "source_hour")
    assert (hour["ahead"], hour["furthest_ahead"]) == (1, timedelta(minutes=59, seconds=55))
    assert (await _feed(ledger))["heard_at"] == NOON + timedelta(seconds=5)


async def test_a_daily_count_is_kept_answered_and_never_routed(ledger: Ledger) -> None:
    written = await a_router(ledger.pool).handle(
        records(_count(9), _count(9), _count(8), _count(7, id="count-2"))
    )

    found = await ledger.rows("SELECT id, count, first_number FROM source_count ORDER BY id")
    assert [tuple(row) for row in found] == [("count-1", 9, 1), ("count-2", 7, 1)]
    assert written.events == 0
    assert written.dead_letters == 1
    replies = [reply["status"] for reply in await ledger.replies()]
    assert sorted(replies) == ["accepted", "accepted", "refused", "repeated"]
    assert (await _feed(ledger))["heard_at"] == NOON


async def test_a_daily_count_that_is_read_twice_is_kept_once(ledger: Ledger) -> None:
    router = a_router(ledger.pool)

    await router.handle(records(_count(9)))
    await router.handle(records(_count(9), begin=1))

    assert len(await ledger.rows("SELECT 1 FROM source_count")) == 1


async def test_a_probe_is_sent_on_once_and_told_to_nobody(ledger: Ledger) -> None:
    await ledger.rows(
        "INSERT INTO source_probe (probe_id, publisher, hour, asked_at) VALUES ($1, $2, $3, $3)",
        PROBE, PUBLISHER, NOON,
    )  # fmt: skip
    router = a_router(ledger.pool)

    written = await router.handle(records(_probe(), _probe()))
    await router.handle(records(_probe(), begin=2))

    assert (written.events, written.dead_letters, written.duty_changes) == (0, 0, 0)
    sent = await ledger.rows("SELECT topic, recipient, body, duty_id FROM outbox")
    assert [(row["topic"], row["recipient"]) for row in sent] == [("fieldfare.probes", "probes")]
    assert json.loads(sent[0]["body"])["probe_id"] == str(PROBE)
    assert await ledger.rows("SELECT 1 FROM source_feed") == []
    (probe,) = await ledger.rows("SELECT arrived_at FROM source_probe")
    assert probe["arrived_at"] == NOON + timedelta(seconds=5)


async def test_a_forged_probe_is_a_dead_letter_and_proves_nothing(ledger: Ledger) -> None:
    await ledger.rows(
        "INSERT INTO source_probe (probe_id, publisher, hour, asked_at)"
        " VALUES ($1, 'registration', $2, $2)",
        PROBE, NOON,
    )  # fmt: skip

    written = await a_router(ledger.pool).handle(records(_probe(), _probe(UUID(int=7))))

    assert written.dead_letters == 2
    assert await ledger.rows("SELECT 1 FROM outbox WHERE topic = 'fieldfare.probes'") == []
    (probe,) = await ledger.rows("SELECT arrived_at FROM source_probe")
    assert probe["arrived_at"] is None
    reasons = {reply["reason"] for reply in await ledger.replies()}
    assert reasons == {"a probe that Fieldfare has not sent"}


async def test_the_time_of_what_cannot_be_read_is_kafkas(ledger: Ledger) -> None:
    stamped = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    bad = Record(record(b"").topic, 0, 0, (), b"{", int(stamped.timestamp() * 1000))

    await a_router(ledger.pool).handle([bad])

    assert (await _one(ledger, "source_day"))["day"] == date(2026, 3, 5)
