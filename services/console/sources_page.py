"""Sources: whether anything is missing of what each of them sent, and what is wrong now."""

from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from routing_rules.working_time import LONDON
from services.console.asking import a_day, asked_of
from services.console.parts import console_of
from services.console.rendering import Mistake, show
from services.ledger.source_statements import in_a_sentence, sources_on

pages = APIRouter()


@pages.get("/sources")
async def sources(request: Request) -> Response:
    """What can be said of each source and a day in London, today unless another is asked for."""
    console, form = console_of(request), asked_of(request)
    today = console.now().astimezone(LONDON).date()
    day, mistakes = _asked(form.text("day"), today)
    rulebook = await console.rulebook()
    found = await sources_on(console.pool, rulebook, day)
    contacts = {source.publisher: source.contact for source in rulebook.settings.sources}
    values = {
        "day": day,
        "is_today": day == today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "statements": [(each, in_a_sentence(each)) for each in found.statements],
        "findings": found.findings,
        "contacts": contacts,
        "missing": sum(1 for each in found.statements if each.is_complete is False),
        "typed_day": form.given.get("day", ""),
    }
    status = 400 if mistakes else 200
    return show(request, "sources.html", values, mistakes=mistakes, status=status)


def _asked(typed: str | None, today: date) -> tuple[date, list[Mistake]]:
    if typed is None:
        return today, []
    day = a_day(typed)
    if day is None:
        return today, [Mistake("day", "Enter a day such as 6/3/2026")]
    if day > today:
        return today, [Mistake("day", "Enter today or a day before it")]
    return day, []
