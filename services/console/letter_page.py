"""What could not be read, as it arrived: for a coordinator who says why, and on the record."""

import json
from contextlib import suppress

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.console.asking import Form, an_id, form_of
from services.console.parts import console_of, record
from services.console.problems import NotThere
from services.console.rendering import show
from services.ledger.console_views import Deed, View
from services.ledger.exceptions import Letter, letter_of_duty
from services.ledger.jsonb import from_json
from services.runtime.postgres import transaction

pages = APIRouter()
_WHY = "Say why you need to read it, so that a review can follow it"
_MOST = 100_000


@pages.get("/exceptions/{duty_id}/content")
async def ask(request: Request, duty_id: str) -> Response:
    """Asks for the reason; it shows why the message could not be read, and nothing of it."""
    return await _asking(request, duty_id, Form({}))


@pages.post("/exceptions/{duty_id}/content")
async def content(request: Request, duty_id: str) -> Response:
    """Shows it, once the reason is on the record in the same transaction. No browser keeps it."""
    asked, form = an_id(duty_id), await form_of(request)
    why = form.needed("why", _WHY)
    if form.mistakes:
        return await _asking(request, duty_id, form, status=400)
    async with transaction(console_of(request).pool) as connection:
        letter = _there(await letter_of_duty(connection, asked))
        things = (str(asked), str(letter.dead_letter_id))
        await record(request, View(Deed.SAW_LETTER, things, why), connection)
    shown, is_whole = readable(letter.body)
    values = {
        "letter": letter,
        "duty_id": asked,
        "text": shown,
        "is_whole": is_whole,
        "headers": from_json(letter.headers) if letter.headers else [],
        "why": why,
    }
    return show(request, "letter.html", values)


async def _asking(request: Request, duty_id: str, form: Form, *, status: int = 200) -> Response:
    asked = an_id(duty_id)
    async with transaction(console_of(request).pool) as connection:
        letter = _there(await letter_of_duty(connection, asked))
    values = {"letter": letter, "duty_id": asked, "typed": form.given}
    mistakes = form.mistakes
    return show(request, "letter_ask.html", values, mistakes=mistakes, status=status)


def _there(letter: Letter | None) -> Letter:
    if letter is None:
        raise NotThere("There is no message by that number that could not be read.")
    return letter


def readable(body: bytes | None) -> tuple[str | None, bool]:
    """Bytes as text, JSON with a line for each part; and whether that is all of it.

    What is no text is replaced by a sign. None where nothing was kept.
    """
    if body is None:
        return None, True
    text = body.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):  # what is no JSON is shown as it is
        parts = json.loads(text, object_pairs_hook=_each_once, parse_float=_as_it_is)
        text = json.dumps(parts, indent=2, ensure_ascii=False)
    return text[:_MOST], len(text) <= _MOST


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Raises `ValueError` where a name stands twice, since one of the two would not be seen."""
    parts = dict(pairs)
    if len(parts) != len(pairs):
        raise ValueError("a name stands twice")
    return parts


def _as_it_is(number: str) -> float:
    """Raises `ValueError` for a number that would be written differently."""
    if repr(float(number)) != number:
        raise ValueError("a number would change")
    return float(number)
