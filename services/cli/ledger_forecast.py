"""`fieldfare ledger forecast`: what will be overdue unless somebody answers; nobody's identity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from routing_rules.awaited import Unmet, WatchedDuty, awaited_of
from routing_rules.working_time import LONDON
from schemas.values import Service, Urgency
from services.cli.ledger_asking import AsJson, Limit, ask_ledger, print_json, print_shown
from services.cli.wording import counted, plain, short_london_time
from services.ledger.watching import Expected
from services.ledger.watching import forecast as read_forecast
from services.runtime.clock import Clock
from services.runtime.postgres import Pool

_NOON = time(12)


@dataclass(frozen=True, slots=True)
class DutyAhead:
    """One duty that will be overdue: who has it, what is awaited, and from when it is overdue."""

    duty_id: UUID
    service: Service
    recipient: str
    urgency: Urgency
    unmet: Unmet
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will be overdue `by` a moment, as it looked `at` another. Counts are of all duties."""

    at: datetime
    by: datetime
    duties: int
    due_already: int
    by_recipient: tuple[Expected, ...]
    list: tuple[DutyAhead, ...]


def forecast(
    by: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Up to then, London time; else tomorrow noon."),
    ] = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """What will be overdue by tomorrow noon unless somebody answers, by service and recipient."""
    given = None if by is None else _moment(by)

    async def ask(pool: Pool, clock: Clock) -> Forecast:
        at = clock.now()
        until = given or _tomorrow_noon(at)
        expected, duties = await read_forecast(pool, until=until, at=at, limit=limit)
        return Forecast(
            at=at,
            by=until,
            duties=sum(each.duties for each in expected),
            due_already=sum(each.due_already for each in expected),
            by_recipient=expected,
            list=tuple(_ahead(duties, at)),
        )

    found = ask_ledger(ask)
    print_json(found) if as_json else print_shown(forecast_page(found))


def forecast_page(found: Forecast) -> RenderableType:
    """Counts first, then the duties, the longest due first."""
    counts = Table(box=None, pad_edge=False)
    for name in ("Service", "Recipient"):
        counts.add_column(name, no_wrap=True)
    for name in ("Overdue by then", "Already"):
        counts.add_column(name, justify="right")
    for each in found.by_recipient:
        counts.add_row(
            plain(each.service), each.recipient, f"{each.duties:,}", f"{each.due_already:,}"
        )
    duties = Table(box=None, pad_edge=False)
    for name in ("Overdue from", "Urgency", "Awaited", "Service", "Recipient", "Duty"):
        duties.add_column(name, no_wrap=True)
    for duty in found.list:
        duties.add_row(
            short_london_time(duty.due_at),
            plain(duty.urgency),
            plain(duty.unmet),
            plain(duty.service),
            duty.recipient,
            str(duty.duty_id),
        )
    total = f"{counted(found.duties, 'duty')} overdue by {short_london_time(found.by)}"
    return Group(counts, Text(f"{total}, {found.due_already:,} of them already"), Text(), duties)


def _ahead(duties: Sequence[WatchedDuty], at: datetime) -> list[DutyAhead]:
    return [
        DutyAhead(
            duty_id=duty.duty_id,
            service=duty.service,
            recipient=duty.recipient,
            urgency=duty.urgency,
            unmet=awaited.unmet,
            due_at=awaited.since,
            is_overdue=awaited.since <= at,
        )
        for duty in duties
        if (awaited := awaited_of(duty)) is not None
    ]


def _tomorrow_noon(at: datetime) -> datetime:
    tomorrow = at.astimezone(LONDON).date() + timedelta(days=1)
    return datetime.combine(tomorrow, _NOON, LONDON)


def _moment(text: str) -> datetime:
    """A moment; without a zone it is London's time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = "--by is a time such as 2026-03-05T12:00"
        raise typer.BadParameter(message) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
