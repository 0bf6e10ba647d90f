"""Answers that are dear and may be a little old: asked for once, and said with their time."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class AsOf(Generic[_Answer]):
    """An answer, and the time at which it was asked for: nothing of it is newer."""

    answer: _Answer
    at: datetime


@dataclass(slots=True)
class Kept(Generic[_Answer]):
    """Keeps each answer for a while in this process; whoever asks meanwhile waits for the same one.

    What fails is not kept: all who wait hear of it, and the next one asks again. Somebody who goes
    away stops nobody else's answer. `most` answers are kept, and the oldest goes first.
    """

    lasts: timedelta
    most: int
    _kept: dict[Hashable, tuple[datetime, "asyncio.Task[_Answer]"]] = field(default_factory=dict)

    async def get(
        self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, _Answer]], *, at: datetime
    ) -> AsOf[_Answer]:
        """What is kept, if it is not too old at `at`, else what `ask` answers now.

        A clock that was put back makes everything too old. Raises what `ask` raises.
        """
        asked_at, task = self._kept.get(key, (at, None))
        if task is None or _has_failed(task) or not asked_at <= at < asked_at + self.lasts:
            asked_at, task = at, asyncio.create_task(ask())
            task.add_done_callback(_has_failed)  # so that it is heard if nobody waits any more
            self._keep(key, at, task)
        return AsOf(await asyncio.shield(task), asked_at)

    def _keep(self, key: Hashable, at: datetime, task: "asyncio.Task[_Answer]") -> None:
        self._kept.pop(key, None)
        self._kept[key] = at, task
        while len(self._kept) > self.most:
            del self._kept[next(iter(self._kept))]


def _has_failed(task: "asyncio.Task[_Answer]") -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
