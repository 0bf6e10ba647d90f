"""What is the same for events and receipts: claiming records, and burying what cannot be read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from services.ledger import dead_letters, offsets
from services.ledger.dead_letters import DeadLetterRow
from services.ledger.offsets import Move, Partition
from services.router import rows
from services.router.arrivals import Unreadable
from services.router.fold import Fold
from services.router.record import Record
from services.router.routing import OweDeadLetter, Routing, RulebookUnfit
from services.runtime.postgres import Connection


class Arrived(Protocol):
    """Whatever was made of a record."""

    @property
    def record(self) -> Record:
        """The record itself."""
        ...


_Arrived = TypeVar("_Arrived", bound=Arrived)


async def claim(connection: Connection, arrivals: Sequence[_Arrived]) -> list[_Arrived]:
    """Moves the offsets past the arrivals, and answers those that were not done before.

    Blocks while another router moves one. Raises `PartitionLost`.
    """
    first: dict[Partition, int] = {}
    last: dict[Partition, int] = {}
    for each in arrivals:
        first.setdefault(each.record.place, each.record.offset)
        last[each.record.place] = each.record.offset
    stored = await offsets.read_offsets(connection, first)
    unread = {place: offset for place, offset in first.items() if place not in stored}
    if unread:
        await offsets.ensure_offsets(connection, unread)
    expected = unread | stored
    moves = [
        Move(place, expected[place], offset + 1)
        for place, offset in last.items()
        if offset >= expected[place]
    ]
    if moves:
        await offsets.move_offsets(connection, moves)
    return [each for each in arrivals if each.record.offset >= expected[each.record.place]]


async def bury(
    connection: Connection, letters: Iterable[Unreadable], *, at: datetime
) -> list[DeadLetterRow]:
    """Stores dead letters, and answers the new ones."""
    by_id = {row.dead_letter_id: row for row in (rows.dead_letter_row(e, at=at) for e in letters)}
    new = await dead_letters.insert_dead_letters(connection, list(by_id.values()))
    return [row for letter_id, row in by_id.items() if letter_id in new]


def owe_letters(
    letters: Iterable[DeadLetterRow], fold: Fold, routing: Routing, *, owe: OweDeadLetter
) -> None:
    """Every dead letter is at once a duty of MASH, and is announced. Raises `RulebookUnfit`."""
    for row in letters:
        letter_id = row.dead_letter_id
        try:
            owed = owe(letter_id, row.field, row.reason, routing.rulebook, fold.at)
        except Exception as error:
            raise RulebookUnfit(
                f"nobody can own a dead letter under {routing.rulebook.label}"
            ) from error
        fold.owe(owed, dead_letter_id=letter_id)
        fold.send(routing.post.dead_letter(letter_id, reason=row.reason, at=fold.at))
