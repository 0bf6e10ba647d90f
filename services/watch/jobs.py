"""What a watch does again and again, each job at its own pace, on the injected clock."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from services.runtime.backoff import Backoff, Stopping, until_done
from services.runtime.clock import Clock
from services.runtime.errors import TransientError
from services.runtime.logging import get_logger
from services.runtime.postgres import DatabaseAway

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is due every so often. `run` answers whether there is more to do at once.

    It must do all that it does in transactions that may be repeated.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], Awaitable[bool]]


Failed = Callable[[str, datetime], Awaitable[None]]
"""Is told the name of a job that fails for any other reason than that PostgreSQL is away."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When jobs run, how long they wait, and who hears of those that fail."""

    clock: Clock
    stopping: asyncio.Event
    poll_seconds: float
    backoff: Backoff
    failed: Failed


async def run_jobs(jobs: Sequence[Job], pace: Pace) -> None:
    """Does each job when it is due, side by side, until asked to stop.

    While PostgreSQL is away each waits and tries again. A job that fails in any other way is tried
    again as well, loudly, and holds up none of the others: somebody must go on being chased. A
    clock that has jumped, forwards or back, makes every job that was missed meanwhile due once.
    """
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_repeat(job, pace))


async def patiently(
    work: Callable[[], Awaitable[bool]], name: str, *, stopping: asyncio.Event, backoff: Backoff
) -> bool:
    """Does the work, again and again while PostgreSQL is away. Raises `Stopping`."""
    note = partial(_note, name)
    return await until_done(
        work, away=DatabaseAway, backoff=backoff, stopping=stopping, outage=note
    )


async def _repeat(job: Job, pace: Pace) -> None:
    due: datetime | None = None
    failures = 0
    while not pace.stopping.is_set():
        now = pace.clock.now()
        if due is not None and now < due <= now + job.every:
            await _wait(pace.poll_seconds, pace.stopping)
            continue
        try:
            has_more = await _once(job, pace)
        except Stopping:
            return
        except Exception:  # noqa: BLE001 - the edge of one job; the others go on
            failures += 1
            await _fail(job, failures, pace)
            continue
        if failures:
            _log.warning("watch_job_works_again", job=job.name, failures=failures)
        failures = 0
        if not has_more:
            due = pace.clock.now() + job.every if job.every else None
            await _wait(pace.poll_seconds, pace.stopping)


async def _once(job: Job, pace: Pace) -> bool:
    """One run, at the time at which it is tried: what is done after an outage is not back-dated."""

    async def run() -> bool:
        return await job.run(pace.clock.now())

    return await patiently(run, job.name, stopping=pace.stopping, backoff=pace.backoff)


async def _fail(job: Job, failures: int, pace: Pace) -> None:
    _log.critical("watch_job_failed", job=job.name, failures=failures, exc_info=True)
    try:
        await pace.failed(job.name, pace.clock.now())
    except Exception:  # noqa: BLE001 - the job itself is what matters, and it is tried again
        _log.critical("watch_job_failed_and_nobody_is_told", job=job.name, exc_info=True)
    await _wait(pace.backoff.delay(failures), pace.stopping)


async def _wait(seconds: float, stopping: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return


def _note(job: str, error: TransientError | None) -> None:
    if error is None:
        _log.warning("back", what="DatabaseAway", job=job)
    else:
        _log.error("away", what="DatabaseAway", job=job, exc_info=error)
