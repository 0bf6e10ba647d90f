"""What the relay needs of the ledger and of Kafka."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from services.ledger.lanes import Lane, LanesInPlay, Marked, NumberedRow, Published
from services.relay.message import Message
from services.runtime.errors import PermanentError, TransientError


class Fenced(TransientError):
    """Another producer has the lane's transactional id by now."""


class MessageRefused(PermanentError):
    """Kafka will never take a batch; `message` is its largest, which is likely to blame."""

    def __init__(self, message: Message, reason: str) -> None:
        super().__init__(f"Kafka refuses message {message.message_id}: {reason}")
        self.message = message


class RelayLedger(Protocol):
    """The ledger; `services.ledger.lanes.LaneLedger` says what may be assumed of each method."""

    async def in_play(self) -> LanesInPlay:
        """What there is to do, and who does it."""
        ...

    async def take(self, lane: Lane) -> bool:
        """Takes a free lane."""
        ...

    async def renew(self, lanes: Collection[Lane]) -> None:
        """Prolongs leases."""
        ...

    async def give_back(self, lane: Lane) -> None:
        """Frees a lane."""
        ...

    async def hold(self, lane: Lane) -> int:
        """Compare-and-set of the lease; answers how far the log is confirmed."""
        ...

    async def number(self, lane: Lane, limit: int) -> tuple[int, ...]:
        """Numbers open rows and answers which."""
        ...

    async def left_numbered(self, lane: Lane) -> tuple[int, ...]:
        """Rows with a number that are not marked, in the order to send them."""
        ...

    async def read(self, outbox_nos: Sequence[int]) -> tuple[NumberedRow, ...]:
        """Numbered rows, in the order to send them."""
        ...

    async def mark(self, lane: Lane, published: Published, at: datetime) -> Marked:
        """Records what Kafka has committed."""
        ...


class LaneLog(Protocol):
    """A lane's partition. All methods but `close` raise `KafkaAway`."""

    async def open(self) -> None:
        """Fences every earlier producer of the lane and settles what it left open.

        Raises `TopicMissing`. To be called once, before anything else.
        """
        ...

    async def read_tail(self, confirmed_offset: int) -> Published:
        """All that is committed from an offset to the end. Changes nothing."""
        ...

    async def publish(self, messages: Sequence[Message]) -> Published:
        """Writes messages in one transaction, in order.

        After `KafkaAway` or `Fenced` it is not known whether they were written: a fresh log must
        read the tail. After `MessageRefused` they were not. In no case is this log of further use.
        """
        ...

    async def close(self) -> None:
        """Lets go of all connections; blocks while Kafka is away and messages are on their way."""
        ...
