"""One person over time, the household by links, and the timeline to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from routing_rules.rulebook import Rulebook
from services.console.asking import Form, an_id, asked_of, form_of
from services.console.parts import console_of, person_of, record
from services.console.person_print import Printed, print_aside
from services.console.person_search import not_too_often, secret_of
from services.console.person_wording import ShownLine, shown_lines, title_of
from services.console.problems import NotThere
from services.console.rendering import show
from services.ledger.console_views import Deed, View
from services.ledger.person_looks import Handle, Look, begin_look, read_look
from services.ledger.person_story import (
    Line,
    PersonStory,
    Place,
    person_story,
    recipients_of,
    timeline,
)
from services.runtime.postgres import Connection, transaction

pages = APIRouter()
LINES = 100
_PRINTED_LINES = 2000
_PRINTED_DUTIES = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """A look with what it shows."""

    look: Look
    story: PersonStory
    lines: tuple[Line, ...]
    shown: tuple[ShownLine, ...]
    is_cut: bool


@pages.get("/person/{look_id}")
async def person(request: Request, look_id: str) -> Response:
    """Everything about one person that may be shown; recorded before it is."""
    console, after = console_of(request), _place(asked_of(request))
    async with transaction(console.pool) as connection:
        look, rulebook, at = await _look(request, connection, an_id(look_id))
        story = await person_story(connection, look.handle, rulebook, at=at)
        opened = await _opened(connection, look, story, after=after, most=LINES)
        view = View(Deed.SAW_PERSON, (str(look.look_id), *story.things), look.reason)
        await record(request, view, connection)
    last = opened.lines[-1].position if opened.is_cut else None
    links = [*_links(look, story)]
    values = {
        "look": look,
        "story": story,
        "title": title_of(story),
        "lines": opened.shown,
        "next": None if last is None else "/".join(map(str, (last.at.isoformat(), *last[1:]))),
        "is_later_page": after != Place(),
        "relatives": [*zip(links, story.relatives, strict=False)],
        "unborn": links[len(story.relatives) :],
        "by_occurrence": {each.occurrence_id: each for each in story.occurrences},
        "missed": [each for each in story.duties if each.cause is not None],
    }
    return show(request, "person.html", values)


@pages.post("/person/{look_id}/open")
async def open_relative(request: Request, look_id: str) -> Response:
    """Goes on to somebody to whom the page has a link: a look of its own, recorded as one."""
    form, console = await form_of(request), console_of(request)
    await not_too_often(request)
    wanted = form.given.get("whom", "")
    async with transaction(console.pool) as connection:
        look, rulebook, at = await _look(request, connection, an_id(look_id))
        story = await person_story(connection, look.handle, rulebook, at=at)
        handles = _links(look, story)
        if wanted not in handles:
            raise NotThere("There is no such link on the page of this person any more.")
        following = Look(uuid4(), handles[wanted], look.reason, at)
        await begin_look(connection, following, secret_of(request))
        things = (str(look.look_id), str(following.look_id))
        await record(request, View(Deed.OPENED_RELATIVE, things, look.reason), connection)
    return RedirectResponse(f"/person/{following.look_id}", 303)


@pages.post("/person/{look_id}/timeline.pdf")
async def printed(request: Request, look_id: str) -> Response:
    """The same as a document for a review. Who printed it, when and why stands in it."""
    console = console_of(request)
    async with transaction(console.pool) as connection:
        look, rulebook, at = await _look(request, connection, an_id(look_id))
        story = await person_story(
            connection, look.handle, rulebook, at=at, most_duties=_PRINTED_DUTIES
        )
        opened = await _opened(connection, look, story, after=Place(), most=_PRINTED_LINES)
        view = View(Deed.PRINTED_PERSON, (str(look.look_id), *story.things), look.reason)
        await record(request, view, connection)
    document = Printed(
        story=story,
        lines=opened.shown,
        is_cut=opened.is_cut or story.is_cut,
        by=person_of(request).name,
        at=at,
        reason=look.reason,
        rulebooks=tuple(dict.fromkeys(each.by for each in opened.lines if each.kind == "decision")),
    )
    headers = {"content-disposition": f'attachment; filename="timeline-{look.look_id.hex[:8]}.pdf"'}
    return Response(await print_aside(document), media_type="application/pdf", headers=headers)


async def _look(
    request: Request, connection: Connection, look_id: UUID
) -> tuple[Look, Rulebook, datetime]:
    """The look of this session, the rulebook that is live, and now."""
    console, at = console_of(request), console_of(request).now()
    look = await read_look(connection, look_id, secret_of(request), at=at)
    if look is None:
        raise NotThere(
            "A person can be looked at for 30 minutes after they were found, by whoever found "
            "them. Find the person again."
        )
    return look, (await console.rulebooks.read(connection, at=at)).rulebook, at


async def _opened(
    connection: Connection, look: Look, story: PersonStory, *, after: Place, most: int
) -> Opened:
    found = await timeline(connection, story, after=after, limit=most + 1)
    lines = found[:most]
    named = await recipients_of(connection, lines)
    return Opened(look, story, lines, shown_lines(lines, named), len(found) > most)


def _links(look: Look, story: PersonStory) -> dict[str, Handle]:
    """To whom the page leads, by what names each in its forms, relatives before the unborn.

    It is their place, with a mark that tells whether they still have it. The mark is short: of a
    whole digest of an NHS number somebody could find the number, by trying all that there are.
    """
    whom = (*(Handle(each.nhs_number) for each in story.relatives), *story.unborn)
    return {f"{place}_{_mark(look, each)}": each for place, each in enumerate(whom)}


def _mark(look: Look, handle: Handle) -> str:
    told = f"{handle.nhs_number}|{handle.occurrence_id}|{handle.ref}"
    return uuid5(look.look_id, told).hex[:4]


def _place(form: Form) -> Place:
    """A place in the timeline from an address; the beginning, if it is none."""
    parts: Sequence[str] = (form.text("after") or "").split("/")
    try:
        at, kind, place, belongs_to = parts
        found = Place(
            datetime.fromisoformat(at.replace(" ", "+")), kind, int(place), UUID(belongs_to)
        )
    except ValueError:
        return Place()
    return found if found.at.tzinfo is not None and abs(found.place) < 2**63 else Place()
