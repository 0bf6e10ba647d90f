"""A relay over a ledger and a log in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from services.ledger.lanes import Lane
from services.relay.message import message_of
from services.relay.ports import Fenced, LaneLog, MessageRefused
from services.relay.relay import Relay, RelayLimits
from services.runtime.backoff import Backoff
from services.runtime.clock import FixedClock
from services.runtime.errors import FieldfareError, PermanentError
from services.runtime.kafka import KafkaAway, TopicMissing
from services.runtime.postgres import DatabaseAway
from services.runtime.settings import RelaySettings
from tests.unit.relay.fakes import LANE, MemoryLedger, MemoryLog, eventually

_LIMITS = RelayLimits(idle_seconds=60, stop_seconds=1, backoff=Backoff(0.001, 0.01))


@asynccontextmanager
async def _running(
    ledger: MemoryLedger, log: MemoryLog, limits: RelayLimits = _LIMITS
) -> AsyncIterator[Relay]:
    def open_log(_: Lane) -> LaneLog:
        return log

    relay = Relay(
        ledger=ledger,
        open_log=open_log,
        clock=FixedClock(datetime(2026, 3, 6, 12, tzinfo=UTC)),
        settings=RelaySettings(lease_seconds=1, poll_ms=2, batch_size=10),
        limits=limits,
    )
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await task


async def _until_empty(ledger: MemoryLedger) -> None:
    await eventually(lambda: ledger.is_empty)


async def test_rows_go_out_in_order_and_in_batches() -> None:
    ledger, log = MemoryLedger(), MemoryLog()
    ids = ledger.add(25)

    async with _running(ledger, log):
        await _until_empty(ledger)

    assert [message.message_id for message in log.messages] == ids
    assert [message.recipient_sequence for message in log.messages] == list(range(1, 26))
    assert log.batches == [10, 10, 5]


@pytest.mark.parametrize("came_through", [True, False])
@pytest.mark.parametrize("error", [KafkaAway(), Fenced(), TopicMissing(), DatabaseAway()])
async def test_an_unknown_outcome_is_looked_up_in_the_log(
    error: FieldfareError, came_through: bool
) -> None:
    ledger, log = MemoryLedger(), MemoryLog(fails=[(error, came_through)])
    ids = ledger.add(25)

    async with _running(ledger, log):
        await _until_empty(ledger)

    assert [message.message_id for message in log.messages] == ids
    assert (log.opened, log.closed) == (2, 2)


async def test_a_mistake_of_ours_in_one_lane_does_not_end_the_relay() -> None:
    ledger, log = MemoryLedger(breaks=[ZeroDivisionError()]), MemoryLog()
    ids = ledger.add(5)

    with capture_logs() as logs:
        async with _running(ledger, log):
            await _until_empty(ledger)

    assert [message.message_id for message in log.messages] == ids
    assert [line["event"] for line in logs].count("relay_lane_broke") == 1


async def test_a_refused_row_is_found_by_sending_one_by_one() -> None:
    ledger, log = MemoryLedger(), MemoryLog()
    ledger.add(5)
    await ledger.take(LANE)
    await ledger.number(LANE, 5)
    refused = message_of((await ledger.read([2]))[0])
    no = (MessageRefused(refused, "too large"), False)
    log.fails = [no, (None, True), (None, True), no]
    ledger.owned.clear()

    with capture_logs() as logs:
        async with _running(ledger, log):
            await _until_empty(ledger)

    assert log.batches == [1, 1, 1, 1, 1]
    [alarm] = [line for line in logs if line["log_level"] == "critical"]
    assert (alarm["outbox_id"], alarm["recipient_sequence"]) == (refused.message_id, 3)


async def test_an_outage_of_the_ledger_is_waited_out() -> None:
    ledger, log = MemoryLedger(fails=[DatabaseAway(), DatabaseAway()]), MemoryLog()
    ids = ledger.add(1)

    with capture_logs() as logs:
        async with _running(ledger, log):
            await _until_empty(ledger)

    assert [message.message_id for message in log.messages] == ids
    assert [line["event"] for line in logs].count("relay_outage_begins") == 1


async def test_what_waiting_cannot_mend_ends_the_relay() -> None:
    with pytest.raises(PermanentError):
        async with _running(MemoryLedger(fails=[PermanentError()]), MemoryLog()):
            await asyncio.sleep(0.05)


async def test_an_idle_lane_is_given_back_and_its_producer_closed() -> None:
    ledger, log = MemoryLedger(), MemoryLog()
    ledger.add(1)

    async with _running(ledger, log, RelayLimits(idle_seconds=0.01)):
        await _until_empty(ledger)
        await eventually(lambda: not ledger.owned and log.closed == 1)


async def test_leases_are_given_back_on_a_stop_and_renewed_until_then() -> None:
    ledger, log = MemoryLedger(), MemoryLog()
    ledger.add(1)

    async with _running(ledger, log):
        await _until_empty(ledger)
        assert ledger.owned == {LANE}
        await eventually(lambda: ledger.renewed == {LANE})

    assert ledger.owned == set()


async def test_a_lane_that_could_not_be_given_back_is_not_renewed() -> None:
    class KeepsLanes(MemoryLedger):
        async def give_back(self, lane: Lane) -> None:
            raise DatabaseAway(lane.topic)

    ledger, log = KeepsLanes(), MemoryLog()
    ledger.add(1)

    async with _running(ledger, log, RelayLimits(idle_seconds=0.6)):
        await eventually(lambda: ledger.renewed == {LANE})
        await eventually(lambda: log.closed == 1)
        await eventually(lambda: ledger.renewed == set())


async def test_a_log_that_does_not_close_is_given_up_in_time() -> None:
    class NeverCloses(MemoryLog):
        async def close(self) -> None:
            await asyncio.sleep(3600)

    ledger = MemoryLedger()
    ledger.add(1)

    async with asyncio.timeout(5), _running(ledger, NeverCloses(), RelayLimits(stop_seconds=0.1)):
        await _until_empty(ledger)


async def test_messages_that_the_ledger_does_not_know_are_told() -> None:
    other, log = MemoryLedger(), MemoryLog()
    other.add(3)
    async with _running(other, log):
        await _until_empty(other)
    restored = MemoryLedger()  # to a state before those three
    restored.add(1)

    with capture_logs() as logs:
        async with _running(restored, log):
            await _until_empty(restored)

    [alarm] = [line for line in logs if line["log_level"] == "error"]
    assert (alarm["event"], alarm["count"]) == ("relay_log_holds_unknown_messages", 3)
