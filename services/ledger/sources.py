"""What came from each source: kept up by the router, inside the transaction of its batch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid5

from services.ledger.events import EventKey
from services.ledger.queries import SQL
from services.runtime.postgres import Connection

_PROBE_MESSAGE = "probe"


def probe_message_id(probe_id: UUID) -> UUID:
    """The id of the message that a probe becomes on its way out."""
    return uuid5(probe_id, _PROBE_MESSAGE)


class FeedRow(NamedTuple):
    """How far one source has come; the number is that of its event published last."""

    publisher: str
    last_number: int | None
    last_published_at: datetime | None
    heard_at: datetime | None


class Standing(StrEnum):
    """What became of a number of a source's own counter."""

    ARRIVED = "arrived"
    AGAIN = "again"
    UNREADABLE = "unreadable"


class NumberRow(NamedTuple):
    """A run of numbers of one source, first and last included."""

    publisher: str
    standing: Standing
    first_number: int
    last_number: int


class DayRow(NamedTuple):
    """What was published on a day in London, and its lowest and highest numbers."""

    publisher: str
    day: date
    received: int
    unreadable: int
    lowest: int | None
    highest: int | None


class HourRow(NamedTuple):
    """What arrived within an hour, and how the publisher's clock went."""

    publisher: str
    hour: datetime
    received: int
    warned: int
    unreadable: int
    unnumbered: int
    ahead: int
    furthest_ahead: timedelta
    least_lag: timedelta | None


@dataclass(frozen=True, slots=True)
class Tallied:
    """What one batch adds. Every row is of another source, run, day or hour."""

    feeds: Sequence[FeedRow] = ()
    numbers: Sequence[NumberRow] = ()
    days: Sequence[DayRow] = ()
    hours: Sequence[HourRow] = ()


class CountRow(NamedTuple):
    """A row of `source_count`: what a source says that it published on a day."""

    source: str
    id: str
    sha256: bytes
    publisher: str
    day: date
    counted: int
    first_number: int | None
    last_number: int | None
    published_at: datetime
    topic: str
    partition: int
    log_offset: int
    received_at: datetime


class LogGap(NamedTuple):
    """Messages of a partition that were deleted before they were read, up to `to_offset`."""

    topic: str
    partition: int
    from_offset: int
    to_offset: int
    publisher: str


async def keep_tally(connection: Connection, tallied: Tallied, *, at: datetime) -> None:
    """Adds a batch to what is known of its sources; `at` is when it arrived.

    It must be the last that its transaction writes: the rows of its sources are locked from here to
    the end, and another router with the same sources waits for them.
    """
    if not tallied.feeds:
        return
    feeds, numbers = _columns(tallied.feeds, 4), _columns(tallied.numbers, 4)
    await connection.execute(SQL["tally_feeds"], *feeds, at, *numbers)
    if tallied.days:
        await connection.execute(SQL["tally_days"], *_columns(tallied.days, 6))
    if tallied.hours:
        await connection.execute(SQL["tally_hours"], *_columns(tallied.hours, 9))


async def insert_counts(connection: Connection, rows: Sequence[CountRow]) -> set[EventKey]:
    """Stores daily counts that are not stored yet, and answers which were new.

    Within one call every key may occur once.
    """
    if not rows:
        return set()
    found = await connection.fetch(SQL["insert_source_counts"], *zip(*rows, strict=True))
    return {EventKey(row["source"], row["id"]) for row in found}


async def digests_of_counts(
    connection: Connection, keys: Iterable[EventKey]
) -> dict[EventKey, bytes]:
    """The hash of the bytes of each stored daily count, to tell a repeat from a reused id."""
    asked = list(keys)
    if not asked:
        return {}
    rows = await connection.fetch(
        SQL["digests_of_source_counts"], [key.source for key in asked], [key.id for key in asked]
    )
    return {EventKey(row["source"], row["id"]): row["sha256"] for row in rows}


async def probes_arrived(
    connection: Connection, probes: Mapping[UUID, str], *, at: datetime
) -> dict[UUID, bool]:
    """Notes that probes, each of a publisher's topic, have arrived.

    Answers those that Fieldfare has sent there, and whether each arrived for the first time.
    """
    if not probes:
        return {}
    rows = await connection.fetch(
        SQL["probes_arrived"], list(probes.keys()), list(probes.values()), at
    )
    return {row["probe_id"]: row["is_first"] for row in rows}


async def note_log_gaps(connection: Connection, gaps: Iterable[LogGap], *, at: datetime) -> None:
    """Notes messages that were deleted before they were read; repeating it changes nothing."""
    await connection.execute(SQL["note_log_gaps"], *_columns(list(gaps), 5), at)


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[place] for row in rows] for place in range(width)]
