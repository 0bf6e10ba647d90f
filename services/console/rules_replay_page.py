"""A proposed rulebook and the past: who would have been told that was not, and the reverse."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from routing_rules.working_time import LONDON
from services.console.asking import Form, form_of
from services.console.parts import console_of, person_of, record
from services.console.proposal_page import Proposed, proposed_as
from services.console.rendering import Mistake, show
from services.console.replay_work import LONGEST_LOOK, Replaying, ReplayRun
from services.console.rules_standing_pages import today
from services.ledger.console_views import Deed, View
from services.ledger.rulebook_record import SHORT
from services.ledger.rulebook_replays import KeptReplay, begin_replay, replays_of
from services.ledger.rulebooks import RulebookOutdated, files_of
from services.runtime.postgres import transaction

pages = APIRouter()
_DAYS = 28


@pages.get("/rules/proposals/{content_hash}/replay")
async def replay(request: Request, content_hash: str) -> Response:
    """How far a replay is, what the last ones found, and a form to begin one."""
    return await _page(request, await proposed_as(request, content_hash))


@pages.post("/rules/proposals/{content_hash}/replay")
async def start(request: Request, content_hash: str) -> Response:
    """Begins one, unless one is at work: then that one is shown."""
    proposed, form = await proposed_as(request, content_hash), await form_of(request)
    console = console_of(request)
    period = _period(form, console.now())
    if console.rules.settings.postgres.dsn is None:
        told = "This console cannot start a replay: use fieldfare rules replay"
        form.mistakes.append(Mistake("from", told))
    if period is None or form.mistakes:
        return await _page(request, proposed, form=form, status=400)
    begun = await _begin(request, content_hash, period)
    return RedirectResponse(
        f"/rules/proposals/{content_hash}/replay{'' if begun else '?again=yes'}", 303
    )


async def _begin(request: Request, content_hash: str, period: tuple[datetime, datetime]) -> bool:
    console, dsn = console_of(request), console_of(request).rules.settings.postgres.dsn
    assert dsn is not None  # noqa: S101 - whoever calls it has seen to it
    at, by = console.now(), person_of(request).name
    async with transaction(console.pool) as connection:
        files = await files_of(connection, content_hash)
        replay_id = await begin_replay(connection, content_hash, period, by=by, at=at)
        outcome = "at work already" if replay_id is None else f"replay {replay_id}"
        view = View(Deed.STARTED_REPLAY, (content_hash,), outcome=outcome)
        await record(request, view, connection)
    if replay_id is None:
        return False
    run = ReplayRun(console.pool, console.clock, replay_id)
    work = Replaying(dsn.get_secret_value(), files, *period)
    console.rules.keep_at_work(asyncio.create_task(run.run(console.rules.replaying, work)))
    return True


async def _page(
    request: Request, proposed: Proposed, *, form: Form | None = None, status: int = 200
) -> Response:
    console, at = console_of(request), console_of(request).now()
    await record(request, View(Deed.SAW_REPLAY, (proposed.content_hash,)))
    replays = await replays_of(console.pool, proposed.content_hash)
    at_work = next((each for each in replays if each.is_at_work(at)), None)
    last = next((each for each in replays if each.ended_at is not None), None)
    day = today(at)
    typed = {"from": (day - timedelta(days=_DAYS)).isoformat(), "to": day.isoformat()}
    values = {
        "record": proposed.record,
        "content_hash": proposed.content_hash,
        "short_hash": proposed.content_hash[:SHORT],
        "at_work": at_work,
        "last": last,
        "typed": typed if form is None else dict(form.given),
        "districts": await _districts(request, proposed.content_hash),
        "was_at_work": "again" in request.query_params,
    }
    mistakes = form.mistakes if form is not None else []
    answer = show(request, "replay.html", values, mistakes=mistakes, status=status)
    if at_work is not None and _looks_again(at_work, at):
        answer.headers["refresh"] = "3"
    return answer


async def _districts(request: Request, content_hash: str) -> Mapping[str, str]:
    """The names of districts; none where this release cannot load the version any more."""
    try:
        return (await console_of(request).rules.version(content_hash)).settings.districts
    except RulebookOutdated:
        return {}


def _looks_again(at_work: KeptReplay, at: datetime) -> bool:
    return at - at_work.asked_at < LONGEST_LOOK


def _period(form: Form, now: datetime) -> tuple[datetime, datetime] | None:
    """From the beginning of one day in London to the end of another."""
    since, until = form.day("from"), form.day("to", days=1)
    if since is None and not form.mistakes:
        form.mistakes.append(Mistake("from", "Enter the first day, such as 6/3/2026"))
    if until is None and not form.mistakes:
        until = datetime.combine(today(now) + timedelta(days=1), time(), LONDON)
    if since is None or until is None:
        return None
    if until <= since:
        form.mistakes.append(Mistake("to", "Enter a last day that is not before the first"))
        return None
    return since, until
