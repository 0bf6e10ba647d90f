"""Places in issuing where a test may kill the process."""

from enum import StrEnum
from typing import Protocol


class Failpoint(StrEnum):
    """Where a crash tells apart what must happen afterwards."""

    LOCKED = "locked"
    """The occurrence is locked; nothing is written."""
    WRITTEN = "written"
    """Duties and notices of one occurrence are written; nothing is committed."""
    COMMITTED = "committed"
    """All of one occurrence is in the ledger."""


class Failpoints(Protocol):
    """Is told when issuing reaches such a place; what it does there is up to it."""

    async def reached(self, point: Failpoint) -> None:
        """Called once an occurrence; issuing waits for it."""
        ...


class NoFailpoints:
    """Production: nothing happens anywhere."""

    async def reached(self, point: Failpoint) -> None:
        """Does nothing."""
