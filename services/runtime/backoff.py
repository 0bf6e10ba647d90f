"""Waiting before something is tried again: longer each time, and never in step with others."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from services.runtime.errors import TransientError

Answer = TypeVar("Answer")


class Stopping(TransientError):
    """The process is asked to stop while it waits: what it was doing is not done."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after each failure: doubling from `first` to `most` seconds, with jitter."""

    first: float = 0.1
    most: float = 15.0
    random: Random = field(default_factory=Random)

    def delay(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row: between half of the step and all."""
        step = min(self.most, self.first * 2.0 ** min(failures - 1, 30))
        return step * self.random.uniform(0.5, 1.0)


async def until_done(
    work: Callable[[], Awaitable[Answer]],
    *,
    away: type[TransientError],
    backoff: Backoff,
    stopping: asyncio.Event,
    outage: Callable[[TransientError | None], None],
) -> Answer:
    """Does the work, and does it again for as long as it raises `away`; answers what it answers.

    `outage` is called once with the first error and once with None when the work succeeds after
    all. Raises `Stopping` when asked to stop between two attempts, and whatever else the work
    raises.
    """
    failures = 0
    while True:
        try:
            answer = await work()
        except away as error:
            failures += 1
            if failures == 1:
                outage(error)
        else:
            if failures:
                outage(None)
            return answer
        await _pause(backoff.delay(failures), stopping)


async def _pause(seconds: float, stopping: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
    raise Stopping("asked to stop")
