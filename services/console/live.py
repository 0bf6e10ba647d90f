"""Tells open pages that the ledger has moved: one look a second, however many pages are open."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from services.ledger.console_figures import Position, position_of
from services.runtime.errors import FieldfareError
from services.runtime.logging import get_logger
from services.runtime.postgres import Pool

_EVERY = 0.7
MOST_PAGES = 20
"""That one person may have open at once."""
_log = get_logger(__name__)


@dataclass(slots=True)
class Live:
    """Looks at the ledger while any page is open, and wakes them when something is new.

    What the ledger is asked does not grow with the pages: other pages wait for the same pool.
    """

    pool: Pool
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _pages: Counter[str] = field(default_factory=Counter)
    _looking: asyncio.Task[None] | None = None
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)
    _position: Position | None = None

    def has_room(self, who: str) -> bool:
        """Whether somebody may open one more page that moves."""
        return self._pages[who] < MOST_PAGES

    @asynccontextmanager
    async def watched(self, who: str) -> AsyncIterator[None]:
        """While a page is open the ledger is looked at; with the last one that ends."""
        self._pages[who] += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._pages[who] -= 1
            self._pages += Counter[str]()  # whoever has no page any more is forgotten
            if not self._pages and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    async def wait(self, seen: Position | None, *, seconds: float) -> Position | None:
        """Where the ledger stands, as soon as that is not `seen`; `seen` itself after so long."""
        async with self._moved:
            try:
                await asyncio.wait_for(
                    self._moved.wait_for(lambda: self._position != seen or self.stopping.is_set()),
                    seconds,
                )
            except TimeoutError:
                return seen
            return self._position

    async def stop(self) -> None:
        """Wakes every page for the last time."""
        self.stopping.set()
        async with self._moved:
            self._moved.notify_all()

    async def _look(self) -> None:
        while not self.stopping.is_set():
            try:
                position = await position_of(self.pool)
            except FieldfareError as error:
                _log.warning("console_cannot_look", exc_info=error)
            else:
                if position != self._position:
                    async with self._moved:
                        self._position = position
                        self._moved.notify_all()
            await asyncio.sleep(_EVERY)
