"""The parts of a watch run side by side: what stops one does not stop the others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from services.runtime.backoff import Backoff
from services.runtime.errors import PermanentError
from services.runtime.postgres import DatabaseAway
from services.watch.jobs import Job, Pace, run_jobs

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Hands:
    """A clock that is moved by hand, and a note of what ran at which time."""

    def __init__(self) -> None:
        self.at = NOON
        self.ran: list[tuple[str, datetime]] = []
        self.told: list[str] = []

    def now(self) -> datetime:
        return self.at

    def job(self, name: str, every: timedelta, *fails: Exception) -> Job:
        errors = list(fails)

        async def run(at: datetime) -> bool:
            if errors:
                raise errors.pop(0)
            self.ran.append((name, at))
            return False

        return Job(name, every, run)

    async def failed(self, name: str, _: datetime) -> None:
        self.told.append(name)

    def times(self, name: str) -> list[datetime]:
        return [at for each, at in self.ran if each == name]


@asynccontextmanager
async def running(
    hands: Hands, *jobs: Job, failed: Callable[[str, datetime], Awaitable[None]] | None = None
) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    pace = Pace(hands, stopping, 0.001, Backoff(0.001, 0.01), failed or hands.failed)
    task = asyncio.create_task(run_jobs(jobs, pace))
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(task, 5)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.001)


async def test_a_job_that_fails_is_told_and_tried_again_while_the_others_go_on() -> None:
    hands = Hands()
    bad = hands.job("sources", HOUR, *[PermanentError("bad")] * 3)

    async with running(hands, bad, hands.job("chase", timedelta())):
        await until(lambda: bool(hands.times("sources")) and len(hands.times("chase")) > 3)

    assert hands.told == ["sources"] * 3


async def test_a_job_that_never_ends_does_not_hold_up_the_others() -> None:
    hands = Hands()

    async def hangs(_: datetime) -> bool:
        raise DatabaseAway("its statement takes too long")

    async with running(hands, Job("check", HOUR, hangs), hands.job("chase", timedelta())):
        await until(lambda: len(hands.times("chase")) > 3)

    assert hands.told == []


async def test_not_even_a_failure_to_tell_stops_a_job() -> None:
    hands = Hands()

    async def nobody_hears(*_: object) -> None:
        raise PermanentError("nor this")

    bad = hands.job("chase", timedelta(), PermanentError("bad"))
    async with running(hands, bad, failed=nobody_hears):
        await until(lambda: bool(hands.ran))


async def test_what_is_done_after_an_outage_is_not_back_dated() -> None:
    hands = Hands()
    outages = [DatabaseAway("away")] * 4

    async def run(at: datetime) -> bool:
        if outages:
            outages.pop()
            hands.at += HOUR
            raise DatabaseAway("away")
        hands.ran.append(("chase", at))
        return False

    async with running(hands, Job("chase", timedelta(), run)):
        await until(lambda: bool(hands.ran))

    assert hands.times("chase")[0] == NOON + 4 * HOUR


async def test_a_clock_that_is_put_back_does_not_stop_a_job() -> None:
    hands = Hands()

    async with running(hands, hands.job("check", HOUR), hands.job("chase", timedelta())):
        await until(lambda: bool(hands.times("check")))
        hands.at = NOON - 24 * HOUR
        await until(lambda: len(hands.times("check")) > 1 and hands.at in hands.times("chase"))

    assert hands.times("check") == [NOON, NOON - 24 * HOUR]
