"""Where the router goes on reading each partition: the ledger's word, which outranks Kafka's."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.ledger.queries import SQL
from services.runtime.errors import TransientError
from services.runtime.postgres import Connection


class Partition(NamedTuple):
    """A partition of a topic of events."""

    topic: str
    number: int


class PartitionLost(TransientError):
    """Another router has moved a partition on: this one must seek to the ledger's offset."""


class Move(NamedTuple):
    """A partition's offset as it is expected to be, and as it is to become."""

    partition: Partition
    expected: int
    next_offset: int


async def ensure_offsets(connection: Connection, begin: Mapping[Partition, int]) -> None:
    """Begins partitions that were never read; known ones stay as they are, so it is repeatable."""
    columns = zip(*((*partition, offset) for partition, offset in begin.items()), strict=True)
    await connection.execute(SQL["ensure_offsets"], *columns)


async def read_offsets(
    connection: Connection, partitions: Iterable[Partition]
) -> dict[Partition, int]:
    """The next offset of each of the partitions that were ever read."""
    asked = sorted(set(partitions))
    rows = await connection.fetch(
        SQL["read_offsets"], [each.topic for each in asked], [each.number for each in asked]
    )
    return {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def move_offsets(connection: Connection, moves: Iterable[Move]) -> None:
    """Moves offsets by compare-and-set, and holds their rows to the transaction's end.

    Blocks while another router moves one of them. Raises `PartitionLost` if one is not as
    expected: the caller's transaction must then be rolled back.
    """
    wanted = list(moves)
    rows = await connection.fetch(
        SQL["move_offsets"],
        [move.partition.topic for move in wanted],
        [move.partition.number for move in wanted],
        [move.expected for move in wanted],
        [move.next_offset for move in wanted],
    )
    moved = {Partition(row["topic"], row["partition"]) for row in rows}
    lost = sorted({move.partition for move in wanted} - moved)
    if lost:
        raise PartitionLost(f"another router reads {lost[0].topic}, partition {lost[0].number}")
