"""Places in a cycle where a test may stop or kill a relay."""

from enum import StrEnum
from typing import Protocol

from services.ledger.lanes import Lane


class Failpoint(StrEnum):
    """Where a crash tells apart what must happen afterwards."""

    NUMBERED = "numbered"
    """The numbers are in the ledger; nothing was sent."""
    WRITTEN = "written"
    """Kafka has the messages; the transaction is still open."""
    COMMITTED = "committed"
    """Kafka has committed; the ledger does not know."""


class Failpoints(Protocol):
    """Is told when a lane reaches such a place; what it does there is up to it."""

    async def reached(self, point: Failpoint, lane: Lane) -> None:
        """Called once a batch; the relay waits for it."""
        ...


class NoFailpoints:
    """Production: nothing happens anywhere."""

    async def reached(self, point: Failpoint, lane: Lane) -> None:
        """Does nothing."""
