"""Whoever is invited to a conference is asked to answer until it has, and then no more."""

import copy
from datetime import datetime, timedelta
from typing import Any

from routing_rules.explain import Casebook
from schemas.events import Event
from schemas.values import Ask, EventType, Service
from tests.builders import staffordshire
from tests.documented import PATHWAYS
from tests.examples import read

INVITATION = PATHWAYS[EventType.CONFERENCE_INVITATION]


def invited(number: int, **answers: str) -> Event:
    body: dict[str, Any] = copy.deepcopy(INVITATION)
    body["id"] = f"answer-{number}"
    at = datetime.fromisoformat(body["time"]) + timedelta(hours=number)
    body["time"] = at.isoformat()
    named = {service.replace("_", "-"): answer for service, answer in answers.items()}
    body["data"]["status"] = "updated" if number else "new"
    body["data"]["invitees"] = [{"service": s, "answer": a} for s, a in named.items()]
    event = read(body)
    assert isinstance(event, Event)
    return event


def asked(book: Casebook, event: Event) -> dict[Service, set[Ask]]:
    outcome = book.receive(event, event.time)
    assert outcome is not None
    return {duty.service: set(duty.asks) for duty in outcome.decision.duties}


def test_an_answer_ends_what_was_asked() -> None:
    book = Casebook(staffordshire())

    first = asked(book, invited(0, gp="awaited", camhs="awaited"))
    then = asked(book, invited(1, gp="report_sent", camhs="unknown"))

    assert first[Service.GP] == {Ask.ACKNOWLEDGE, Ask.RECORD, Ask.ACT}
    assert then[Service.GP] == {Ask.ACKNOWLEDGE, Ask.RECORD}
    assert then[Service.CAMHS] == {Ask.ACKNOWLEDGE, Ask.RECORD, Ask.ACT}
