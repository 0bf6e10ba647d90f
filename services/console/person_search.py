"""Person: finding one by what is exactly known, for a reason that is recorded before anything."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from routing_rules.working_time import LONDON
from schemas.nhs_number import checked_nhs_number
from schemas.person import Name
from services.console.asking import Form, asked_of, digits, form_of
from services.console.parts import console_of, person_of, record
from services.console.problems import TooOften
from services.console.rendering import Mistake, show
from services.ledger.console_views import Deed, View
from services.ledger.person_finding import Finder, Found, Several
from services.ledger.person_looks import Look, begin_look
from services.runtime.postgres import transaction

pages = APIRouter()
WAYS = (
    ("number", "NHS number"),
    ("reference", "Event reference"),
    ("name", "Name and date of birth"),
)
REASONS = (
    ("review", "Case review"),
    ("concern", "Concern about the person now"),
    ("team", "A team asks about a notice"),
    ("complaint", "Complaint, or a request by the person"),
    ("audit", "Audit of who was told"),
    ("other", "Another reason"),
)
_NOBODY = "nobody"
_SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; `way` is one of the three, and says which parts are given."""

    way: str
    reason: str
    number: str = ""
    born: date = date.min
    name: Name | None = None
    reference: str = ""
    ref: str = ""


@pages.get("/person")
async def person(request: Request) -> Response:
    """The form by which one person is found. There is no list, and no part of a name is taken."""
    return _page(request, _way(asked_of(request)))


@pages.post("/person")
async def find(request: Request) -> Response:
    """Finds one person, and leads to an address that only this session can open for a while."""
    form, console, at = await form_of(request), console_of(request), console_of(request).now()
    await not_too_often(request)
    way = _way(form)
    asked = _asked(form, way, at)
    if form.mistakes:
        return _page(request, way, form=form, status=400)
    look_id = uuid4()
    async with transaction(console.pool) as connection:
        rulebook = (await console.rulebooks.read(connection, at=at)).rulebook
        try:
            found = await _find(Finder(connection, rulebook, at), asked)
        except Several:
            found, outcome = None, _SEVERAL
        else:
            outcome = _NOBODY if found is None else "one person"
        if found is not None:
            look = Look(look_id, found, asked.reason, at)
            await begin_look(connection, look, secret_of(request))
        things = () if found is None else (str(look_id),)
        told = f"by {way}: found {outcome}"
        await record(request, View(Deed.SEARCHED_PERSON, things, asked.reason, told), connection)
    if found is None:
        return _page(request, way, form=form, outcome=outcome)
    return RedirectResponse(f"/person/{look_id}", 303)


async def not_too_often(request: Request) -> None:
    """Counts a search of this person and from this address. Raises `TooOften`, recorded as well."""
    console, at = console_of(request), console_of(request).now()
    address = request.client.host if request.client else "unknown"
    if console.person_rate.allows(
        person_of(request).subject, at
    ) and console.person_address_rate.allows(address, at):
        return
    await record(request, View(Deed.SEARCHED_PERSON, outcome="refused: too often"))
    raise TooOften(
        "You have looked for many people in a short time. Wait a minute, then search again. If you "
        "need to look at many people, ask your auditor for a report instead."
    )


def secret_of(request: Request) -> str:
    """The secret of the session, to which what was found is bound."""
    return console_of(request).cookies.session_of(request) or ""


async def _find(finder: Finder, asked: Asked) -> Found:
    match asked.way:
        case "number":
            return await finder.by_number(asked.number, asked.born)
        case "name":
            assert asked.name is not None  # noqa: S101 - this way always gives one
            return await finder.by_name(asked.name, asked.born)
        case _:
            return await finder.by_reference(asked.reference, asked.ref)


def _asked(form: Form, way: str, at: datetime) -> Asked:
    number, born, name = "", date.min, None
    reference = ref = ""
    if way == "number":
        number = _number(form)
    if way == "name":
        given = form.needed("given", "Enter the given name, in full")
        family = form.needed("family", "Enter the family name, in full")
        name = Name(given=given, family=family) if given and family else None
    if way == "reference":
        reference = form.needed("reference", "Enter the reference of the event")
        ref = form.needed("ref", "Enter the person's reference in the event, such as p1")
    else:
        born = _born(form, at.astimezone(LONDON).date())
    reason = _reason(form)
    return Asked(way, reason, number, born, name, reference, ref)


def _number(form: Form) -> str:
    typed = digits(form.text("nhs-number") or "")
    try:
        return checked_nhs_number(typed)
    except ValueError:
        told = "Enter the NHS number: it has 10 digits"
        if len(typed) == 10 and typed.isdecimal():
            told = "Check the NHS number: a digit is wrong, or two are the wrong way round"
        form.mistakes.append(Mistake("nhs-number", told))
        return ""


def _born(form: Form, today: date) -> date:
    """A date of birth from three fields."""
    parts = {name: form.text(f"born-{name}") for name in ("day", "month", "year")}
    missing = [name for name, typed in parts.items() if typed is None]
    told = None
    if len(missing) == 3:
        told = "Enter the date of birth"
    elif missing:
        told = f"The date of birth must include a {' and a '.join(missing)}"
    else:
        born = _day(parts)
        if born is None:
            told = "The date of birth must be a real date, such as 11 4 2019"
        elif born > today:
            told = "The date of birth must be in the past. An unborn child has an event reference"
        else:
            return born
    form.mistakes.append(Mistake(f"born-{missing[0] if missing else 'day'}", told))
    return date.min


def _day(parts: dict[str, str | None]) -> date | None:
    typed = [parts["year"] or "", parts["month"] or "", parts["day"] or ""]
    if len(typed[0]) != 4 or not all(each.isascii() and each.isdecimal() for each in typed):
        return None
    try:
        return date(*map(int, typed))
    except ValueError:
        return None


def _reason(form: Form) -> str:
    names = dict(REASONS)
    chosen = form.text("reason") or ""
    if chosen not in names:
        form.mistakes.append(Mistake("reason", "Choose why you look at this person"))
        return ""
    words = form.short("reason-words")
    if chosen == "other" and words is None:
        form.mistakes.append(Mistake("reason-words", "Say why you look at this person"))
    return names[chosen] if words is None else f"{names[chosen]}: {words}"


def _way(form: Form) -> str:
    asked = form.given.get("by", "")
    return asked if asked in dict(WAYS) else WAYS[0][0]


def _page(
    request: Request, way: str, *, form: Form | None = None, outcome: str = "", status: int = 200
) -> Response:
    """What was typed stands in it again: nobody should have to type a number twice at night."""
    values = {
        "way": way,
        "ways": WAYS,
        "reasons": REASONS,
        "typed": form.given if form is not None else {},
        "outcome": outcome,
        "can_search": True,
    }
    mistakes = form.mistakes if form is not None else []
    return show(request, "person_search.html", values, mistakes=mistakes, status=status)
