"""One event: what arrived, what was decided and why, and everything that became of it."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from routing_rules.identifying import Identification
from routing_rules.working_time import LONDON
from schemas.nhs_number import checked_nhs_number
from services.console.asking import Form, a_day, an_id, digits, form_of
from services.console.ordering import Ordered, Work, give, seen_of
from services.console.parts import console_of, person_of, record
from services.console.problems import NotThere
from services.console.rendering import Mistake, show
from services.ledger.console_events import EventStory, event_story, identified_in
from services.ledger.console_views import Deed, View
from services.router import case_orders
from services.router.case_orders import WhichEvent
from services.router.orders import Done, Order, OrderRefused
from services.router.routing import Routing
from services.runtime.postgres import Connection

pages = APIRouter()
_WHY = "Say why, so that a review can follow it"
_DONE = {
    Deed.RE_ROUTED: "It was decided again. What is owed now is below.",
    Deed.IDENTIFIED: "The person is identified, and it was decided again.",
}


@pages.get("/events/{occurrence_id}")
async def event(request: Request, occurrence_id: str) -> Response:
    """An occurrence with its events, decisions, duties and timeline."""
    return await _page(request, an_id(occurrence_id))


@pages.post("/events/{occurrence_id}/re-route")
async def re_route(request: Request, occurrence_id: str) -> Response:
    """Decides it again, after the directory or the rules were put right."""
    asked, form = an_id(occurrence_id), await form_of(request)
    why = form.needed("re-route-why", _WHY)
    which = _which(await _story(request, asked))

    async def work(connection: Connection, routing: Routing, order: Order, at: datetime) -> Done:
        return await case_orders.re_route(connection, which, order, routing, at=at)

    ordered = Ordered(Deed.RE_ROUTED, (str(asked),), why)
    return await _order(request, form, asked, ordered, work)


@pages.post("/events/{occurrence_id}/identify")
async def identify(request: Request, occurrence_id: str) -> Response:
    """Says who somebody in it is, by a traced NHS number and date of birth.

    If somebody else has said it since the page was loaded, nothing is changed, and that is said.
    """
    asked, form = an_id(occurrence_id), await form_of(request)
    found = await _story(request, asked)
    traced = _traced(form, found, console_of(request).now().astimezone(LONDON).date())
    why = form.needed("identify-why", "Say how the person was traced")

    async def work(connection: Connection, routing: Routing, order: Order, at: datetime) -> Done:
        assert traced is not None  # noqa: S101 - a form with mistakes gives no order
        done = await case_orders.identify(
            connection, _which(found), traced, order, routing=routing, at=at
        )
        since = (await identified_in(connection, asked))[seen_of(form) or 0 :]
        for each in since if done.changed else ():
            if each.ref == traced.ref and each.identified_by != person_of(request).name:
                raise OrderRefused(f"{each.identified_by} was faster: look who {each.ref} is now")
        return done

    ordered = Ordered(Deed.IDENTIFIED, (str(asked), form.given.get("ref", "")), why)
    return await _order(request, form, asked, ordered, work)


def _traced(form: Form, found: EventStory, today: date) -> Identification | None:
    """Who somebody is, as it was typed: a number may have spaces in it."""
    ref = form.needed("ref", "Choose the person in the event")
    if ref and ref not in found.refs:
        form.mistakes.append(Mistake("ref", "Choose the person in the event"))
    number, born = form.text("nhs-number"), form.text("date-of-birth")
    day = None if born is None else a_day(born)
    try:
        checked = checked_nhs_number(digits(number or ""))
    except ValueError:
        checked = None
        told = "Enter the NHS number: ten digits, as traced"
        form.mistakes.append(Mistake("nhs-number", told))
    if day is None or day > today:
        told = "Enter the date of birth as traced, such as 11/4/2019"
        form.mistakes.append(Mistake("date-of-birth", told))
    return None if day is None or checked is None else Identification(ref, checked, day)


async def _order(
    request: Request, form: Form, occurrence_id: UUID, ordered: Ordered, work: Work
) -> Response:
    if form.mistakes:
        return await _page(request, occurrence_id, form=form, status=400)
    try:
        await give(request, ordered, work)
    except OrderRefused as refused:
        form.mistakes.append(Mistake("actions", f"Nothing was changed: {refused}"))
        return await _page(request, occurrence_id, form=form, status=409)
    return RedirectResponse(f"/events/{occurrence_id}?done={ordered.deed}", 303)


async def _page(
    request: Request, occurrence_id: UUID, *, form: Form | None = None, status: int = 200
) -> Response:
    found = await _story(request, occurrence_id)
    await record(request, View(Deed.SAW_EVENT, (str(occurrence_id),)))
    asked = request.query_params.get("done")
    typed = dict(form.given) if form is not None else {}
    typed.pop("nhs-number", None)  # what was typed of a person is not written into a page again
    typed.pop("date-of-birth", None)
    values = {
        "story": found,
        "names": {each.duty_id: each for each in found.duties},
        "typed": typed,
        "said": next((words for deed, words in _DONE.items() if deed.value == asked), None),
    }
    mistakes = form.mistakes if form is not None else []
    return show(request, "event.html", values, mistakes=mistakes, status=status)


async def _story(request: Request, occurrence_id: UUID) -> EventStory:
    console = console_of(request)
    found = await event_story(console.pool, occurrence_id, at=console.now())
    if found is None:
        raise NotThere("There is no event by that number. Check the link.")
    return found


def _which(found: EventStory) -> WhichEvent:
    return WhichEvent(found.first.id, found.first.source)
