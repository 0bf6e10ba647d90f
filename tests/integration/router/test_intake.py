"""Where reading goes on, and what is done when a batch cannot be taken."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError
from structlog.testing import capture_logs

from services.router.bad_rows import TooManyBadRows
from services.router.handler import Router
from services.router.intake import Intake
from tests.integration.router.kafka_kit import until
from tests.integration.router.kit import TOPIC, Ledger, a_router, family, message, records

HERE = TopicPartition(TOPIC, 0)


@dataclass(slots=True)
class Log:
    """A consumer of one partition, as far as an intake sees one."""

    begin: int = 0
    end: int = 100
    assigned: bool = True
    done: list[tuple[str, int]] = field(default_factory=list)

    def pause(self, *partitions: TopicPartition) -> None:
        self.done.append(("pause", len(partitions)))

    def resume(self, *partitions: TopicPartition) -> None:
        self.done.append(("resume", len(partitions)))

    def seek(self, partition: TopicPartition, offset: int) -> None:
        if not self.assigned:
            raise IllegalStateError(partition)
        self.done.append(("seek", offset))

    async def beginning_offsets(
        self, partitions: Iterable[TopicPartition]
    ) -> Mapping[TopicPartition, int]:
        return dict.fromkeys(partitions, self.begin)

    async def end_offsets(
        self, partitions: Iterable[TopicPartition]
    ) -> Mapping[TopicPartition, int]:
        return dict.fromkeys(partitions, self.end)

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        self.done.append(("commit", offsets[HERE]))


async def an_intake(router: Router, log: Log) -> Intake:
    intake = Intake(router)
    intake.read_from(log)
    await place(intake, log)
    return intake


async def place(intake: Intake, log: Log) -> None:
    resumed = log.done.count(("resume", 1))
    intake.place([HERE])

    async def again() -> bool:
        return log.done.count(("resume", 1)) > resumed

    await until(again)


def other(i: int) -> bytes:
    return message(family(f"STF/{i}"), event_id=f"e{i}")


async def test_a_partition_is_paused_at_once_and_opened_at_the_ledgers_offset(
    ledger: Ledger,
) -> None:
    router = a_router(ledger.pool)
    await router.handle(records(other(0), other(1)))
    log = Log()
    intake = Intake(router)
    intake.read_from(log)

    intake.place([HERE])
    assert log.done == [("pause", 1)]
    await intake.take(records(other(2), begin=2))
    assert (await ledger.counts())["event"] == 2
    await place(intake, log)

    assert log.done[-2:] == [("seek", 2), ("resume", 1)]
    await intake.take(records(other(2), begin=2))
    assert log.done[-1] == ("commit", 3)
    assert (await ledger.counts())["event"] == 3


async def test_a_partition_that_was_never_read_begins_where_its_log_does(ledger: Ledger) -> None:
    log = Log(begin=40)

    with capture_logs() as lines:
        await an_intake(a_router(ledger.pool), log)

    assert ("seek", 40) in log.done
    assert not [line for line in lines if line["event"] == "source_gap"]
    assert await ledger.next_offset() == 40


async def test_a_log_that_ends_before_the_ledgers_offset_is_read_anew(ledger: Ledger) -> None:
    router = a_router(ledger.pool)
    await router.handle(records(other(0), other(1), other(2)))
    log = Log(end=2)

    with capture_logs() as lines:
        intake = await an_intake(router, log)
    await intake.take(records(other(0), other(9)))

    assert ("seek", 0) in log.done
    assert "source_log_shrank" in {line["event"] for line in lines}
    assert (await ledger.counts())["event"] == 4


async def test_what_another_router_has_moved_on_is_placed_again(ledger: Ledger) -> None:
    log = Log()
    router = a_router(ledger.pool)
    intake = await an_intake(router, log)
    async with ledger.pool.acquire() as connection:
        await connection.execute(
            "CREATE FUNCTION overtake() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RETURN NULL; END';"
            "CREATE TRIGGER overtaken BEFORE UPDATE ON source_offset"
            " FOR EACH ROW EXECUTE FUNCTION overtake()"
        )

    await intake.take(records(other(0)))
    await until(lambda: _has_sought(log, 2))

    assert not intake.stopped.is_set()
    assert (await ledger.counts())["event"] == 0


async def test_after_a_failure_nothing_more_is_taken(ledger: Ledger) -> None:
    def failing(*_: object) -> None:
        raise ZeroDivisionError

    router = a_router(ledger.pool, decide_by=failing)  # type: ignore[arg-type]
    intake = await an_intake(router, Log())

    await intake.take(records(*(other(i) for i in range(6))))

    assert intake.stopped.is_set()
    assert isinstance(intake.failure, TooManyBadRows)
    before = await ledger.counts()
    await intake.take(records(other(7), begin=7))
    assert await ledger.counts() == before
    assert await ledger.next_offset() == 4


async def test_partitions_that_went_to_somebody_else_meanwhile_are_left_alone(
    ledger: Ledger,
) -> None:
    log = Log(assigned=False)
    intake = Intake(a_router(ledger.pool))
    intake.read_from(log)

    intake.place([HERE])
    await asyncio.sleep(0.3)
    await intake.close()

    assert not intake.stopped.is_set()
    assert ("resume", 1) not in log.done


async def test_what_is_handed_out_of_a_revoked_partition_is_not_taken(ledger: Ledger) -> None:
    intake = await an_intake(a_router(ledger.pool), Log())

    intake.revoke()
    await intake.take(records(other(0)))

    assert (await ledger.counts())["event"] == 0


async def test_events_that_were_deleted_while_we_read_are_reported(ledger: Ledger) -> None:
    log = Log()
    intake = await an_intake(a_router(ledger.pool), log)
    log.begin = 3

    with capture_logs() as lines:
        await intake.take(records(other(0), begin=5))

    [gap] = [line for line in lines if line["event"] == "source_gap"]
    assert (gap["from_offset"], gap["to_offset"]) == (0, 3)
    assert (await ledger.counts())["event"] == 1


async def _has_sought(log: Log, times: int) -> bool:
    return sum(1 for what, _ in log.done if what == "seek") >= times
