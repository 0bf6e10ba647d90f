"""What the pages about rules share: versions that were loaded, surveys, and replays at work."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from routing_rules.rulebook import Rulebook
from services.console.returning import Return, Returning
from services.console.surveying import Survey, Surveying
from services.console.workshop import WorkLost, Workshop
from services.ledger.rulebook_record import Record, read_record
from services.ledger.rulebooks import files_of, loaded
from services.runtime.postgres import Connection, Pool, reading
from services.runtime.settings import Settings

_KEPT = 8
_Answer = TypeVar("_Answer")
_Key = tuple[str, str | None, date]


@dataclass(slots=True)
class RuleOffice:
    """One for a console process. Surveys are kept by the hash of what they are of, and the day."""

    settings: Settings
    pool: Pool
    surveying: Workshop = field(default_factory=Workshop)
    replaying: Workshop = field(default_factory=Workshop)
    returning: Workshop = field(default_factory=Workshop)
    _surveys: OrderedDict[_Key, asyncio.Task[Survey]] = field(default_factory=OrderedDict)
    _returns: OrderedDict[_Key, asyncio.Task[Return]] = field(default_factory=OrderedDict)
    _versions: OrderedDict[str, Rulebook] = field(default_factory=OrderedDict)
    _at_work: set[asyncio.Task[None]] = field(default_factory=set)

    async def record(self) -> Record:
        """Everything that is on record of versions."""
        async with reading(self.pool) as connection:
            return await read_record(connection)

    async def version(self, content_hash: str) -> Rulebook:
        """A version that the ledger keeps. Raises `RulebookNotKept` and `RulebookOutdated`."""
        if content_hash not in self._versions:
            async with reading(self.pool) as connection:
                files = await files_of(connection, content_hash)
            self._versions[content_hash] = await asyncio.to_thread(loaded, files, content_hash)
        self._versions.move_to_end(content_hash)
        while len(self._versions) > _KEPT:
            self._versions.popitem(last=False)
        return self._versions[content_hash]

    async def survey(
        self, content_hash: str, against: str | None, on: date, *, seconds: float | None = None
    ) -> Survey | None:
        """What came of surveying a version; None if that takes longer than so many seconds.

        It goes on all the same, so that asking again has the answer. Raises `WorkRefused`,
        `WorkLost`, `RulebookNotKept` and `DatabaseAway`.
        """
        key = (content_hash, against, on)
        return await _within(self._surveys, key, lambda: self._survey(key), seconds)

    async def going_back(
        self, target: str, live: str, on: date, *, seconds: float | None = None
    ) -> Return | None:
        """What it does to go back; None if that takes longer than so many seconds.

        It waits for no survey: whoever must go back may not be held up. Raises as `survey` does.
        """
        key = (target, live, on)
        return await _within(self._returns, key, lambda: self._return(key), seconds)

    async def _survey(self, key: _Key) -> Survey:
        content_hash, against, on = key
        async with reading(self.pool) as connection:
            files = await files_of(connection, content_hash)
            other = None if against is None else await files_of(connection, against)
        return await self.surveying.do(Surveying(files, other, on))

    async def _return(self, key: _Key) -> Return:
        target, live, on = key
        async with reading(self.pool) as connection:
            before = await files_of(connection, live or "")
            after = await files_of(connection, target)
        return await self.returning.do(Returning(before, after, on))

    def keep_at_work(self, task: "asyncio.Task[None]") -> None:
        """Work that goes on when its page has been answered, until `stop`."""
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def stop(self) -> None:
        """Ends what is at work."""
        tasks = [*self._surveys.values(), *self._returns.values(), *self._at_work]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _within(
    kept: OrderedDict[_Key, "asyncio.Task[_Answer]"],
    key: _Key,
    work: Callable[[], Coroutine[Any, Any, _Answer]],
    seconds: float | None,
) -> _Answer | None:
    """What is kept, or is worked out within so many seconds; what fails is tried again."""
    if key not in kept:
        kept[key] = asyncio.create_task(work())
        _forget_old(kept)
    task = kept[key]
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        return None
    if task.cancelled():
        raise WorkLost("it was stopped")
    if task.exception() is not None:  # asked again, it is tried again
        kept.pop(key, None)
    return task.result()


def _forget_old(kept: OrderedDict[_Key, "asyncio.Task[_Answer]"]) -> None:
    """The oldest that are done are forgotten; what is at work stays."""
    for key in [key for key, task in kept.items() if task.done()]:
        if len(kept) > _KEPT:
            del kept[key]


async def live_in(connection: Connection, at: datetime) -> str | None:
    """The hash of what is live, as a transaction sees it."""
    live = (await read_record(connection)).live(at)
    return None if live is None else live.content_hash
