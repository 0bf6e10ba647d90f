"""Whatever happens to a router: everything about a batch is in the ledger once, or not at all."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from routing_rules.case import Case, Outcome
from routing_rules.learning import Learned, route_event
from routing_rules.register import Register
from routing_rules.rulebook import Rulebook
from schemas.events import Event
from services.ledger.offsets import PartitionLost
from services.router.arrivals import Arrival, arrival
from services.router.bad_rows import TooManyBadRows
from services.router.batch import write_batch
from services.router.handler import Router
from services.router.record import Record
from services.router.routing import RouteEvent
from services.router.stopwatch import Stopwatch
from services.runtime.backoff import Stopping
from services.runtime.postgres import open_pool, transaction
from services.runtime.topics import Topics
from tests.integration.router.kit import (
    NOON,
    Ledger,
    a_router,
    family,
    message,
    record,
    records,
)

NOTHING = dict.fromkeys(
    ("event", "occurrence", "decision", "duty", "duty_change", "dead_letter", "outbox"), 0
)


class PulledPlug(BaseException):
    """Stands for the process dying."""


async def _die_before_commit(router: Router, batch: list[Record]) -> None:
    arrivals = [arrival(each, Topics("fieldfare"), router.read) for each in batch]
    async with transaction(router.pool) as connection:
        await write_batch(connection, arrivals, router.routing, at=NOON, watch=Stopwatch())
        raise PulledPlug


async def test_dead_before_the_commit_nothing_is_written_and_all_is_read_again(
    ledger: Ledger,
) -> None:
    router = a_router(ledger.pool)

    with pytest.raises(PulledPlug):
        await _die_before_commit(router, records(message()))

    assert await ledger.counts() == NOTHING
    assert await ledger.next_offset() is None
    assert (await router.handle(records(message()))).events == 1


async def test_dead_after_the_commit_what_is_read_again_is_skipped(ledger: Ledger) -> None:
    batch = records(message(), b"{not json")
    await a_router(ledger.pool).handle(batch)
    once = await ledger.counts()

    written = await a_router(ledger.pool).handle(batch)

    assert written.skipped == 2
    assert await ledger.counts() == once


async def test_a_batch_that_was_done_in_part_is_done_for_the_rest(ledger: Ledger) -> None:
    batch = records(message(event_id="a"), message(family("STF/2"), event_id="b"))
    await a_router(ledger.pool).handle(batch[:1])

    written = await a_router(ledger.pool).handle(batch)

    assert (written.skipped, written.events) == (1, 1)
    assert (await ledger.counts())["event"] == 2


async def test_two_routers_with_the_same_records_give_one_result(ledger: Ledger) -> None:
    batch = records(*(message(family(f"STF/{i}"), event_id=f"e{i}") for i in range(40)))

    answers = await asyncio.gather(
        a_router(ledger.pool).handle(batch),
        a_router(ledger.pool).handle(batch),
        return_exceptions=True,
    )

    done = [each for each in answers if not isinstance(each, BaseException)]
    lost = [each for each in answers if isinstance(each, BaseException)]
    assert sum(each.events for each in done) == 40
    assert all(isinstance(each, PartitionLost) for each in lost)
    counts = await ledger.counts()
    assert (counts["event"], counts["decision"]) == (40, 40)
    assert await ledger.next_offset() == 40


async def test_a_router_that_was_paused_in_its_transaction_is_fenced(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await router.handle(records(message()))
    arrivals = [
        arrival(each, Topics("fieldfare"), router.read)
        for each in records(message(family("STF/2"), event_id="late"), begin=1)
    ]
    async with ledger.pool.acquire() as watching:
        locked = watching.transaction()
        await locked.start()
        await watching.execute("UPDATE source_offset SET next_offset = 5")  # the new owner
        zombie = asyncio.create_task(_write(router, arrivals))
        await asyncio.sleep(0.2)
        await locked.commit()

    with pytest.raises(PartitionLost):
        await zombie
    assert (await ledger.counts())["event"] == 1


async def _write(router: Router, arrivals: Sequence[Arrival]) -> None:
    async with transaction(router.pool) as connection:
        await write_batch(connection, arrivals, router.routing, at=NOON, watch=Stopwatch())


async def test_two_routers_on_one_occurrence_decide_one_after_the_other(ledger: Ledger) -> None:
    async def one(partition: int) -> None:
        router = a_router(ledger.pool)
        for i in range(10):
            value = message(family(summary=f"{partition}/{i}"), event_id=f"{partition}-{i}")
            await router.handle(records(value, begin=i, partition=partition))

    await asyncio.gather(one(0), one(1))

    counts = await ledger.counts()
    assert counts["occurrence"] == 1
    assert counts["event"] == counts["decision"] == 20
    twice = await ledger.rows(
        "SELECT person_key, service, recipient, kind, instead_of FROM duty"
        " GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1"
    )
    assert twice == []
    gaps = await ledger.rows(
        "SELECT duty_id FROM duty_change GROUP BY duty_id"
        " HAVING count(DISTINCT revision) <> max(revision) OR count(*) <> max(revision)"
    )
    assert gaps == []


def _fails_on(bad: str) -> RouteEvent:
    def failing(
        case: Case, event: Event, register: Register, rulebook: Rulebook, at: datetime
    ) -> tuple[Case, Outcome, Learned]:
        if event.id.startswith(bad):
            raise ZeroDivisionError("9990000018")
        return route_event(case, event, register, rulebook, at)

    return failing


async def test_an_event_that_routing_fails_on_keeps_nobody_waiting(ledger: Ledger) -> None:
    values = [message(family(f"STF/{i}"), event_id=f"e{i}") for i in range(9)]
    values[4] = message(family("STF/4"), event_id="bad")
    router = a_router(ledger.pool, decide_by=_fails_on("bad"))

    written = await router.handle(records(*values))

    assert (written.events, written.dead_letters) == (8, 1)
    [letter] = await ledger.rows("SELECT * FROM dead_letter")
    assert (letter["field"], letter["reason"]) == ("$", "could not be routed")
    assert (letter["event_id"], letter["body"]) == ("bad", values[4])
    assert await ledger.next_offset() == 9
    assert [(r["id"], r["status"]) for r in await ledger.replies()][4] == ("bad", "refused")


async def test_a_record_that_postgres_refuses_keeps_nobody_waiting(ledger: Ledger) -> None:
    values = [message(family(f"STF/{i}"), event_id=f"e{i}") for i in range(8)]
    await ledger.rows("ALTER TABLE event ADD CHECK (id <> 'e5')")

    written = await a_router(ledger.pool).handle(records(*values))

    assert (written.events, written.dead_letters) == (7, 1)
    [letter] = await ledger.rows("SELECT * FROM dead_letter")
    assert (letter["event_id"], letter["reason"]) == ("e5", "could not be stored")
    assert {row["id"] for row in await ledger.rows("SELECT id FROM event")} == {
        f"e{i}" for i in range(8) if i != 5
    }


async def test_too_many_failures_in_a_row_stop_the_router(ledger: Ledger) -> None:
    values = [message(family(f"STF/{i}"), event_id=f"bad{i}") for i in range(8)]
    router = a_router(ledger.pool, decide_by=_fails_on("bad"))

    with pytest.raises(TooManyBadRows, match="5 records in a row"):
        await router.handle(records(*values))

    assert (await ledger.counts())["dead_letter"] == 4
    assert await ledger.next_offset() == 4


async def test_a_postgres_that_ends_our_session_is_waited_for(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    batches = [[record(message(family(f"STF/{i}"), event_id=f"e{i}"), i)] for i in range(60)]

    async def cut_off() -> None:
        for _ in range(6):
            await asyncio.sleep(0.05)
            async with ledger.pool.acquire() as killer:
                await killer.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    async def route() -> None:
        for batch in batches:
            await router.handle(batch)

    await asyncio.gather(cut_off(), route())

    counts = await ledger.counts()
    assert (counts["event"], counts["decision"]) == (60, 60)


async def test_a_router_that_is_asked_to_stop_does_not_wait_for_postgres() -> None:
    async with open_pool("postgresql://nobody@127.0.0.1:1/x", size=1, application_name="t") as pool:
        router = a_router(pool)
        waiting = asyncio.create_task(router.handle(records(message())))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        router.stopping.set()
        with pytest.raises(Stopping):
            await waiting
