"""Now: what comes in, what is owed, what is overdue, and whether the sources are well. Live."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from routing_rules.working_time import LONDON
from services.console.bars import Bar, bars_of
from services.console.parts import Console, console_of, person_of
from services.console.problems import TooOften
from services.console.rendering import render, show
from services.ledger.console_figures import (
    HourOfSource,
    OpenDuties,
    Position,
    arrivals_since,
    latest_events,
    open_duties,
    owed_since,
)
from services.ledger.source_statements import sources_on
from services.ledger.watching import forecast

pages = APIRouter()
_LATEST = 12
_DAY = timedelta(days=1)
_FOUR_WEEKS = timedelta(days=28)
_FORECAST_ROWS = 1
_HEARTBEAT = 15.0
_STREAM = timedelta(minutes=10)
_NOON = time(12)
_STREAM_HEADERS = {"x-accel-buffering": "no"}


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What arrived in a period: bars over time, and numbers by source."""

    bars: tuple[Bar, ...]
    by_source: Mapping[str, int]
    received: int
    unreadable: int


@pages.get("/now")
async def now(request: Request) -> Response:
    """The whole page, as it is without scripts."""
    console, at = console_of(request), console_of(request).now()
    arrived = await arrivals_since(console.pool, at - _FOUR_WEEKS)
    values = {
        **await _figures(console, at),
        "day": _last_day(arrived, at),
        "weeks": _four_weeks(arrived, at),
        "owed_day": await owed_since(console.pool, at - _DAY),
        "owed_weeks": await owed_since(console.pool, at - _FOUR_WEEKS),
    }
    return show(request, "now.html", values)


@pages.get("/now/live")
async def live(request: Request) -> Response:
    """Server-sent events: the moving part of the page, again and again when the ledger has moved.

    A stream ends after ten minutes, or when its session has ended; the page then asks again. Nobody
    has more than twenty.
    """
    if not console_of(request).live.has_room(person_of(request).subject):
        raise TooOften("This page is open too many times. Close some of them, and load it again.")
    return StreamingResponse(
        _stream(request), media_type="text/event-stream", headers=_STREAM_HEADERS
    )


async def _stream(request: Request) -> AsyncIterator[str]:
    console = console_of(request)
    until = console.now() + _STREAM
    seen: Position | None = None
    async with console.live.watched(person_of(request).subject):
        while not console.live.stopping.is_set() and console.now() < until:
            position = await console.live.wait(seen, seconds=_HEARTBEAT)
            if await request.is_disconnected() or not await _is_signed_in(request, console):
                return
            if position == seen:
                yield ": still here\n\n"
                continue
            seen = position
            # one look for all open pages, which no page that is closed cuts off
            at = console.now()
            found = await console.figures.get(position, partial(_figures, console, at), at=at)
            values = {**found.answer, "now": found.at}
            yield _message(render(request, "now_live.html", values))
            await asyncio.sleep(0)


async def _is_signed_in(request: Request, console: Console) -> bool:
    secret = console.cookies.session_of(request)
    return secret is not None and (
        await console.sessions.look(secret, at=console.now()) is not None
    )


def _message(html: str) -> str:
    """One server-sent event: every line of the text is a line of its data."""
    return "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"


async def _figures(console: Console, at: datetime) -> Mapping[str, object]:
    """What moves: open duties, the forecast, what is wrong with sources, and the last events."""
    by_noon = datetime.combine(at.astimezone(LONDON).date() + _DAY, _NOON, LONDON)
    duties = await open_duties(console.pool, at=at)
    expected, _ = await forecast(console.pool, until=by_noon, at=at, limit=_FORECAST_ROWS)
    today = at.astimezone(LONDON).date()
    sources = await sources_on(console.pool, await console.rulebook(), today)
    return {
        "duties": duties,
        "totals": _totals(duties),
        "by_noon": by_noon,
        "expected": [each for each in expected if each.duties > each.due_already][:8],
        "will_be_overdue": sum(each.duties for each in expected),
        "due_already": sum(each.due_already for each in expected),
        "findings": sources.findings,
        "events": await latest_events(console.pool, _LATEST),
    }


def _totals(duties: Sequence[OpenDuties]) -> OpenDuties:
    names = ("duties", "not_sent", "not_acknowledged", "acknowledged", "refused", "overdue")
    more = ("exceptions", "dead_letters")
    return OpenDuties(
        "all", **{name: sum(getattr(each, name) for each in duties) for name in (*names, *more)}
    )


def _last_day(arrived: Sequence[HourOfSource], at: datetime) -> Arrivals:
    first = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    hours = [first + timedelta(hours=n) for n in range(24)]
    within = [each for each in arrived if each.hour >= first]
    counts = Counter(dict.fromkeys(hours, 0))
    for each in within:
        counts[each.hour] += each.received
    labels = [f"{hour.astimezone(LONDON):%H:%M}" for hour in hours]
    return _arrivals(within, labels, [counts[hour] for hour in hours])


def _four_weeks(arrived: Sequence[HourOfSource], at: datetime) -> Arrivals:
    today = at.astimezone(LONDON).date()
    days = [today - timedelta(days=n) for n in reversed(range(28))]
    counts = Counter(dict.fromkeys(days, 0))
    for each in arrived:
        counts[each.hour.astimezone(LONDON).date()] += each.received
    labels = [f"{day.day} {day:%b}" for day in days]
    return _arrivals(arrived, labels, [counts[day] for day in days])


def _arrivals(
    arrived: Sequence[HourOfSource], labels: Sequence[str], counts: Sequence[int]
) -> Arrivals:
    by_source = Counter[str]()
    for each in arrived:
        by_source[each.publisher] += each.received
    return Arrivals(
        bars=bars_of(labels, counts),
        by_source=dict(by_source.most_common()),
        received=by_source.total(),
        unreadable=sum(each.unreadable for each in arrived),
    )
