"""The duties behind a number: of one source, service, home and state, page by page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from routing_rules.told_where import ELSEWHERE, UNKNOWN
from schemas.values import DutyState, Service
from services.console import wording
from services.console.asking import Form, asked_of
from services.console.parts import console_of, record
from services.console.pathways_page import PERIODS, USUAL, names_of_homes
from services.console.rendering import Mistake, show
from services.ledger.console_views import Deed, View
from services.ledger.missed import Cursor, CursorUnusable, read_cursor
from services.ledger.pathways import DutiesAsked, list_duties_behind

pages = APIRouter()
_ROWS = 50
_FIELDS = ("source", "service", "district", "days", "state")
STATES = {
    "standing": "Not withdrawn",
    "open": "Open",
    **{state.value: wording.sentence(state) for state in DutyState},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which duties somebody looks for: as it was typed, as it is understood, and what is wrong."""

    typed: Mapping[str, str]
    which: DutiesAsked
    mistakes: tuple[Mistake, ...]

    @property
    def query(self) -> str:
        """The same for an address, without the place in the list."""
        return urlencode({name: text for name, text in self.typed.items() if text})


@pages.get("/duties")
async def duties(request: Request) -> Response:
    """A page of duties, the last owed first. What is looked for is recorded, and what is shown."""
    console, form = console_of(request), asked_of(request)
    names = names_of_homes(await console.rulebook())
    asked = asked_for(form, names, console.now())
    found = await list_duties_behind(console.pool, asked.which)
    shown = found[:_ROWS]
    things = tuple(str(each.duty_id) for each in shown)
    await record(request, View(Deed.SAW_DUTIES, things, outcome=f"list: {asked.query}"))
    more = Cursor(shown[-1].owed_at, shown[-1].duty_id) if len(found) > _ROWS else None
    values = {
        "rows": shown,
        "typed": asked.typed,
        "query": asked.query,
        "next": None if more is None else str(more),
        "is_later_page": asked.which.before is not None,
        "periods": PERIODS,
        "states": STATES,
        "homes": names,
        "services": wording.service_choices(),
    }
    status = 400 if asked.mistakes else 200
    return show(request, "duties.html", values, mistakes=asked.mistakes, status=status)


def asked_for(form: Form, homes: Mapping[str, str], at: datetime) -> Asked:
    """What an address asks for; what cannot be understood is left out, and said."""
    typed = {name: (form.text(name) or "") for name in _FIELDS}
    typed["state"] = typed["state"] or "standing"
    allowed: Mapping[str, Iterable[str]] = {
        "service": {each.value for each in Service},
        "district": homes,
        "days": PERIODS,
        "state": STATES,
    }
    for name, values in allowed.items():
        if typed[name] and typed[name] not in values:
            form.mistakes.append(Mistake(name, "Choose from the list"))
            typed[name] = ""
    typed["days"] = typed["days"] or USUAL
    home = typed["district"]
    is_out = home == ELSEWHERE
    which = DutiesAsked(
        since=at - timedelta(days=int(typed["days"])),
        source=typed["source"] or None,
        service=typed["service"] or None,
        homes=None if not home or is_out else (None if home == UNKNOWN else home,),
        others_than=tuple(set(homes) - {ELSEWHERE, UNKNOWN}) if is_out else None,
        state=typed["state"] or None,
        before=_before(form),
        limit=_ROWS + 1,
    )
    return Asked(typed, which, tuple(form.mistakes))


def _before(form: Form) -> Cursor | None:
    asked = form.text("after")
    if asked is None:
        return None
    try:
        return read_cursor(asked)
    except CursorUnusable:
        form.mistakes.append(Mistake("days", "That page is not there; this is the first one"))
        return None
