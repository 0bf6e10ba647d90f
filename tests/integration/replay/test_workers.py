"""A replay by several processes, of which some die, beside a real PostgreSQL."""

import multiprocessing
import re
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from schemas.values import EventType
from services.ledger.replaying import Occurrence
from services.replay.comparing import Compared
from services.replay.share import Task
from services.replay.workers import Heard, WorkerLost, compare_on_cores
from services.runtime.postgres import DatabaseAway
from tests.builders import NOW, staffordshire
from tests.integration.replay.kit import all_found, compared, live_a_county, occurrences, without
from tests.integration.router.kit import Ledger

pytestmark = pytest.mark.integration


@dataclass(slots=True)
class Killing:
    """Kills a process of the replay, as the kernel does when memory is short, so many times."""

    times: int
    done: list[int] = field(default_factory=list)
    lost: int = 0

    def a_share_is_done(self, part: Compared) -> None:
        self.done.append(part.occurrences)
        if self.times > 0 and (processes := multiprocessing.active_children()):
            self.times -= 1
            processes[0].kill()
            processes[0].join()

    def a_process_is_lost(self) -> None:
        self.lost += 1

    @property
    def heard(self) -> Heard:
        return Heard(self.a_share_is_done, self.a_process_is_lost)


def task_of(dsn: str) -> Task:
    stored = {staffordshire().content_hash: staffordshire().files}
    return Task(dsn, without("da-victim-practice").files, stored)


async def a_county(ledger: Ledger) -> list[Occurrence]:
    await live_a_county(ledger, 60, seed=5)
    return await occurrences(ledger.pool)


async def test_a_process_that_dies_takes_no_share_with_it_and_none_is_counted_twice(
    ledger: Ledger, fresh_dsn: str
) -> None:
    asked, killing = await a_county(ledger), Killing(times=1)

    found = compare_on_cores(task_of(fresh_dsn), asked, killing.heard, processes=2, share=2)

    whole = await compared(ledger.pool, without("da-victim-practice"), sieved=True)
    assert killing.lost == 1
    assert sum(killing.done) == len(asked) == sum(each.occurrences for each in found)
    assert all_found(found) == all_found([whole])
    assert all_found(found)


async def test_processes_that_die_again_and_again_are_a_clear_error(
    ledger: Ledger, fresh_dsn: str
) -> None:
    asked, killing = await a_county(ledger), Killing(times=100)

    with pytest.raises(WorkerLost, match="ended from outside, 3 times over"):
        compare_on_cores(task_of(fresh_dsn), asked, killing.heard, processes=2, share=1)

    assert killing.lost == 2
    assert multiprocessing.active_children() == []


async def test_what_a_process_cannot_do_is_said_in_its_own_words(fresh_dsn: str) -> None:
    """A pool whose processes cannot begin used to say only that they were lost."""
    nobody_there = re.sub(r":\d+/", ":1/", fresh_dsn)
    task = Task(nobody_there, staffordshire().files, {})
    nobody = [Occurrence(UUID(int=n), EventType.MATERNITY_BIRTH, NOW) for n in (1, 2)]

    with pytest.raises(DatabaseAway):
        compare_on_cores(task, nobody, Heard(print), processes=2, share=1)
