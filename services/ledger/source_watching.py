"""The ledger as the watch sees its sources: what is known of each, and what is wrong with it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from routing_rules.completeness import FeedNumbers
from routing_rules.gap_keeping import Kept, Mark
from routing_rules.number_runs import Run, Runs, common, without
from routing_rules.source_findings import FindingKind
from services.ledger.jsonb import from_json
from services.ledger.queries import SQL
from services.runtime.postgres import Connection, copy_rows

_WATCHING_SOURCES = 0x5EED_50_0005
"""The advisory lock of whoever looks at the sources."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed whose numbers must be looked at."""

    publisher: str
    numbers: FeedNumbers
    repeated: Runs
    mark: Mark | None


class Gap(NamedTuple):
    """A run of numbers that is missing; `settled_at` is when somebody had answered for it."""

    gap_no: int
    publisher: str
    run: Run
    noted_at: datetime
    settled_at: datetime | None


class FindingRow(NamedTuple):
    """A row of `source_finding` that is open from now on."""

    finding_id: UUID
    publisher: str
    kind: FindingKind
    detail: str
    opened_at: datetime
    duty_id: UUID
    copy_id: UUID | None


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """Something that is known to be wrong; `answered_at` is when the duty about it ended."""

    finding_id: UUID
    publisher: str
    kind: FindingKind
    detail: Mapping[str, Any]
    opened_at: datetime
    duty_id: UUID
    copy_id: UUID | None
    answered_at: datetime | None

    @property
    def duties(self) -> tuple[UUID, ...]:
        """The duties about it."""
        return (self.duty_id,) if self.copy_id is None else (self.duty_id, self.copy_id)


async def try_source_watch(connection: Connection) -> bool:
    """Whether no other watch looks at the sources; to the transaction's end none will."""
    return bool(await connection.fetchval(SQL["try_source_watch"], _WATCHING_SOURCES))


async def ensure_feeds(
    connection: Connection, publishers: Collection[str], *, at: datetime
) -> None:
    """Begins to know sources that have never sent anything; repeating it changes nothing."""
    await connection.execute(SQL["ensure_feeds"], sorted(publishers), at)


async def claim_feeds(connection: Connection) -> tuple[tuple[Feed, tuple[Gap, ...]], ...]:
    """Feeds that have numbers to be looked at, with their open gaps, locked to the end."""
    rows = await connection.fetch(SQL["unsettled_feeds"])
    gaps = await open_gaps(connection, [row["publisher"] for row in rows])
    return tuple((_feed(row, gaps[row["publisher"]]), gaps[row["publisher"]]) for row in rows)


async def open_gaps(
    connection: Connection, publishers: Sequence[str]
) -> defaultdict[str, tuple[Gap, ...]]:
    """Numbers that are missing still, by source, in order."""
    found: defaultdict[str, tuple[Gap, ...]] = defaultdict(tuple)
    for row in await connection.fetch(SQL["open_gaps"], publishers) if publishers else ():
        run = Run(row["first_number"], row["last_number"])
        gap = Gap(row["gap_no"], row["publisher"], run, row["noted_at"], row["settled_at"])
        found[gap.publisher] += (gap,)
    return found


async def keep_feed(
    connection: Connection, feed: Feed, gaps: Iterable[Gap], kept: Kept, *, at: datetime
) -> None:
    """Writes what became of a claimed feed: gaps that are new, filled, or filled in part."""
    hit = [gap for gap in gaps if common([gap.run], kept.filled)]
    if hit:
        await connection.execute(SQL["end_gaps"], [gap.gap_no for gap in hit], at)
    rest = [
        (feed.publisher, *run, gap.noted_at, gap.settled_at)
        for gap in hit
        for run in without([gap.run], kept.filled)
    ]
    rows = rest + [(feed.publisher, *run, at, None) for run in kept.noted]
    columns = ("publisher", "first_number", "last_number", "noted_at", "settled_at")
    await copy_rows(connection, "source_gap", columns, rows)
    mark = kept.mark
    await connection.execute(
        SQL["keep_feed"],
        feed.publisher,
        *_columns(kept.accounted),
        *_columns(kept.repeated),
        mark.number if mark else None,
        mark.at if mark else None,
    )


async def open_findings(connection: Connection) -> tuple[OpenFinding, ...]:
    """What is known to be wrong with sources."""
    return tuple(
        OpenFinding(
            finding_id=row["finding_id"],
            publisher=row["publisher"],
            kind=FindingKind(row["kind"]),
            detail=from_json(row["detail"]),
            opened_at=row["opened_at"],
            duty_id=row["duty_id"],
            copy_id=row["copy_id"],
            answered_at=row["answered_at"],
        )
        for row in await connection.fetch(SQL["open_findings"])
    )


async def insert_findings(connection: Connection, rows: Sequence[FindingRow]) -> None:
    """Opens findings. One of a kind that is open for that source already is refused."""
    await copy_rows(connection, "source_finding", FindingRow._fields, rows)


async def end_findings(
    connection: Connection, because: Mapping[UUID, str], *, at: datetime
) -> None:
    """Ends findings, each with why."""
    if because:
        await connection.execute(SQL["end_findings"], list(because), list(because.values()), at)


async def lock_open_duties(connection: Connection, duty_ids: Sequence[UUID]) -> list[UUID]:
    """Locks those of the duties that are open, to the transaction's end, and answers them."""
    rows = await connection.fetch(SQL["lock_open_duties"], duty_ids)
    return [row["duty_id"] for row in rows]


async def settle(connection: Connection, finding: OpenFinding, *, at: datetime) -> None:
    """Somebody has answered for what a finding told: it is not told again, and stays missing.

    What has come to it since it was opened is not settled.
    """
    since = finding.opened_at
    match finding.kind:
        case FindingKind.SEQUENCE_GAP:
            await connection.execute(SQL["settle_gaps"], finding.publisher, since, at)
        case FindingKind.LOG_GAP:
            await connection.execute(SQL["settle_log_gaps"], finding.publisher, since, at)
        case FindingKind.DAILY_COUNT_DIFFERS:
            days = [date.fromisoformat(day) for day in finding.detail["days"]]
            await connection.execute(SQL["settle_counts"], finding.publisher, since, at, days)
        case FindingKind.NUMBERS_REPEATED:
            runs = tuple(Run(*run) for run in finding.detail["runs"])
            await connection.execute(SQL["settle_repeats"], finding.publisher, *_columns(runs))
        case _:
            raise ValueError(f"{finding.kind} is not settled: it is so, or it is not")


def runs_of(multirange: Iterable[Any]) -> Runs:
    """A multirange as PostgreSQL gives it: its upper bounds are not included."""
    return tuple(Run(span.lower, span.upper - 1) for span in multirange)


def numbers_of(row: asyncpg.Record, gaps: Iterable[Gap]) -> FeedNumbers:
    """A feed's numbers."""
    return FeedNumbers(
        accounted=runs_of(row["accounted"]),
        unreadable=runs_of(row["unreadable"]),
        again=runs_of(row["again"]),
        gaps=tuple(gap.run for gap in gaps),
    )


def _feed(row: asyncpg.Record, gaps: Iterable[Gap]) -> Feed:
    marked = row["marked_at"]
    return Feed(
        publisher=row["publisher"],
        numbers=numbers_of(row, gaps),
        repeated=runs_of(row["repeated"]),
        mark=None if marked is None else Mark(row["marked_number"], marked),
    )


def _columns(runs: Runs) -> tuple[list[int], list[int]]:
    return [run.first for run in runs], [run.last for run in runs]
