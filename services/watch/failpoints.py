"""Places in a pass where a test may stop or kill a watch."""

from enum import StrEnum
from typing import Protocol


class Failpoint(StrEnum):
    """Where a crash tells apart what must happen afterwards."""

    CLAIMED = "claimed"
    """The duties are locked; nothing is written."""
    WRITTEN = "written"
    """Every step and notice is written; nothing is committed."""
    COMMITTED = "committed"
    """All of it is in the ledger."""


class Failpoints(Protocol):
    """Is told when a pass reaches such a place; what it does there is up to it."""

    async def reached(self, point: Failpoint) -> None:
        """Called once a pass; the watch waits for it."""
        ...


class NoFailpoints:
    """Production: nothing happens anywhere."""

    async def reached(self, point: Failpoint) -> None:
        """Does nothing."""
