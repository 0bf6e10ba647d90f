"""Missed: what should have been told and was not, found, exported, and led to who can act."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from schemas.values import Service
from services.console import wording
from services.console.access import may_open
from services.console.asking import Form, an_id, asked_of
from services.console.parts import console_of, person_of, record
from services.console.problems import NotThere, NotYours
from services.console.rendering import Mistake, show
from services.ledger.console_duties import duties_of_notice, notice_of_duties
from services.ledger.console_findings import findings_of_notice
from services.ledger.console_views import Deed, View
from services.ledger.missed import (
    CursorUnusable,
    Missed,
    MissedFilter,
    all_missed,
    count_missed,
    list_missed,
    read_cursor,
)
from services.ledger.missed_causes import MissedCause
from services.ledger.missed_csv import csv_heading, csv_row

pages = APIRouter()
_ROWS = 50
_CSV_ROWS = 1000
_FIELDS = ("from", "to", "service", "district", "cause")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: the filter, as it was typed, and what is wrong with it."""

    which: MissedFilter
    typed: dict[str, str]
    mistakes: tuple[Mistake, ...]

    @property
    def query(self) -> str:
        """The same for an address, without the place in the list."""
        return urlencode({name: text for name, text in self.typed.items() if text})


@pages.get("/missed")
async def missed(request: Request) -> Response:
    """A page of the finder, or the duties that a notice of the ladder is about."""
    form = asked_of(request)
    notice = form.text("notice")
    if notice is not None:
        return await _of_notice(request, notice)
    if not may_open(person_of(request).roles, "GET", "/missed.csv"):
        raise NotYours("Open this page by the link in your notice: it shows what that is about.")
    console, at = console_of(request), console_of(request).now()
    asked = asked_for(form)
    rows = await list_missed(console.pool, replace(asked.which, limit=_ROWS + 1), at=at)
    is_later = form.text("after") is not None  # counting reads everything: once is enough
    counts = {} if is_later else await count_missed(console.pool, asked.which, at=at)
    shown = rows[:_ROWS]
    await record(request, View(Deed.SAW_MISSED, _things(shown), outcome=f"list: {asked.query}"))
    values = {
        "rows": shown,
        "counts": counts,
        "total": sum(counts.values()),
        "typed": asked.typed,
        "query": asked.query,
        "is_filtered": bool(asked.query),
        "is_later_page": is_later,
        "next": shown[-1].cursor if len(rows) > _ROWS else None,
        "services": wording.service_choices(),
        "causes": wording.CAUSES,
        "districts": wording.DISTRICTS,
    }
    status = 400 if asked.mistakes else 200
    return show(request, "missed.html", values, mistakes=asked.mistakes, status=status)


@pages.get("/missed.csv")
async def missed_csv(request: Request) -> Response:
    """All that matches, a thousand rows at a time, safe for spreadsheets."""
    console, at = console_of(request), console_of(request).now()
    asked = asked_for(asked_of(request))
    if asked.mistakes:
        raise NotThere("This filter cannot be used. Go back to Missed and set it again.")
    await record(request, View(Deed.EXPORTED_MISSED, outcome=f"list: {asked.query}"))
    which = replace(asked.which, limit=_CSV_ROWS)

    async def lines() -> AsyncIterator[str]:
        yield csv_heading()
        async for row in all_missed(console.pool, which, at=at):
            yield csv_row(row)

    name = f"missed-{wording.short(at).replace(' ', '-').replace(':', '')}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def asked_for(form: Form) -> Asked:
    """What an address asks the finder for; what cannot be understood is left out, and said."""
    typed = {name: form.given.get(name, "").strip() for name in _FIELDS}
    since, until = form.day("from"), form.day("to", days=1)
    if since is not None and until is not None and until <= since:
        form.mistakes.append(Mistake("to", "The last day must be the first day or later"))
        until = None
    which = MissedFilter(limit=_ROWS)
    which = _within(which, since, until)
    if typed["service"] in {each.value for each in Service}:
        which = replace(which, service=Service(typed["service"]))
    if typed["district"] in wording.DISTRICTS:
        which = replace(which, district=typed["district"])
    if typed["cause"] in {each.value for each in MissedCause}:
        which = replace(which, cause=MissedCause(typed["cause"]))
    for name, kept in (
        ("service", which.service),
        ("district", which.district),
        ("cause", which.cause),
    ):
        if typed[name] and kept is None:
            form.mistakes.append(Mistake(name, f"Choose a {name} from the list"))
    return Asked(_behind(which, form), typed, tuple(form.mistakes))


def _within(which: MissedFilter, since: datetime | None, until: datetime | None) -> MissedFilter:
    if since is not None:
        which = replace(which, since=since)
    return which if until is None else replace(which, until=until)


def _behind(which: MissedFilter, form: Form) -> MissedFilter:
    after = form.text("after")
    if after is None:
        return which
    try:
        return replace(which, after=read_cursor(after))
    except CursorUnusable:
        form.mistakes.append(Mistake("from", "That page is not there; this is the first one"))
        return which


def _things(rows: Sequence[Missed]) -> tuple[str, ...]:
    """The ids of what is shown: duties, or the occurrence or message about which nobody has one."""
    found = (
        each.duty_ids or filter(None, (each.occurrence_id, each.dead_letter_id)) for each in rows
    )
    return tuple(dict.fromkeys(str(one) for ids in found for one in ids))


async def _of_notice(request: Request, asked: str) -> Response:
    """What one notice is about, duties or what is wrong with a source.

    It is for whoever was told it, and for those who may see everything.
    """
    console, at, person = console_of(request), console_of(request).now(), person_of(request)
    notice_id: UUID = an_id(asked)
    found = await notice_of_duties(console.pool, notice_id)
    duty_ids = found.duty_ids if found is not None else ()
    findings = await findings_of_notice(console.pool, notice_id, duty_ids)
    told = {each for finding in findings for each in finding.recipients}
    told |= found.recipients if found is not None else set()
    sees_all = may_open(person.roles, "GET", "/missed.csv")
    is_known = found is not None or bool(findings)
    if not is_known or not (sees_all or told & set(person.recipients)):
        raise NotThere("No notice by that number was sent to you. Check the link.")
    duties = await duties_of_notice(console.pool, duty_ids, at=at)
    seen = (*(each.duty_id for each in findings), *(each.duty_id for each in duties))
    things = (str(notice_id), *map(str, seen))
    await record(request, View(Deed.SAW_MISSED, tuple(dict.fromkeys(things)), outcome="notice"))
    values = {
        "findings": findings,
        "duties": duties,
        "open": sum(1 for duty in duties if duty.ended_at is None),
        "contacts": await _contacts(request) if findings else {},
        "sees_all": sees_all,
        "just_now": at - timedelta(minutes=1),
    }
    return show(request, "missed_notice.html", values)


async def _contacts(request: Request) -> dict[str, str]:
    """Whom to ring about each source."""
    rulebook = await console_of(request).rulebook()
    return {source.publisher: source.contact for source in rulebook.settings.sources}
