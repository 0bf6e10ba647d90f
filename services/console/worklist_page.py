"""Worklist: a team's own notices, the soonest due first, answered in three clicks or fewer."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from routing_rules.answers import ReceiptVerdict
from routing_rules.directory import Team
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from schemas.receipt import Receipt
from schemas.values import Ask, NotificationKind, ReceiptStatus, Service
from services.console.asking import Form, an_id, asked_of, form_of
from services.console.parts import console_of, person_of, record
from services.console.problems import NotThere
from services.console.rendering import Mistake, show
from services.console.showing import shown_content
from services.ledger.console_views import Deed, View
from services.ledger.worklist import Notice, Place, read_notice, read_worklist
from services.router.receipt_orders import take_typed
from services.runtime.postgres import transaction

pages = APIRouter()
_ROWS = 30
_LATELY = timedelta(days=7)
_SAID = {
    ReceiptStatus.RECEIVED: "Marked as read.",
    ReceiptStatus.ACKNOWLEDGED: "Acknowledged in your name.",
    ReceiptStatus.RECORDED: "Recorded in your name.",
    ReceiptStatus.DONE: "Done, in your name.",
    ReceiptStatus.NOT_OURS: "Returned as not yours. Somebody else is told, or MASH.",
    ReceiptStatus.REFUSED: "Your team's lead is told that you cannot act.",
}
_NOT_MOVED = {
    ReceiptVerdict.REPEATED: "That was said already. Nothing was changed.",
    ReceiptVerdict.SUPERSEDED: "This notice was replaced by a newer one meanwhile. Read it first.",
    ReceiptVerdict.BACKWARDS: "A colleague has gone further already. Nothing was changed.",
    ReceiptVerdict.ENDED: "It has ended already: answered, closed, or taken back.",
}


@pages.get("/worklist")
async def worklist(request: Request) -> Response:
    """What this person's teams have to answer, a page at a time; who reads it is recorded."""
    console, at, person = console_of(request), console_of(request).now(), person_of(request)
    found = await read_worklist(
        console.pool,
        person.recipients,
        at=at,
        since=at - _LATELY,
        after=_place(asked_of(request)),
        limit=_ROWS + 1,
    )
    shown = found.notices[:_ROWS]
    await record(
        request, View(Deed.SAW_WORKLIST, tuple(str(each.notification_id) for each in shown))
    )
    last = shown[-1].place if len(found.notices) > _ROWS else None
    values = {
        "work": found,
        "notices": shown,
        "next": None if last is None else f"{last.respond_by.isoformat()}/{last.duty_id}",
        "is_later_page": "after" in request.query_params,
        "said": _said(request),
    }
    return show(request, "worklist.html", values)


@pages.get("/worklist/{notification_id}")
async def notice(request: Request, notification_id: str) -> Response:
    """One notice in full, with the answers that fit it."""
    return await _page(request, an_id(notification_id))


@pages.post("/worklist/{notification_id}/answer")
async def answer(request: Request, notification_id: str) -> Response:
    """What a named practitioner says, taken as if it had come on the team's topic of receipts."""
    form, console, person = await form_of(request), console_of(request), person_of(request)
    found = await _own(request, an_id(notification_id))
    status, receipt = _receipt(form, an_id(notification_id), person.name, console.now())
    if receipt is None:
        return await _page(request, found.notification_id, form=form, status=400)
    async with transaction(console.pool) as connection:
        at = console.now()
        routing = await console.routing(connection, at=at)
        organisation = str(found.told.get("organisation", "")) or None
        verdict, _ = await take_typed(
            connection, receipt, routing, organisation=organisation, at=at
        )
        things = (str(found.duty_id), str(receipt.notification_id))
        view = View(Deed.ANSWERED, things, outcome=f"{status}: {verdict}")
        await record(request, view, connection)
    if verdict is not ReceiptVerdict.APPLIED:
        told = _NOT_MOVED.get(verdict, "That changes nothing.")
        form.mistakes.append(Mistake("answers", told))
        return await _page(request, found.notification_id, form=form, status=409)
    return RedirectResponse(f"/worklist?said={status}", 303)


def _receipt(
    form: Form, notification_id: UUID, name: str, at: datetime
) -> tuple[ReceiptStatus, Receipt | None]:
    """The receipt that a form gives, or none where the form has mistakes.

    It answers the revision that the page showed, which is in its address: if another came
    meanwhile, that is said.
    """
    try:
        status = ReceiptStatus(form.given.get("status", ""))
    except ValueError:
        raise NotThere("That is no answer to a notice.") from None
    outcome = note = suggested = None
    if status is ReceiptStatus.DONE:
        outcome = form.needed("outcome", "Say what came of it")
    elif status is ReceiptStatus.REFUSED:
        note = form.needed("refused-why", "Say why your team cannot act")
    elif status is ReceiptStatus.NOT_OURS:
        note, suggested = form.short("not-ours-why"), form.text("suggested")
    if form.mistakes:
        return status, None
    try:
        said = Receipt(
            notification_id=notification_id,
            status=status,
            at=at,
            by=name,
            outcome=outcome,
            note=note,
            suggested_recipient=suggested,
        )
    except ValidationError:
        form.mistakes.append(Mistake("answers", "This cannot be taken. Check what you typed"))
        return status, None
    return status, said


async def _page(
    request: Request, notification_id: UUID, *, form: Form | None = None, status: int = 200
) -> Response:
    console, at = console_of(request), console_of(request).now()
    found = await _own(request, notification_id)
    await record(request, View(Deed.SAW_NOTICE, (str(found.duty_id), str(found.notification_id))))
    values = {
        "notice": found,
        "told": found.told,
        "content": shown_content(found.told.get("content") or {}),
        "is_open": found.ended_at is None,
        "is_withdrawn": found.state == "withdrawn" or found.kind == NotificationKind.WITHDRAW,
        "teams": _other_teams(await console.rulebook(), found, at),
        "awaits": found.awaits,
        "asks_act": Ask.ACT in found.asks,
        "typed": form.given if form is not None else {},
    }
    mistakes = form.mistakes if form is not None else []
    return show(request, "notice.html", values, mistakes=mistakes, status=status)


async def _own(request: Request, notification_id: UUID) -> Notice:
    """A notice of this person's own teams; another team's is as if it were not there."""
    console, person = console_of(request), person_of(request)
    found = await read_notice(console.pool, notification_id, person.recipients)
    if found is None:
        raise NotThere("Your teams have no notice by that number. Check the link.")
    return found


def _other_teams(rulebook: Rulebook, found: Notice, at: datetime) -> tuple[Team, ...]:
    """Teams of the same service, one of which it may be."""
    service = found.told.get("service")
    if service is None:
        return ()
    on = at.astimezone(LONDON).date()
    teams = rulebook.directory.teams_everywhere(Service(service), on)
    return tuple(team for team in teams if team.recipient != found.recipient)


def _place(form: Form) -> Place | None:
    after = form.text("after")
    if after is None:
        return None
    at, _, duty_id = after.partition("/")
    try:
        place = Place(datetime.fromisoformat(at.replace(" ", "+")), UUID(duty_id))
    except ValueError:
        return None
    return place if place.respond_by.tzinfo is not None else None


def _said(request: Request) -> str | None:
    asked = request.query_params.get("said")
    return next((words for status, words in _SAID.items() if status.value == asked), None)
