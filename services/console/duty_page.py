"""One duty: what became of it, and what a coordinator can do about it."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from routing_rules.directory import Team
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from schemas.values import Service
from services.console.asking import Form, an_id, form_of
from services.console.ordering import Ordered, SomebodyWasFaster, Work, give, seen_of
from services.console.parts import Console, console_of, person_of, record
from services.console.problems import NotThere
from services.console.rendering import Mistake, show
from services.ledger.console_duties import DutyStory, LastTouch, duty_story
from services.ledger.console_views import Deed, View
from services.ledger.missed_causes import Awaits, MissedCause, next_step
from services.router import duty_orders, letter_orders
from services.router.orders import Done, Order, OrderRefused
from services.router.routing import Routing
from services.runtime.postgres import Connection

pages = APIRouter()
_WHY = "Say why, so that a review can follow it"
_DONE = {
    Deed.RESENT: ("The notice is sent again.", "It was sent again already."),
    Deed.HANDED_OVER: ("It is handed over.", "It was handed over to them already."),
    Deed.CLOSED: ("It is closed. Nobody is chased for it.", "It was closed already."),
    Deed.RE_PROCESSED: ("It was read again.", "It was read again already."),
}


@pages.get("/duties/{duty_id}")
async def duty(request: Request, duty_id: str) -> Response:
    """A duty with its story, and the actions that fit it."""
    return await _page(request, an_id(duty_id))


@pages.post("/duties/{duty_id}/resend")
async def resend(request: Request, duty_id: str) -> Response:
    """Sends the last notice once more."""
    asked, form = an_id(duty_id), await form_of(request)
    why = form.needed("resend-why", _WHY)

    async def work(connection: Connection, _: Routing, order: Order, at: datetime) -> Done:
        return await duty_orders.resend(connection, asked, order, at=at)

    return await _order(request, form, _ordered(Deed.RESENT, asked, why, form), work)


@pages.post("/duties/{duty_id}/close")
async def close(request: Request, duty_id: str) -> Response:
    """Closes it: nobody is chased for it any more."""
    asked, form = an_id(duty_id), await form_of(request)
    why = form.needed("close-why", _WHY)

    async def work(connection: Connection, _: Routing, order: Order, at: datetime) -> Done:
        return await duty_orders.close(connection, asked, order, at=at)

    return await _order(request, form, _ordered(Deed.CLOSED, asked, why, form), work)


@pages.post("/duties/{duty_id}/hand-over")
async def hand_over(request: Request, duty_id: str) -> Response:
    """Makes another team of the same service its owner."""
    asked, form = an_id(duty_id), await form_of(request)
    to = form.needed("hand-over-to", "Choose the team that should have it")
    why = form.needed("hand-over-why", _WHY)

    async def work(connection: Connection, routing: Routing, order: Order, at: datetime) -> Done:
        return await duty_orders.hand_over(connection, asked, to, order, routing=routing, at=at)

    return await _order(request, form, _ordered(Deed.HANDED_OVER, asked, why, form, to), work)


@pages.post("/duties/{duty_id}/re-process")
async def re_process(request: Request, duty_id: str) -> Response:
    """Reads its dead letter again, after what was wrong was put right."""
    asked, form = an_id(duty_id), await form_of(request)
    why = form.needed("re-process-why", _WHY)
    found = await _story(console_of(request), asked)
    letter_id = found.duty.dead_letter_id
    if letter_id is None:
        raise NotThere("This duty is about no message that could not be read.")

    async def work(connection: Connection, routing: Routing, order: Order, at: datetime) -> Done:
        return await letter_orders.re_process(connection, letter_id, order, routing, at=at)

    ordered = _ordered(Deed.RE_PROCESSED, asked, why, form, str(letter_id))
    return await _order(request, form, ordered, work)


def _ordered(deed: Deed, duty_id: UUID, why: str, form: Form, *others: str) -> Ordered:
    return Ordered(deed, (str(duty_id), *others), why, duty_id, seen_of(form))


async def _order(request: Request, form: Form, ordered: Ordered, work: Work) -> Response:
    assert ordered.duty_id is not None  # noqa: S101 - every order of this page is about one
    if form.mistakes:
        return await _page(request, ordered.duty_id, form=form, status=400)
    try:
        done = await give(request, ordered, work)
    except SomebodyWasFaster as faster:
        return await _page(request, ordered.duty_id, form=form, faster=faster.touch, status=409)
    except OrderRefused as refused:
        form.mistakes.append(Mistake("actions", f"Nothing was changed: {refused}"))
        return await _page(request, ordered.duty_id, form=form, status=409)
    outcome = "" if done.changed else "&again=yes"
    return RedirectResponse(f"/duties/{ordered.duty_id}?done={ordered.deed}{outcome}", 303)


async def _page(
    request: Request,
    duty_id: UUID,
    *,
    form: Form | None = None,
    faster: LastTouch | None = None,
    status: int = 200,
) -> Response:
    console, at = console_of(request), console_of(request).now()
    found = await _story(console, duty_id)
    await record(request, View(Deed.SAW_DUTY, (str(duty_id),)))
    one = found.duty
    people = [each for each in found.changes if each.changed_by not in {"router", "watch", "relay"}]
    cause = MissedCause(one.cause) if one.cause else None
    awaits = Awaits(one.awaits) if one.awaits else Awaits.NOTHING
    values = {
        "story": found,
        "duty": one,
        "teams": _other_teams(await console.rulebook(), found, at),
        "seen": people[-1].change_no if people else "",
        "is_open": one.ended_at is None,
        "next_step": next_step(cause, awaits, has_ended=one.ended_at is not None) if cause else "",
        "faster": faster,
        "typed": form.given if form is not None else {},
        "said": _said(request),
        "me": person_of(request).name,
    }
    mistakes = form.mistakes if form is not None else []
    return show(request, "duty.html", values, mistakes=mistakes, status=status)


async def _story(console: Console, duty_id: UUID) -> DutyStory:
    found = await duty_story(console.pool, duty_id, at=console.now())
    if found is None:
        raise NotThere("There is no duty by that number. Check the link.")
    return found


def _other_teams(rulebook: Rulebook, found: DutyStory, at: datetime) -> tuple[Team, ...]:
    """The teams that the duty could be handed to."""
    service = Service(found.duty.instead_of or found.duty.service)
    on = at.astimezone(LONDON).date()
    teams = rulebook.directory.teams_everywhere(service, on)
    return tuple(team for team in teams if team.recipient != found.duty.recipient)


def _said(request: Request) -> str | None:
    """What came of the last order, after the browser was sent back to the page."""
    asked = request.query_params.get("done")
    told = next((words for deed, words in _DONE.items() if deed.value == asked), None)
    return None if told is None else told[1 if "again" in request.query_params else 0]
