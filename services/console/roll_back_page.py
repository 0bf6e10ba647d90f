"""Going back to an earlier version: what it does is read first, and then exactly that is done."""

from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.console.asking import Form, asked_of, form_of
from services.console.parts import console_of, person_of, record
from services.console.rendering import Mistake, show
from services.console.returning import Return
from services.console.rule_ordering import give_rule_order
from services.console.rules_standing_pages import (
    PATIENCE,
    being_worked_out,
    today,
    versions_page,
)
from services.console.workshop import WorkLost, WorkRefused
from services.ledger import rulebook_orders
from services.ledger.console_views import Deed, View
from services.ledger.rulebook_allowed import (
    Signer,
    Standing,
    standing,
    version_to_roll_back_to,
)
from services.ledger.rulebook_orders import Ordered
from services.ledger.rulebook_record import SHORT, Record, VersionRefused
from services.ledger.rulebooks import RulebookNotKept, RulebookOutdated
from services.runtime.postgres import Connection

pages = APIRouter()
_CHOOSE = "Choose the version to go back to"
_REFUSED = (VersionRefused, RulebookNotKept, RulebookOutdated)
_Seen = tuple[Return | None, str | None]
"""What it does; else why that is not shown; neither while it is worked out."""


@pages.get("/rules/roll-back")
async def what_it_does(request: Request) -> Response:
    """What going back to a version does, above the button."""
    form = asked_of(request)
    target = form.needed("to", _CHOOSE)
    if form.mistakes:
        return await versions_page(request, form=form, status=400)
    try:
        return await _page(request, target, form)
    except _REFUSED as refused:
        return await _refused(request, form, refused)


@pages.post("/rules/roll-back")
async def roll_back(request: Request) -> Response:
    """Makes an earlier version live, at once; one person is enough (ADR 15)."""
    form, console = await form_of(request), console_of(request)
    target = form.needed("to", _CHOOSE)
    why = form.needed("roll-back-why", "Say why, so that a review can follow it")
    shown = Standing(form.text("live"), form.text("scheduled"))

    async def work(connection: Connection, signer: Signer, at: datetime) -> Ordered:
        return await rulebook_orders.roll_back(connection, target, signer, at=at, shown=shown)

    try:
        if form.mistakes and target:
            return await _page(request, target, form, status=400)
        if form.mistakes:
            return await versions_page(request, form=form, status=400)
        # what this release cannot load would not be taken up by any router
        await console.rules.version(target)
        done = await give_rule_order(request, Deed.ROLLED_BACK_RULEBOOK, target, why, work)
    except _REFUSED as refused:
        return await _refused(request, form, refused)
    again = "" if done.changed else "&again=yes"
    return RedirectResponse(f"/rules/versions?done=rolled-back{again}", 303)


async def _page(request: Request, asked: str, form: Form, *, status: int = 200) -> Response:
    """Raises `VersionRefused`, `RulebookNotKept` and `RulebookOutdated`."""
    console = console_of(request)
    found, at = await console.rules.record(), console.now()
    target, stands = version_to_roll_back_to(found, asked, at), standing(found, at)
    if stands == Standing(target, None):
        raise VersionRefused(f"{found.named(target)} is live already")
    await console.rules.version(target)
    seen, unread = await _seen(request, target, stands, is_unread="unread" in form.given)
    if seen is None and unread is None:
        if status == 200:
            return _wait(request, found, target)
        unread = "it is being worked out still"
    things = (target, *([stands.live] if stands.live else []))
    await record(request, View(Deed.SAW_ROLL_BACK, things, outcome=unread))
    values = {
        "record": found,
        "target": target,
        "short_hash": target[:SHORT],
        "live": found.live(at),
        "scheduled": found.scheduled(at),
        "seen": seen,
        "unread": unread,
        "typed": dict(form.given),
        "me": person_of(request).name,
    }
    return show(request, "roll_back.html", values, mistakes=form.mistakes, status=status)


async def _seen(request: Request, target: str, stands: Standing, *, is_unread: bool) -> _Seen:
    """What it does, unless nobody wants to wait for it or it cannot be said."""
    console = console_of(request)
    if is_unread:
        return None, "you did not wait for it"
    if stands.live is None or stands.live == target:
        return None, "it is live already, and stays so"
    try:
        on = today(console.now())
        return await console.rules.going_back(target, stands.live, on, seconds=PATIENCE), None
    except (WorkRefused, RulebookNotKept) as refused:
        return None, str(refused)
    except WorkLost:  # nothing that tells of the way back may stand in it
        return None, "it could not be worked out"


def _wait(request: Request, found: Record, target: str) -> Response:
    past = f"/rules/roll-back?{urlencode({'to': target, 'unread': 'yes'})}"
    return being_worked_out(
        request,
        f"Go back to {found.named(target)}",
        "It is compared with what is live over every event that there could be, and the promises "
        "of what is live are proved by it.",
        instead=(past, "Do not wait: go back without reading what it does"),
    )


async def _refused(request: Request, form: Form, refused: Exception) -> Response:
    told = str(refused).splitlines()[0]
    form.mistakes.append(Mistake("roll-back", f"Nothing was changed: {told}"))
    return await versions_page(request, form=form, status=409)
