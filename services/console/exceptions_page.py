"""What waits for MASH: without a recipient, or unreadable; who has taken it, and what then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.console import wording
from services.console.asking import Form, an_id, asked_of, form_of
from services.console.ordering import Ordered, Work, give, seen_of
from services.console.parts import console_of, person_of, record
from services.console.rendering import Mistake, show
from services.ledger import receipts
from services.ledger.console_views import Deed, View
from services.ledger.exceptions import (
    ExceptionsAsked,
    Taking,
    Waiting,
    append_taking,
    count_exceptions,
    exception_sources,
    find_exception,
    last_taking,
    list_exceptions,
)
from services.ledger.missed import Cursor, CursorUnusable, read_cursor
from services.router import case_orders, letter_orders
from services.router.orders import Done, Order, OrderRefused
from services.router.routing import Routing
from services.runtime.postgres import Connection, transaction

pages = APIRouter()
_ROWS = 25
_FIELDS = ("waiting", "source", "taken")
WAITING = {Waiting.NO_RECIPIENT: "No recipient", Waiting.UNREADABLE: "Could not be read"}
_TAKEN = {"yes": "Taken by somebody", "no": "Taken by nobody"}
_AGAIN = "what was wrong was put right"
_SAID = {
    Deed.TOOK: "It is yours now. Give it back if you cannot see to it.",
    Deed.GAVE_BACK: "It is nobody's now.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an order, to be said above the list."""

    status: int = 200
    said: str | None = None
    faster: Taking | None = None
    mistakes: list[Mistake] = field(default_factory=list)


@pages.get("/exceptions")
async def exceptions(request: Request) -> Response:
    """A page of what waits, the soonest due first."""
    asked = request.query_params.get("done")
    said = next((words for deed, words in _SAID.items() if deed.value == asked), None)
    return await _page(request, Answer(said=said))


@pages.post("/exceptions/{duty_id}/take")
async def take(request: Request, duty_id: str) -> Response:
    """Says that whoever asks sees to it from now on."""
    return await _change(request, an_id(duty_id), is_taken=True)


@pages.post("/exceptions/{duty_id}/give-back")
async def give_back(request: Request, duty_id: str) -> Response:
    """Says that whoever asks does not see to it any more."""
    return await _change(request, an_id(duty_id), is_taken=False)


@pages.post("/exceptions/{duty_id}/re-process")
async def re_process(request: Request, duty_id: str) -> Response:
    """Reads it again, or decides its event again, after what was wrong was put right."""
    asked, form = an_id(duty_id), await form_of(request)
    async with transaction(console_of(request).pool) as connection:
        found = await find_exception(connection, asked)
    if found is None:
        return await _page(request, Answer(409, said=None, mistakes=[_ended()]))
    occurrence_id, letter_id = found
    if letter_id is not None:
        deed, things, work = Deed.RE_PROCESSED, (str(asked), str(letter_id)), _read(letter_id)
    elif occurrence_id is not None:
        deed, things = Deed.RE_ROUTED, (str(asked), str(occurrence_id))
        work = _decide(occurrence_id)
    else:
        told = "It is about no event. Open it to see what can be done."
        return await _page(request, Answer(409, mistakes=[Mistake("waiting-list", told)]))
    ordered = Ordered(deed, things, form.text("why") or _AGAIN)
    try:
        done = await give(request, ordered, work)
    except OrderRefused as refused:
        told = f"Nothing was changed: {refused}"
        return await _page(request, Answer(409, mistakes=[Mistake("waiting-list", told)]))
    return await _page(request, Answer(said=f"{wording.sentence(done.told)}."))


def _read(letter_id: UUID) -> Work:
    async def work(connection: Connection, routing: Routing, order: Order, at: datetime) -> Done:
        return await letter_orders.re_process(connection, letter_id, order, routing, at=at)

    return work


def _decide(occurrence_id: UUID) -> Work:
    async def work(connection: Connection, routing: Routing, order: Order, at: datetime) -> Done:
        return await case_orders.re_route_occurrence(
            connection, occurrence_id, order, routing, at=at
        )

    return work


