"""Audit: who read and did what in the console."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.console.asking import asked_of
from services.console.parts import console_of, record
from services.console.rendering import show
from services.ledger.console_views import Deed, View, list_views

pages = APIRouter()
_ROWS = 50
_LARGEST = 2**63 - 1


@pages.get("/audit")
async def audit(request: Request) -> Response:
    """What was seen and done, the newest first; of one person, or about one id."""
    console, form = console_of(request), asked_of(request)
    person, thing = form.text("person"), form.text("about")
    found = await list_views(
        console.pool,
        before=_number(form.text("before")),
        subject=person,
        thing=thing,
        limit=_ROWS + 1,
    )
    # what is in no record is whatever somebody typed, and may be anything about anybody
    looked_for = tuple(filter(None, (person, thing))) if found else ()
    await record(request, View(Deed.SAW_AUDIT, looked_for))
    query = {name: text for name, text in (("person", person), ("about", thing)) if text}
    values = {
        "views": found[:_ROWS],
        "typed": {"person": person or "", "about": thing or ""},
        "query": urlencode(query),
        "older": found[_ROWS - 1].view_no if len(found) > _ROWS else None,
        "is_later_page": form.text("before") is not None,
    }
    return show(request, "audit.html", values)


def _number(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdecimal()):
        return None
    return min(int(text[:19]), _LARGEST)
