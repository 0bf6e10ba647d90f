"""What if: an invented event, and who would be told of it, when, and why not others.

Nothing of it is stored, logged or recorded but that somebody tried, and under which rulebook.
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from routing_rules.rulebook import Rulebook
from services.console.asking import Form, asked_of
from services.console.parts import console_of, record
from services.console.rendering import Mistake, show
from services.console.rules_page import asked_rulebook
from services.console.trying import Tried, Untryable, try_event
from services.console.wording import sentence
from services.ledger.console_views import Deed, View
from services.ledger.rulebook_record import SHORT

pages = APIRouter()
_EXAMPLES = Path(__file__).parent / "examples"
_LARGEST = 50_000


@pages.get("/rules/what-if")
async def what_if(request: Request) -> Response:
    """A form with an example to begin with."""
    form = asked_of(request)
    rulebook = await asked_rulebook(request, form)
    typed = {"event": examples().get(form.text("example") or "", ""), "known": ""}
    return await _page(request, rulebook, form, typed)


@pages.post("/rules/what-if")
async def tried(request: Request) -> Response:
    """What would come of an event: worked out, shown, and forgotten."""
    form, sent = await _sent(request)
    rulebook = await asked_rulebook(request, form)
    await record(request, View(Deed.TRIED_WHAT_IF, (rulebook.content_hash,)))
    typed = {"event": _shown(sent["event"]), "known": _shown(sent["known"])}
    for name, body in sent.items():
        if len(body) > _LARGEST:
            told = f"Use {_LARGEST // 1000:,} kilobytes or less: one event is far smaller"
            form.mistakes.append(Mistake(name, told))
            typed[name] = ""
    if not form.mistakes:
        try:
            found = await asyncio.to_thread(try_event, rulebook, sent["event"], sent["known"])
        except Untryable as problem:
            form.mistakes += [Mistake(problem.field, each) for each in problem.told]
        else:
            return await _page(request, rulebook, form, typed, found=found)
    return await _page(request, rulebook, form, typed)


async def _sent(request: Request) -> tuple[Form, Mapping[str, bytes]]:
    """The form's texts, and the event and earlier events as bytes; a file goes before the text."""
    given: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for name, value in (await request.form()).items():
        if isinstance(value, UploadFile):
            files[name] = await value.read()
            await value.close()
        else:
            given[name] = value
    texts = {name: given.get(name, "").encode(errors="replace") for name in ("event", "known")}
    return Form(given), {"event": files.get("file") or texts["event"], "known": texts["known"]}


async def _page(
    request: Request,
    rulebook: Rulebook,
    form: Form,
    typed: Mapping[str, str],
    *,
    found: Tried | None = None,
) -> Response:
    console = console_of(request)
    kept = await console.rules.record()
    live = kept.live(console.now())
    open_ones = [each.content_hash for each in reversed(kept.proposals) if each.is_open]
    if rulebook.content_hash not in open_ones and form.text("version"):
        open_ones.append(rulebook.content_hash)
    choices = [
        (each, f"Proposed: {kept.named(each)}")
        for each in dict.fromkeys(open_ones)
        if live is None or each != live.content_hash
    ]
    values = {
        "rulebook": rulebook,
        "short_hash": rulebook.content_hash[:SHORT],
        "examples": [(name, _title(name)) for name in examples()],
        "versions": choices,
        "typed": {**typed, "version": form.text("version") or "", "example": ""},
        "found": found,
        "kilobytes": _LARGEST // 1000,
    }
    mistakes: Sequence[Mistake] = form.mistakes
    status = 400 if mistakes else 200
    return show(request, "what_if.html", values, mistakes=mistakes, status=status)


@cache
def examples() -> Mapping[str, str]:
    """An example of each kind of event, by name, as publishers are shown them."""
    return {path.stem: path.read_text("utf-8") for path in sorted(_EXAMPLES.glob("*.json"))}


def _title(name: str) -> str:
    return sentence(name)


def _shown(body: bytes) -> str:
    """As it is written back into the form."""
    return body.decode(errors="replace").replace("\0", "\ufffd")
