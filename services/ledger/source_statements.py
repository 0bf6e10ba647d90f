"""What can be said of each source and day: whether anything of it is missing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import asyncpg

from routing_rules.completeness import DayTally, FeedNumbers, Statement, state
from routing_rules.number_runs import in_words
from routing_rules.rulebook import Rulebook
from routing_rules.sources import Counted, Source
from schemas.values import Family
from services.ledger.queries import SQL
from services.ledger.source_watching import OpenFinding, open_findings, open_gaps, runs_of
from services.runtime.postgres import Pool, transaction


class SourcesOnDay(NamedTuple):
    """Statements in the rulebook's order, unlisted publishers last, and what is wrong now."""

    statements: tuple[Statement, ...]
    findings: tuple[OpenFinding, ...]


async def sources_on(
    pool: Pool, rulebook: Rulebook, day: date, *, publisher: str | None = None
) -> SourcesOnDay:
    """What can be said of every source (or one) and a day in London. Raises `DatabaseAway`.

    A number that a named person has answered for is missing nevertheless.
    """
    async with transaction(pool) as connection:
        rows = {
            row["publisher"]: row for row in await connection.fetch(SQL["source_statements"], day)
        }
        gaps = await open_gaps(connection, list(rows))
        found = await open_findings(connection)
    listed = {source.publisher: source for source in rulebook.settings.sources}
    sources = listed | {name: _unlisted(name) for name in sorted(rows.keys() - listed.keys())}
    holidays = rulebook.calendar.bank_holidays
    statements = []
    for name, source in sources.items():
        if publisher in {None, name}:
            numbers, tally = _seen(rows, name)
            runs = tuple(gap.run for gap in gaps[name])
            numbers = replace(numbers, gaps=runs)
            statements.append(state(source, day, tally, numbers, bank_holidays=holidays))
    wrong = tuple(each for each in found if publisher in {None, each.publisher})
    return SourcesOnDay(tuple(statements), wrong)


def _seen(rows: Mapping[str, asyncpg.Record], publisher: str) -> tuple[FeedNumbers, DayTally]:
    row = rows.get(publisher)
    if row is None:
        return FeedNumbers(), DayTally()
    numbers = FeedNumbers(
        accounted=runs_of(row["accounted"]),
        unreadable=runs_of(row["unreadable_numbers"]),
        again=runs_of(row["again"]),
    )
    fields = ("received", "unreadable", "lowest", "highest", "before", "after", "said")
    return numbers, DayTally(**{name: row[name] for name in fields})


def _unlisted(publisher: str) -> Source:
    """Nothing is known of what is usual for it."""
    return Source(publisher, Family.REGISTRATION, Counted.NO, (), timedelta.max, "not listed")


def in_a_sentence(stated: Statement) -> str:
    """As `received 1..412, missing: none`."""
    tally = stated.tally
    if stated.counted is Counted.YES:
        numbered = tally.lowest is not None
        came = f"received {tally.lowest}..{tally.highest}" if numbered else _came(stated)
        parts = [f"{came}, missing: {in_words(stated.missing) or 'none'}"]
        if not numbered and not stated.missing:
            parts = [_came(stated)]
    else:
        parts = ["not counted: " * (stated.counted is Counted.NO) + _came(stated)]
    if tally.said is not None:
        parts.append(f"counted by the source: {tally.said}{_difference(tally.fewer)}")
    elif stated.counted is Counted.DAILY:
        parts.append("not counted yet by the source")
    if tally.unreadable:
        parts.append(f"could not be read: {tally.unreadable}")
    return "; ".join(parts)


def _came(stated: Statement) -> str:
    return f"{stated.tally.received} received, expected about {stated.expected:.0f}"


def _difference(fewer: int) -> str:
    if fewer > 0:
        return f", {fewer} missing"
    return f", {-fewer} more came" if fewer else ", none missing"
