"""The picture that `fieldfare up` shows, as the ledger has it now."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import asyncpg

from routing_rules.number_runs import in_words
from services.ledger.queries import queries_in
from services.ledger.reading import summarise
from services.ledger.source_reading import numbers_seen
from services.runtime.postgres import Connection, Pool, reading
from services.sandbox.up_screen import Picture, Routed

_SQL = queries_in(Path(__file__).parent / "queries")
_LATEST = 8
_LOOKED_AT = 40
"""Duties among which the latest are found: those of a family often have one recipient."""
_DEAD_LETTER = "a message that cannot be read"


async def picture_of(pool: Pool) -> Picture:
    """What the ledger holds. Counts whole tables: for one machine, not for a county's real ledger.

    Raises `DatabaseAway`.
    """
    summary = await summarise(pool)
    async with reading(pool) as connection:
        return Picture(
            events=await _events(connection),
            duties={(each.service, each.state): each.duties for each in summary.duties},
            waiting=summary.waiting,
            dead_letters=summary.dead_letters,
            latest=await _latest(connection),
            sources=await _sources(connection),
        )


async def _events(connection: Connection) -> dict[str, int]:
    families = Counter[str]()
    for row in await connection.fetch(_SQL["events_by_type"]):
        families[row["type"].split(".")[1]] += row["events"]
    return dict(families)


async def _sources(connection: Connection) -> dict[str, str]:
    """By publisher: `1..412, missing: none`. What is still on its way may show for a moment."""
    return {
        publisher: f"{span.first}..{span.last}, missing: {in_words(each.missing, most=3) or 'none'}"
        for publisher, each in (await numbers_seen(connection)).items()
        if (span := each.span) is not None
    }


async def _latest(connection: Connection) -> tuple[Routed, ...]:
    rows = await connection.fetch(_SQL["latest_owed"], _LOOKED_AT)
    people = Counter(_routed(row) for row in rows)
    return tuple(replace(routed, people=number) for routed, number in people.items())[:_LATEST]


def _routed(row: asyncpg.Record) -> Routed:
    return Routed(
        at=row["changed_at"],
        event=_DEAD_LETTER if row["type"] is None else _in_words(row["type"]),
        service=row["service"],
        recipient=row["recipient"],
        urgency=row["urgency"],
        is_exception=row["kind"] == "exception",
    )


def _in_words(event_type: str) -> str:
    return " ".join(event_type.split(".")[1:-1]).replace("-", " ")
