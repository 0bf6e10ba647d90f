"""Committing many things at once; the one that cannot be committed must not stop the others."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.ledger.cases import CaseUnreadable
from services.ledger.register import RegisterUnreadable
from services.router.bad_rows import BadRowLimit
from services.router.letters import Arrived
from services.router.routing import Unroutable
from services.runtime.logging import get_logger
from services.runtime.postgres import RowRefused

NOT_TO_BE_DONE = (Unroutable, CaseUnreadable, RegisterUnreadable, RowRefused)
"""What one thing is to blame for, or our own code: the others go on without it."""
NOT_STORED = "could not be stored"

_One = TypeVar("_One", bound=Arrived)
_Done = TypeVar("_Done")
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settling(Generic[_One, _Done]):
    """How arrivals are committed, all or none of them, and how one of them is given up.

    `commit` is one transaction. `give_up` makes a dead letter of one that failed, with the reason.
    """

    commit: Callable[[Sequence[_One]], Awaitable[_Done]]
    give_up: Callable[[_One, str], _One]
    limit: BadRowLimit
    not_done: str

    async def settle(self, arrivals: Sequence[_One]) -> list[_Done]:
        """Commits the arrivals in order; one that cannot be is searched for by halves and given up.

        Raises `TooManyBadRows`, and what `commit` raises that no arrival is to blame for.
        """
        try:
            done = await self.commit(arrivals)
        except NOT_TO_BE_DONE as error:
            if len(arrivals) == 1:
                return [await self._give_up(arrivals[0], error)]
        else:
            self.limit.note_good(len(arrivals))
            return [done]
        middle = len(arrivals) // 2
        return [*await self.settle(arrivals[:middle]), *await self.settle(arrivals[middle:])]

    async def _give_up(self, bad: _One, error: Exception) -> _Done:
        self.limit.note_bad()
        record = bad.record
        _log.error(
            "given_up",
            topic=record.topic,
            partition=record.partition,
            log_offset=record.offset,
            exc_info=error,
        )
        reason = NOT_STORED if isinstance(error, RowRefused) else self.not_done
        return await self.commit([self.give_up(bad, reason)])
