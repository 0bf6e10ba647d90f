"""Pages from templates: NHS design system components, escaped, with what every page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader

from services.console import wording
from services.console.access import may_open
from services.console.assets import Assets
from services.console.cookies import form_token
from services.console.parts import console_of
from services.ledger.console_sessions import Person

_TEMPLATES = Path(__file__).parent / "templates"
_FILTERS = {
    "plain": wording.plain,
    "sentence": wording.sentence,
    "event": wording.event_words,
    "publisher": wording.publisher,
    "cause": wording.cause_words,
    "district": wording.district_name,
    "handling": wording.handling_words,
    "clock": wording.clock,
    "day": wording.day,
    "day_of": wording.day_of,
    "london": wording.london,
    "short": wording.short,
    "exactly": wording.exactly,
    "age": wording.age,
    "nhs_number": wording.spaced_nhs_number,
}
_MENU = (
    ("/now", "Now"),
    ("/missed", "Missed"),
    ("/pathways", "Pathways"),
    ("/exceptions", "Exceptions"),
    ("/person", "Person"),
    ("/worklist", "Worklist"),
    ("/sources", "Sources"),
    ("/rules", "Rules"),
    ("/audit", "Audit"),
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a form: the id of the field, and what to do about it."""

    field: str
    told: str


def make_templates(assets: Assets) -> Environment:
    """The environment of all pages; whatever is shown is escaped."""
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(_TEMPLATES), PackageLoader("nhsuk_frontend_jinja")]),
        undefined=ChainableUndefined,  # as the design system's templates want it
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_FILTERS)
    environment.globals.update(
        asset=assets.address, counted=wording.counted, due_words=wording.due_words
    )
    return environment


def menu_of(person: Person | None) -> Sequence[tuple[str, str]]:
    """The pages that somebody may open from the menu, in order."""
    if person is None:
        return ()
    return [
        (path, name)
        for path, name in _MENU
        if may_open(person.roles, "GET", path)
        and not (path == "/missed" and not may_open(person.roles, "GET", "/missed.csv"))
    ]


def show(
    request: Request,
    template: str,
    values: Mapping[str, object] | None = None,
    *,
    status: int = 200,
    mistakes: Sequence[Mistake] = (),
) -> HTMLResponse:
    """A page for whoever asks; with mistakes it begins with a summary of them."""
    return HTMLResponse(render(request, template, values, mistakes=mistakes), status)


def render(
    request: Request,
    template: str,
    values: Mapping[str, object] | None = None,
    *,
    mistakes: Sequence[Mistake] = (),
) -> str:
    """The text of a page, or of a part of one."""
    console = console_of(request)
    person: Person | None = getattr(request.state, "person", None)
    secret = console.cookies.session_of(request)
    return console.templates.get_template(template).render(
        {
            "person": person,
            "menu": menu_of(person),
            "here": f"/{request.url.path.split('/')[1]}",
            "token": form_token(secret) if person is not None and secret is not None else "",
            "is_demonstration": console.settings.demonstration,
            "now": console.now(),
            "mistakes": mistakes,
            "wrong": {mistake.field: mistake.told for mistake in mistakes},
            "can_act": person is not None
            and may_open(person.roles, "POST", "/duties/{duty_id}/close"),
            "can_see_events": person is not None
            and may_open(person.roles, "GET", "/events/{occurrence_id}"),
            "can_try": person is not None and may_open(person.roles, "POST", "/rules/what-if"),
            "can_sign": person is not None and may_open(person.roles, "POST", "/rules/roll-back"),
            **(values or {}),
        }
    )
