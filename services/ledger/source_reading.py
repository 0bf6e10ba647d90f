"""What the ledger has seen of every source, for whoever judges it."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from routing_rules.completeness import DayTally, FeedNumbers
from routing_rules.source_findings import HourSeen, SourceSeen
from routing_rules.sources import LONDON
from services.ledger.queries import SQL
from services.ledger.source_watching import Gap, numbers_of, open_gaps, runs_of
from services.runtime.postgres import Connection

_DAYS = 36
_COUNTS = 90
_HOURS = timedelta(hours=3)
_PROBES = timedelta(hours=2)


async def sources_seen(
    connection: Connection, *, at: datetime, only_open: bool = True
) -> tuple[SourceSeen, ...]:
    """Every source that was ever seen, as it stands at that moment, in order.

    Behind them, organisations whose receipts were lost. With `only_open`, without what a named
    person has answered for.
    """
    feeds = await connection.fetch(SQL["feeds_seen"])
    today = at.astimezone(LONDON).date()
    gaps = await open_gaps(connection, [row["publisher"] for row in feeds])
    days = await _days(connection, today - timedelta(days=_DAYS))
    counts = await _counts(connection, today - timedelta(days=_COUNTS), only_open=only_open)
    hours = await _hours(connection, at - _HOURS)
    lost = {r["publisher"]: r["messages"] for r in await connection.fetch(SQL["lost_messages"])}
    probes = {
        row["publisher"]: row["asked_at"]
        for row in await connection.fetch(SQL["probes_out"], at - _PROBES)
    }
    known = {row["publisher"] for row in feeds}
    others = [name for name in sorted(lost) if name not in known]
    return tuple(
        SourceSeen(
            publisher=(publisher := row["publisher"]),
            known_since=row["known_since"],
            heard_at=row["heard_at"],
            numbers=numbers_of(row, _told(gaps[publisher], only_open=only_open)),
            repeated=runs_of(row["repeated"]),
            last_number=row["last_number"],
            received=days[publisher],
            counted_days=counts[publisher],
            hours=tuple(hours[publisher]),
            lost_messages=lost.get(publisher, 0),
            probe_asked=probes.get(publisher),
        )
        for row in feeds
    ) + tuple(SourceSeen(name, at, lost_messages=lost[name]) for name in others)


async def numbers_seen(connection: Connection) -> dict[str, FeedNumbers]:
    """What became of each source's own numbers until now; what was answered for is missing too."""
    feeds = await connection.fetch(SQL["feeds_seen"])
    gaps = await open_gaps(connection, [row["publisher"] for row in feeds])
    return {row["publisher"]: numbers_of(row, gaps[row["publisher"]]) for row in feeds}


def _told(gaps: tuple[Gap, ...], *, only_open: bool) -> tuple[Gap, ...]:
    return tuple(gap for gap in gaps if gap.settled_at is None) if only_open else gaps


async def _days(connection: Connection, since: date) -> defaultdict[str, dict[date, int]]:
    found: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for row in await connection.fetch(SQL["days_seen"], since):
        found[row["publisher"]][row["day"]] = row["received"]
    return found


async def _counts(
    connection: Connection, since: date, *, only_open: bool
) -> defaultdict[str, dict[date, tuple[DayTally, datetime]]]:
    """Counts that were answered for are there without what they said: they differ from nothing."""
    found: defaultdict[str, dict[date, tuple[DayTally, datetime]]] = defaultdict(dict)
    for row in await connection.fetch(SQL["counts_seen"], since):
        is_settled = only_open and row["settled_at"] is not None
        tally = DayTally(
            received=row["received"],
            unreadable=row["unreadable"],
            said=None if is_settled else row["count"],
        )
        found[row["publisher"]][row["day"]] = (tally, row["received_at"])
    return found


async def _hours(connection: Connection, since: datetime) -> defaultdict[str, list[HourSeen]]:
    found: defaultdict[str, list[HourSeen]] = defaultdict(list)
    for row in await connection.fetch(SQL["hours_seen"], since):
        seen = dict(row)
        found[seen.pop("publisher")].append(HourSeen(**seen))
    return found
