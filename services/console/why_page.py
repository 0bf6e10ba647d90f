"""Every rule's verdict about an event, and why somebody was not told."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from routing_rules.decision import Verdict
from schemas.values import DutyState, Service
from services.console.asking import Form, an_id, asked_of
from services.console.parts import console_of, record
from services.console.problems import NotThere
from services.console.rendering import Mistake, show
from services.console.wording import service_choices
from services.ledger.console_events import EventStory, Owed, event_story
from services.ledger.console_views import Deed, View
from services.replay.explaining import Explained, NotExplained, explained
from services.replay.why_not import WhyNot, why_not_told
from services.runtime.postgres import snapshot

pages = APIRouter()


@dataclass(frozen=True, slots=True)
class VerdictsAbout:
    """What every rule said of one reference: those that fired, the others by what failed."""

    ref: str
    fired: tuple[Verdict, ...]
    others: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def others_count(self) -> int:
        """How many rules did not fire."""
        return sum(len(rules) for _, rules in self.others)


@pages.get("/events/{occurrence_id}/rules")
async def rules(request: Request, occurrence_id: str) -> Response:
    """What each rule said of each person, and an answer to: why was this service not told?"""
    asked, form = an_id(occurrence_id), asked_of(request)
    story = await _story(request, asked)
    service, ref = _asked(form, story)
    things = (str(asked), *((service.value, ref) if service is not None and ref else ()))
    await record(request, View(Deed.SAW_RULES, things))
    found, problem = await _explained(request, asked)
    values = {
        "story": story,
        "explained": found,
        "problem": problem,
        "people": () if found is None else _by_person(found.verdicts),
        "services": service_choices(),
        "refs": [(each, each) for each in _refs(story, found)],
        "typed": {name: form.given.get(name, "") for name in ("service", "about")},
        "answer": None if service is None or not ref else _answer(story, found, service, ref),
        "asked_service": service,
        "asked_ref": ref,
    }
    status = 400 if form.mistakes else 200
    return show(request, "event_rules.html", values, mistakes=form.mistakes, status=status)


async def _explained(request: Request, occurrence_id: UUID) -> tuple[Explained | None, str]:
    console = console_of(request)
    rulebook = await console.rulebook()
    async with snapshot(console.pool) as connection:
        try:
            return await explained(connection, occurrence_id, rulebook), ""
        except NotExplained as because:
            return None, str(because)


def _asked(form: Form, story: EventStory) -> tuple[Service | None, str]:
    """The service and the reference that are asked about; nothing asked is no mistake."""
    typed, ref = form.text("service"), form.text("about") or ""
    if typed is None and not ref:
        return None, ""
    services = {each.value: each for each in Service}
    if typed not in services:
        form.mistakes.append(Mistake("service", "Choose the service that was not told"))
    if len(ref) > 120 or ref not in _refs(story, None):
        form.mistakes.append(Mistake("about", "Choose the person in the event"))
        ref = ""
    return services.get(typed or ""), ref


def _refs(story: EventStory, found: Explained | None) -> list[str]:
    owed = [each.person for each in story.duties if each.person]
    nobody = [each["about"] for decided in story.decisions for each in decided.nobody]
    return list(dict.fromkeys((*story.refs, *owed, *nobody, *(found.people if found else ()))))


def _by_person(verdicts: Sequence[Verdict]) -> list[VerdictsAbout]:
    found = []
    for ref in dict.fromkeys(each.about for each in verdicts):
        mine = [each for each in verdicts if each.about == ref]
        rest = sorted((v for v in mine if not v.fired), key=lambda v: (v.because, v.rule))
        groups = [
            (because, tuple(v.rule for v in group))
            for because, group in groupby(rest, key=lambda v: v.because)
        ]
        groups.sort(key=lambda group: (-len(group[1]), group[0]))
        found.append(VerdictsAbout(ref, tuple(v for v in mine if v.fired), tuple(groups)))
    return found


def _answer(
    story: EventStory, found: Explained | None, service: Service, ref: str
) -> tuple[list[Owed], WhyNot | None]:
    """What is owed to the service about the person all the same; else why it was not told."""
    owed = [
        each
        for each in story.duties
        if each.person == ref and service.value in (each.service, each.instead_of)
    ]
    stands = any(each.state != DutyState.WITHDRAWN for each in owed)
    if stands or found is None:
        return owed, None
    return owed, why_not_told(found, service, ref)


async def _story(request: Request, occurrence_id: UUID) -> EventStory:
    console = console_of(request)
    found = await event_story(console.pool, occurrence_id, at=console.now())
    if found is None:
        raise NotThere("There is no event by that number. Check the link.")
    return found