async def _change(request: Request, duty_id: UUID, *, is_taken: bool) -> Response:
    """Takes it or gives it back; whoever was faster is not overridden, and both are told."""
    console, person = console_of(request), person_of(request)
    seen = seen_of(await form_of(request))
    async with transaction(console.pool) as connection:
        await receipts.lock_duties(connection, [duty_id])
        if await find_exception(connection, duty_id) is None:
            faster, is_there = None, False
        else:
            last, is_there = await last_taking(connection, duty_id), True
            faster = _faster(last, person.subject, seen, is_taken=is_taken)
            has_it = last is not None and last.is_taken and last.subject == person.subject
            if faster is None and has_it is not is_taken:
                await append_taking(
                    connection, duty_id, person, is_taken=is_taken, at=console.now()
                )
                deed = Deed.TOOK if is_taken else Deed.GAVE_BACK
                await record(request, View(deed, (str(duty_id),)), connection)
    if not is_there:
        return await _page(request, Answer(409, mistakes=[_ended()]))
    if faster is not None:
        return await _page(request, Answer(409, faster=faster))
    return RedirectResponse(f"/exceptions?done={Deed.TOOK if is_taken else Deed.GAVE_BACK}", 303)


def _faster(
    last: Taking | None, subject: str, seen: int | None, *, is_taken: bool
) -> Taking | None:
    """The change that somebody else has made since the page was loaded.

    What somebody else has can be taken over by who has seen that, and given back by nobody else.
    """
    if last is None or last.subject == subject:
        return None
    is_theirs = last.is_taken and not is_taken
    return last if is_theirs or last.taking_no != seen else None


def _ended() -> Mistake:
    return Mistake(
        "waiting-list", "It does not wait any more: it has ended, or never was. Look again"
    )


async def _page(request: Request, answer: Answer) -> Response:
    console, form = console_of(request), asked_of(request)
    which, typed = asked_for(form)
    found = await list_exceptions(console.pool, which)
    shown = found[:_ROWS]
    more = Cursor(shown[-1].respond_by, shown[-1].duty_id) if len(found) > _ROWS else None
    mistakes = [*answer.mistakes, *form.mistakes]
    query = {name: text for name, text in typed.items() if text}
    things = tuple(str(each.duty_id) for each in shown)
    seen = View(Deed.SAW_EXCEPTIONS, things, outcome=f"list: {urlencode(query)}")
    await record(request, seen)
    values = {
        "rows": shown,
        "counts": await count_exceptions(console.pool),
        "typed": typed,
        "query": urlencode(query),
        "next": None if more is None else str(more),
        "is_later_page": which.after is not None,
        "waiting": WAITING,
        "taken": _TAKEN,
        "sources": [(s, wording.publisher(s)) for s in await exception_sources(console.pool)],
        "said": answer.said,
        "faster": answer.faster,
        "me": person_of(request).subject,
    }
    status = answer.status if answer.status != 200 or not form.mistakes else 400
    return show(request, "exceptions.html", values, mistakes=mistakes, status=status)


def asked_for(form: Form) -> tuple[ExceptionsAsked, Mapping[str, str]]:
    """What an address asks for; what cannot be understood is left out, and said."""
    typed = {name: (form.text(name) or "") for name in _FIELDS}
    for name, allowed in (("waiting", set(WAITING)), ("taken", set(_TAKEN))):
        if typed[name] and typed[name] not in allowed:
            form.mistakes.append(Mistake(name, "Choose from the list"))
            typed[name] = ""
    after, text = None, form.text("after")
    if text is not None:
        try:
            after = read_cursor(text)
        except CursorUnusable:
            form.mistakes.append(Mistake("waiting", "That page is not there; this is the first"))
    which = ExceptionsAsked(
        waiting=Waiting(typed["waiting"]) if typed["waiting"] else None,
        source=typed["source"] or None,
        is_taken={"yes": True, "no": False}.get(typed["taken"]),
        after=after,
        limit=_ROWS + 1,
    )
    return which, typed
