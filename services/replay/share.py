"""One share of a replay in one process: reading it and comparing it."""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from multiprocessing.connection import wait
from uuid import UUID

from routing_rules.footing_telling import Teller
from routing_rules.rulebook import Rulebook, load_rulebook
from services.ledger.replaying import Occurrence
from services.replay.comparing import (
    Compared,
    Doubtful,
    Sieves,
    Whole,
    as_compared,
    compare_footed,
    compare_whole,
    read_doubtful,
    read_whole,
)
from services.runtime.errors import TransientError
from services.runtime.postgres import Pool, open_pool, snapshot

_PATIENCE = (0.5, 2.0, 5.0)
"""Seconds to wait before a share is read again because PostgreSQL was away."""
_IN_FULL = 250
"""So many occurrences are held at a time with all that was known of them, which is much."""


@dataclass(frozen=True, slots=True)
class Task:
    """What every process needs: the ledger, the texts of the rulebook, and those that decided.

    Without `sieved` every occurrence is decided again from all that was known, whatever the
    rulebooks have in common.
    """

    dsn: str
    files: Mapping[str, str]
    stored: Mapping[str, Mapping[str, str]]
    sieved: bool = True


class Worker:
    """What one process keeps from share to share: a rulebook, and a connection when needed."""

    def __init__(self, task: Task) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self.rulebook: Rulebook = load_rulebook(task.files)
        self.teller = Teller(self.rulebook)
        self.sieves = Sieves(self.rulebook, task.stored) if task.sieved else None
        self.pool: Pool = self._runner.run(
            self._stack.enter_async_context(
                open_pool(task.dsn, size=1, application_name="fieldfare-replay", one_core=True)
            )
        )

    def compare(self, share: Sequence[Occurrence]) -> Compared:
        """One share; each occurrence is read as at one moment.

        Blocks. Waits a few seconds while PostgreSQL is away. Raises `DatabaseAway` then,
        `DatabaseProblem` and `CaseUnreadable`.
        """
        for seconds in _PATIENCE:
            try:
                return self._compare(share)
            except TransientError:
                self._runner.run(asyncio.sleep(seconds))
        return self._compare(share)

    def close(self) -> None:
        """Gives its connection back."""
        self._runner.run(self._stack.aclose())
        self._runner.close()

    def _compare(self, share: Sequence[Occurrence]) -> Compared:
        doubtful = self._runner.run(self._read_doubtful(share))
        found, others = compare_footed(doubtful, self.teller)
        for place in range(0, len(others), _IN_FULL):
            whole = self._runner.run(self._read_whole(others[place : place + _IN_FULL]))
            found += compare_whole(whole, self.rulebook)
        return as_compared(doubtful, found, from_facts=len(others))

    async def _read_doubtful(self, share: Sequence[Occurrence]) -> Doubtful:
        async with snapshot(self.pool) as connection:
            return await read_doubtful(connection, share, self.sieves)

    async def _read_whole(self, others: Sequence[UUID]) -> Whole:
        async with snapshot(self.pool) as connection:
            return await read_whole(connection, others)


_task: list[Task] = []
_worker: list[Worker] = []
"""This process' own: what it is to do, and what it keeps once it has begun."""


def begin(task: Task) -> None:
    """Prepares a process. It leaves stopping to the one that started it, and ends with it.

    It only notes the task: what goes wrong here could not be told to anybody.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM,))
    _task.append(task)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def compare_share(share: Sequence[Occurrence]) -> Compared:
    """One share, in a process that has begun. Raises as `Worker.compare`."""
    if not _worker:
        _worker.append(Worker(_task[0]))
        _collect_seldom()
    return _worker[0].compare(share)


def _collect_seldom() -> None:
    """What a share makes is gone with it, without cycles; looking for some costs a tenth of all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
