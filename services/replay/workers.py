"""Comparing on all cores: each process has a connection and a rulebook of its own.

The shares are the same whatever the number of processes, and so is their order. A process that
dies takes nothing with it: the shares that are not done yet are compared again, by others.
"""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from services.ledger.replaying import Occurrence
from services.replay.comparing import Compared
from services.replay.share import Task, Worker, begin, compare_share
from services.replay.stopping import Stopping, stoppable
from services.runtime.errors import PermanentError

SHARE = 1000
"""How many occurrences a process compares at a time."""
_AHEAD = 4
"""Shares in hand for each process, so that none waits and few are held in memory."""
_LOSSES = 3
"""So often in a replay a process may be lost before it is given up."""


class WorkerLost(PermanentError):
    """Processes ended before their time (short of memory, perhaps); nothing was changed."""


@dataclass(slots=True)
class Heard:
    """What whoever asked hears: of each share when it is done, and of each process that is lost."""

    done: Callable[[Compared], None]
    lost: Callable[[], None] = lambda: None


@dataclass(slots=True)
class _Work:
    """The shares, and what came of those that are done: each once, whoever compared it."""

    task: Task
    shares: Sequence[Sequence[Occurrence]]
    heard: Heard
    stopping: Stopping
    done: dict[int, Compared] = field(default_factory=dict)

    @property
    def left(self) -> list[int]:
        """The places of shares that are to be compared still."""
        return [place for place in range(len(self.shares)) if place not in self.done]

    def note(self, place: int, compared: Compared) -> None:
        """A share is done."""
        self.done[place] = compared
        self.heard.done(compared)


def processes_for_all_cores() -> int:
    """One more than this process may use cores, as each waits for PostgreSQL at times."""
    return 1 + (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )


def compare_on_cores(
    task: Task,
    occurrences: Sequence[Occurrence],
    heard: Heard,
    *,
    processes: int,
    share: int = SHARE,
) -> list[Compared]:
    """What came of all occurrences, share by share in their order; blocks until all is done.

    What one process does alone, this one does. A share whose process died is compared again. To
    be called in the main thread: SIGINT and SIGTERM end it, and all processes, at once. Raises
    `ReplayStopped` then, `WorkerLost` if processes die again and again, and whatever reading and
    deciding raise.
    """
    shares = [occurrences[n : n + share] for n in range(0, len(occurrences), share)]
    with stoppable() as stopping:
        work = _Work(task, shares, heard, stopping)
        if min(processes, len(shares)) <= 1:
            _alone(work)
        else:
            _together(work, processes)
    return [work.done[place] for place in range(len(shares))]


def _alone(work: _Work) -> None:
    worker = Worker(work.task)
    try:
        for place in work.left:
            work.note(place, worker.compare(work.shares[place]))
    finally:
        worker.close()


def _together(work: _Work, processes: int) -> None:
    losses = 0
    while left := work.left:
        try:
            _round(work, left, min(processes, len(left)))
        except BrokenProcessPool:
            losses += 1
            if losses >= _LOSSES:
                raise WorkerLost(
                    f"a process of the replay was ended from outside, {losses} times over (is the"
                    " machine short of memory?); nothing was changed"
                ) from None
            work.heard.lost()


def _round(work: _Work, places: Sequence[int], processes: int) -> None:
    """Compares these shares by processes that end with it, whatever happens."""
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(processes, context, initializer=begin, initargs=(work.task,))
    pending: dict[int, Future[Compared]] = {}
    others = set(multiprocessing.active_children())
    try:
        for place in places:
            if len(pending) >= processes * _AHEAD:
                _take_first(work, pending)
            with (
                work.stopping.waiting()
            ):  # it may start a process, which must be whole before it is ended
                pending[place] = executor.submit(compare_share, work.shares[place])
        while pending:
            _take_first(work, pending)
    except BrokenProcessPool:
        _take_what_is_done(work, pending)
        raise
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _take_first(work: _Work, pending: dict[int, "Future[Compared]"]) -> None:
    """In their order: the first is waited for, the others go on meanwhile."""
    place = next(iter(pending))
    compared = pending[place].result()
    del pending[place]
    work.note(place, compared)


def _take_what_is_done(work: _Work, pending: dict[int, "Future[Compared]"]) -> None:
    for place, future in pending.items():
        if future.done() and not future.cancelled() and future.exception() is None:
            work.note(place, future.result())
