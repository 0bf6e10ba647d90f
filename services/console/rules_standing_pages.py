"""What stands behind the rules: promises and their proof, the directory, and the versions."""

from collections import Counter
from datetime import date, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from routing_rules.promises import Promise
from routing_rules.proof import Verdict
from routing_rules.working_time import LONDON
from services.console.asking import Form, a_day, asked_of
from services.console.directory_words import cells, handler_lines, team_lines
from services.console.parts import console_of
from services.console.problems import NotThere
from services.console.rendering import Mistake, show
from services.console.rule_words import promised
from services.console.rules_page import asked_rulebook, version_values
from services.console.workshop import WorkRefused
from services.ledger.rulebook_record import SHORT, Record
from services.ledger.rulebook_watching import unfit_processes
from services.runtime.postgres import reading

pages = APIRouter()
PATIENCE = 1.0
"""So many seconds a page waits for what is being worked out, before it says so."""
_AGAIN = {"refresh": "3"}


@pages.get("/rules/promises")
async def promises(request: Request) -> Response:
    """Every promise with its verdict today, its gaps, and what else deserves a look."""
    form, console = asked_of(request), console_of(request)
    rulebook = await asked_rulebook(request, form)
    on = today(console.now())
    try:
        survey = await console.rules.survey(rulebook.content_hash, None, on, seconds=PATIENCE)
    except WorkRefused as refused:
        raise NotThere(f"It cannot be proved: {refused}.") from None
    if survey is None:
        return being_worked_out(request, "Promises", "Every promise is proved over every event.")
    verdict, text = form.text("verdict") or "", (form.text("text") or "").casefold()
    found = [
        each
        for each in survey.promises
        if verdict in ("", each.verdict.value)
        and all(word in _searched(each.promise) for word in text.split())
    ]
    values = {
        **version_values(rulebook, form),
        "survey": survey,
        "found": [(each, promised(each.promise)) for each in found],
        "verdicts": [(each.value, each.value.capitalize()) for each in Verdict],
        "counts": Counter(each.verdict.value for each in survey.promises),
        "typed": {"verdict": verdict, "text": text},
    }
    return show(request, "promises.html", values)


@pages.get("/rules/directory")
async def directory(request: Request) -> Response:
    """Who serves whom, where and when, on a day; and where nobody does."""
    form, console = asked_of(request), console_of(request)
    rulebook = await asked_rulebook(request, form)
    on, mistakes = _day(form, today(console.now()))
    values = {
        **version_values(rulebook, form),
        "on": on,
        "typed_day": form.given.get("day", ""),
        "districts": rulebook.settings.districts,
        "cells": cells(rulebook, on),
        "teams": team_lines(rulebook, on),
        "handlers": handler_lines(rulebook),
        "practices": len(rulebook.directory.practices),
        "schools": len(rulebook.directory.schools),
        "on_call": rulebook.escalation.on_call,
    }
    status = 400 if mistakes else 200
    return show(request, "directory.html", values, mistakes=mistakes, status=status)


@pages.get("/rules/versions")
async def versions(request: Request) -> Response:
    """What is live and by whose word, and every version there was."""
    return await versions_page(request)


def being_worked_out(
    request: Request, title: str, told: str, *, instead: tuple[str, str] | None = None
) -> Response:
    """Says so, and looks again by itself, without scripts; `instead` is a way past it, in words."""
    values = {"title": title, "told": told, "instead": instead}
    answer = show(request, "being_worked_out.html", values, status=202)
    answer.headers.update(_AGAIN)
    return answer


def today(at: datetime) -> date:
    """The day in London."""
    return at.astimezone(LONDON).date()


async def versions_page(
    request: Request, *, form: Form | None = None, status: int = 200
) -> Response:
    """The page of versions, with what was wrong with a form of it."""
    console = console_of(request)
    at = console.now()
    record = await console.rules.record()
    async with reading(console.pool) as connection:
        unfit = await unfit_processes(connection, at=at)
    live = record.live(at)
    choices = _to_roll_back_to(record, at)
    typed = {"to": choices[0][0] if choices else ""} if form is None else dict(form.given)
    values = {
        "record": record,
        "live": live,
        "scheduled": record.scheduled(at),
        "unfit": unfit,
        "hashes": list(reversed(list(record.names))),
        "short": SHORT,
        "choices": choices,
        "typed": typed,
        "said": _said(request),
    }
    mistakes = form.mistakes if form is not None else []
    return show(request, "versions.html", values, mistakes=mistakes, status=status)


def _to_roll_back_to(record: Record, at: datetime) -> list[tuple[str, str]]:
    """Versions that have been live, the last one first; the live one where another is to come."""
    live, found = record.live(at), dict[str, str]()
    for each in reversed(list(record.reigns(at))):
        is_live = live is not None and each.content_hash == live.content_hash
        if not is_live or record.scheduled(at) is not None:
            found.setdefault(each.content_hash, record.named(each.content_hash))
    return list(found.items())


def _said(request: Request) -> str | None:
    asked = request.query_params
    if asked.get("done") != "rolled-back":
        return None
    return "It is live already." if "again" in asked else "It is live. Routers take it at once."


def _searched(promise: Promise) -> str:
    said = (f"{label} {text}" for label, text in promised(promise))
    return " ".join((promise.name, promise.why, *said, *promise.sources, promise.owner)).casefold()


def _day(form: Form, otherwise: date) -> tuple[date, list[Mistake]]:
    typed = form.text("day")
    if typed is None:
        return otherwise, []
    day = a_day(typed)
    return (otherwise, [Mistake("day", "Enter a day such as 6/3/2026")]) if not day else (day, [])
