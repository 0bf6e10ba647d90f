"""The register in the ledger: read for a batch, written with it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from routing_rules.known import Booking, Ending, Firing, Identity, Link, Row
from routing_rules.register import Register
from routing_rules.register_storage import (
    UNBORN_LABEL,
    pregnancy_label,
    row_from,
    stored_row,
    unborn_label,
)
from services.ledger.queries import SQL
from services.runtime.errors import PermanentError
from services.runtime.postgres import Connection


class RegisterUnreadable(PermanentError):
    """A stored row does not fit this release any more; no value is in the message."""


class Because(StrEnum):
    """Why an occurrence is decided again though no event says something new of it."""

    LEARNED_LATER = "learned_later"
    DEPARTURE_OVERDUE = "departure_overdue"
    RETURNED = "returned"
    HANDED_OVER = "handed_over"
    IDENTIFIED = "identified"
    RE_ROUTED = "re_routed"
    ARRIVAL_OVERDUE = "arrival_overdue"
    REPLAYED = "replayed"


class Affected(NamedTuple):
    """Something was learned of somebody, true since a time, at a place (from 0) of the batch."""

    nhs_number: str
    since: datetime
    place: int


class OccurrencePerson(NamedTuple):
    """Somebody stood in an occurrence."""

    nhs_number: str
    occurrence_id: UUID
    occurred_at: datetime


async def read_register(connection: Connection, labels: Iterable[str]) -> Register:
    """A register that can answer about these people and pregnancies, and take events about them.

    It holds their rows, those of the people to whom they are linked, and all that is told of the
    pregnancies spoken of, by their names alone as well; of everybody by all numbers under which
    anything may be told of them.
    The caller holds the people's locks. Raises `RegisterUnreadable`.
    """
    register = Register()
    read: set[str] = set()
    rows = await _rows_of_people(connection, labels, read)
    register.add(rows)
    further = {label for row in rows for label in _leads_to(row)}
    register.add(await _rows_of_people(connection, further, read))
    return register


async def write_rows(connection: Connection, rows: Sequence[Row], *, at: datetime) -> None:
    """Keeps rows with what they are found by; writing one again changes nothing."""
    if not rows:
        return
    stored = sorted({(one.kind, one.name): one for one in map(stored_row, rows)}.items())
    kinds, names = zip(*(key for key, _ in stored), strict=True)
    contents = [one.content for _, one in stored]
    await connection.execute(SQL["put_register_rows"], kinds, names, contents, at)
    labelled = [(label, one.kind, one.name) for _, one in stored for label in one.labels]
    if labelled:
        await connection.execute(SQL["put_register_labels"], *zip(*labelled, strict=True))


async def take_firings(connection: Connection, firings: Sequence[Firing]) -> None:
    """Puts away the firings of rules that after all did not fire."""
    if firings:
        stored = [stored_row(firing) for firing in firings]
        await connection.execute(
            SQL["take_register_rows"], [s.kind for s in stored], [s.name for s in stored]
        )


async def write_people(connection: Connection, people: Sequence[OccurrencePerson]) -> None:
    """Keeps who stood in which occurrence."""
    if people:
        once = sorted({(p.nhs_number, p.occurrence_id): p for p in people}.items())
        rows = [person for _, person in once]
        await connection.execute(SQL["put_occurrence_people"], *zip(*rows, strict=True))


async def relatives_of(connection: Connection, labels: Iterable[str]) -> frozenset[str]:
    """What else the links, bookings and endings of these people and pregnancies are found by.

    Also whom links to the unborn children of their pregnancies lead to.
    """
    asked = frozenset(labels)
    found = await _relatives(connection, asked)
    unborn = {label for label in found if label.startswith(UNBORN_LABEL)}
    return found | await _relatives(connection, unborn - asked)


async def _relatives(connection: Connection, labels: Iterable[str]) -> frozenset[str]:
    asked = sorted(labels)
    if not asked:
        return frozenset()
    return frozenset(row["label"] for row in await connection.fetch(SQL["relatives"], asked))


async def same_people(connection: Connection, numbers: Iterable[str]) -> frozenset[str]:
    """These NHS numbers, and all that changes of identity lead to from them, joined or parted."""
    found: set[str] = set()
    asked = set(numbers)
    while asked:
        found |= asked
        rows = await connection.fetch(SQL["identities"], sorted(asked))
        asked = {number for row in rows for number in row["numbers"] if number} - found
    return frozenset(found)


async def reconsider_people(
    connection: Connection,
    learned: Collection[Affected],
    decided: Mapping[UUID, int],
    *,
    at: datetime,
) -> None:
    """Notes that what happened to these people since these times is to be decided again at once.

    `decided` gives the occurrences that the batch decided, each with the last place at which it
    did: these know already what was learned up to there. The caller holds the people's locks.
    """
    if learned:
        columns = zip(*sorted(learned), strict=True)
        occurrences, places = [*decided], [*decided.values()]
        await connection.execute(
            SQL["reconsider_people"], *columns, occurrences, places, at, Because.LEARNED_LATER
        )


async def reconsider_later(
    connection: Connection, due: Mapping[UUID, datetime | None], because: Because
) -> None:
    """Notes when occurrences must be looked at again for what is awaited; None: not any more."""
    later = sorted((key, at) for key, at in due.items() if at is not None)
    if later:
        columns = zip(*later, strict=True)
        await connection.execute(SQL["reconsider_later"], *columns, because)
    never = sorted(due.keys() - dict(later))
    if never:
        await connection.execute(SQL["no_need_to_reconsider"], never, because)


async def postpone(
    connection: Connection, occurrence_id: UUID, *, at: datetime, until: datetime
) -> None:
    """Puts off what is due of an occurrence at a time."""
    await connection.execute(SQL["postpone_reconsideration"], occurrence_id, at, until)


async def due_reconsiderations(
    connection: Connection, *, at: datetime, most: int
) -> tuple[UUID, ...]:
    """Some of the occurrences that are due to be decided again; nobody has claimed them yet."""
    rows = await connection.fetch(SQL["due_reconsiderations"], at, most)
    return tuple(row["occurrence_id"] for row in rows)


async def claim_reconsiderations(
    connection: Connection, asked: Sequence[UUID], *, at: datetime
) -> Mapping[UUID, Because]:
    """Takes what is due of these occurrences, whose locks the caller holds: id and why.

    What was learned later is the reason where there is another one as well.
    """
    rows = await connection.fetch(SQL["claim_reconsiderations"], asked, at)
    claimed: dict[UUID, Because] = {}
    for row in rows:
        because = Because(row["because"])
        if claimed.get(row["occurrence_id"]) is not Because.LEARNED_LATER:
            claimed[row["occurrence_id"]] = because
    return claimed


async def people_of(connection: Connection, asked: Sequence[UUID]) -> frozenset[str]:
    """The NHS numbers of those who stood in these occurrences."""
    rows = await connection.fetch(SQL["people_of_occurrences"], asked)
    return frozenset(row["nhs_number"] for row in rows)


async def _rows_of_people(
    connection: Connection, labels: Iterable[str], read: set[str]
) -> list[Row]:
    """The rows found by these labels, and by every number that is, or was, one of the same person.

    What was read before is left out; `read` grows. A mother whom only another row of the same
    pregnancy names is found as well, and so is all to which a link to unborn children may lead.
    """
    rows: list[Row] = []
    asked = frozenset(labels) - read
    while asked:
        read |= asked
        fresh = await _rows(connection, asked)
        rows += fresh
        asked = frozenset(label for row in fresh for label in _is_told_of(row)) - read
    return rows


async def _rows(connection: Connection, labels: Iterable[str]) -> list[Row]:
    asked = sorted(labels)
    if not asked:
        return []
    found = await connection.fetch(SQL["register_rows"], asked)
    try:
        return [row_from(row["kind"], row["content"]) for row in found]
    except ValueError:
        raise RegisterUnreadable("a stored row of the register does not fit") from None


def _leads_to(row: Row) -> tuple[str, ...]:
    match row:
        case Link():
            return row.ends
        case Booking() | Ending():
            return stored_row(row).labels
        case _:
            return ()


def _is_told_of(row: Row) -> tuple[str, ...]:
    """By what else the same person, or the same pregnancy, is told of."""
    match row:
        case Identity():
            return row.numbers
        case Link():
            return unborn_label(row)
        case Booking() | Ending():
            mother = (row.mother,) if row.mother else ()
            return (pregnancy_label(row), *mother, *unborn_label(row))
        case _:
            return ()
