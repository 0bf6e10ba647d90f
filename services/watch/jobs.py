"""What a watch does again and again, each job at its own pace, on the injected clock."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from services.runtime.backoff import Backoff, until_done
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


async def run_jobs(
    jobs: Sequence[Job],
    clock: Clock,
    *,
    stopping: asyncio.Event,
    poll_seconds: float,
    backoff: Backoff,
) -> None:
    """Does each job when it is due, one after the other, until asked to stop.

    While PostgreSQL is away it waits and tries again; a clock that has jumped makes every job that
    was missed meanwhile due once. Raises `Stopping`, and whatever else a job raises.
    """
    due: dict[str, datetime] = {}
    while not stopping.is_set():
        has_more = False
        for job in jobs:
            now = clock.now()
            if now < due.get(job.name, now):
                continue
            if await patiently(partial(job.run, now), job.name, stopping=stopping, backoff=backoff):
                has_more = True
            else:
                due[job.name] = now + job.every
        if not has_more:
            await _wait(poll_seconds, stopping)


async def patiently(
    work: Callable[[], Awaitable[bool]], name: str, *, stopping: asyncio.Event, backoff: Backoff
) -> bool:
    """Does the work, again and again while PostgreSQL is away. Raises `Stopping`."""
    note = partial(_note, name)
    return await until_done(
        work, away=DatabaseAway, backoff=backoff, stopping=stopping, outage=note
    )


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
