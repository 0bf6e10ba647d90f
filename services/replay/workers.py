"""Comparing on all cores: each process has a connection and a rulebook of its own.

The shares are the same whatever the number of processes, and so is their order.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

from pydantic_core import PydanticSerializationError

from routing_rules.rulebook import Rulebook, load_rulebook
from services.replay.comparing import Compared, Doubtful, Sieves, compare, read_doubtful
from services.replay.interrupt import Interrupt, interruptible
from services.runtime.errors import PermanentError
from services.runtime.postgres import Pool, open_pool, snapshot

SHARE = 250
"""How many occurrences a process compares at a time."""
_AHEAD = 4
"""Shares in hand for each process, so that none waits and few are held in memory."""


class ReplayStopped(PermanentError):
    """Somebody stopped it; nothing was changed."""


class WorkerLost(PermanentError):
    """A process ended before its time (it may have been short of memory); nothing was changed."""


@dataclass(frozen=True, slots=True)
class Task:
    """What every process needs: the ledger, the texts of the rulebook, and those that decided.

    Without `sieved` every occurrence is decided again, whatever the rulebooks have in common.
    """

    dsn: str
    files: Mapping[str, str]
    stored: Mapping[str, Mapping[str, str]]
    sieved: bool = True


def compare_on_cores(
    task: Task,
    occurrences: Sequence[UUID],
    *,
    processes: int,
    progress: Callable[[Compared], None],
    share: int = SHARE,
) -> list[Compared]:
    """What came of all occurrences, share by share in their order; blocks until all is done.

    `progress` hears of each share when it is done. What one process does alone, this one does. To
    be called in the main thread: SIGINT and SIGTERM end it. Raises `ReplayStopped` then, after the
    processes have ended, and whatever reading and deciding raise.
    """
    shares = [occurrences[n : n + share] for n in range(0, len(occurrences), share)]
    processes = min(processes, len(shares))
    with interruptible() as interrupt:
        if processes <= 1:
            return _alone(task, shares, progress)
        executor = ProcessPoolExecutor(
            processes, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(task,)
        )
        try:
            return list(_in_order(executor, shares, processes * _AHEAD, progress, interrupt))
        except KeyboardInterrupt:
            raise ReplayStopped("stopped; nothing was changed") from None
        except BrokenProcessPool as error:
            raise WorkerLost("a process of the replay ended; nothing was changed") from error
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def _alone(
    task: Task, shares: Sequence[Sequence[UUID]], progress: Callable[[Compared], None]
) -> list[Compared]:
    parts: list[Compared] = []
    try:
        worker = _Worker(task)
        for share in shares:
            parts.append(worker.compare(share))
            progress(parts[-1])
        worker.close()
    except (KeyboardInterrupt, PydanticSerializationError):  # which swallows the interrupt
        raise ReplayStopped("stopped; nothing was changed") from None
    return parts


def _in_order(
    executor: ProcessPoolExecutor,
    shares: Sequence[Sequence[UUID]],
    ahead: int,
    progress: Callable[[Compared], None],
    interrupt: Interrupt,
) -> Iterator[Compared]:
    pending: list[Future[Compared]] = []
    for share in shares:
        if len(pending) >= ahead:
            yield _done(pending.pop(0), progress)
        with interrupt.held():  # handing over a share may start a process
            pending.append(executor.submit(_compare, share))
    for future in pending:
        yield _done(future, progress)


def _done(future: "Future[Compared]", progress: Callable[[Compared], None]) -> Compared:
    compared = future.result()
    progress(compared)
    return compared


class _Worker:
    """What one process keeps from share to share."""

    def __init__(self, task: Task) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self.rulebook: Rulebook = load_rulebook(task.files)
        self.sieves = Sieves(self.rulebook, task.stored) if task.sieved else None
        self.pool: Pool = self._runner.run(
            self._stack.enter_async_context(
                open_pool(task.dsn, size=1, application_name="fieldfare-replay")
            )
        )

    def compare(self, share: Sequence[UUID]) -> Compared:
        """One share, all of it read as at one moment."""
        return compare(self._runner.run(self._read(share)), self.rulebook)

    def close(self) -> None:
        """Gives its connection back."""
        self._runner.run(self._stack.aclose())
        self._runner.close()

    async def _read(self, share: Sequence[UUID]) -> Doubtful:
        async with snapshot(self.pool) as connection:
            return await read_doubtful(connection, share, self.sieves)


_worker: list[_Worker] = []
"""This process' own, once it has begun."""


def _begin(task: Task) -> None:
    """Prepares a process. It leaves stopping to the one that started it, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker.append(_Worker(task))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        with contextlib.suppress(OSError):
            parent.join()
    os._exit(1)


def _compare(share: Sequence[UUID]) -> Compared:
    return _worker[0].compare(share)
