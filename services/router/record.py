"""A message of a topic of events, as Kafka delivered it."""

from typing import NamedTuple

from services.ledger.offsets import Partition


class Record(NamedTuple):
    """One message: where it stood, and its bytes. `timestamp` is Kafka's, in milliseconds."""

    topic: str
    partition: int
    offset: int
    headers: tuple[tuple[str, bytes], ...]
    value: bytes | None
    timestamp: int

    @property
    def place(self) -> Partition:
        """The partition that it was read from."""
        return Partition(self.topic, self.partition)
