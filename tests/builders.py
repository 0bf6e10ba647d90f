"""Builds people, events and rulebooks for tests: each says only what matters to it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import routing_rules
from routing_rules.decision import Decision, OwedDuty
from routing_rules.explain import Casebook
from routing_rules.rulebook import Rulebook, load_rulebook
from schemas.events import ROUTED_MODELS, AnyEventData, Event
from schemas.person import Person
from schemas.values import EventType, Service
from services.runtime.rulebook_files import read_rulebook_files

RULEBOOKS = Path(routing_rules.__file__).parent / "rulebooks"
NOW = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)
"""A Friday afternoon in term: every team but none is open."""

POLICE = EventType.POLICE_DOMESTIC_ABUSE
EMERGENCY = EventType.EMERGENCY_ATTENDANCE
MARAC = EventType.MARAC_OUTCOME
_SOURCES = {
    POLICE: "staffordshire-police",
    EMERGENCY: "rjf-queens-ed",
    MARAC: "staffordshire-marac",
}


@cache
def rulebook_files(name: str) -> Mapping[str, str]:
    """The texts of a shipped rulebook by path."""
    return read_rulebook_files(RULEBOOKS / name)


@cache
def staffordshire() -> Rulebook:
    """The shipped rulebook, loaded once."""
    return load_rulebook(rulebook_files("staffordshire"))


def rulebook_with(**files: str) -> Rulebook:
    """The shipped rulebook with some of its files, named by their paths, replaced."""
    return load_rulebook({**rulebook_files("staffordshire"), **files})


def with_rules(text: str) -> Rulebook:
    """The shipped county under these rules alone."""
    files = rulebook_files("staffordshire")
    others = ("rules/", "promises.yaml")
    kept = {path: content for path, content in files.items() if not path.startswith(others)}
    return load_rulebook({**kept, "rules/made.yaml": text})


def nhs_number(number: int) -> str:
    """A valid test NHS number (beginning 999), another one for each number."""
    body = f"999{number:06d}"
    remainder = 11 - sum(int(d) * w for d, w in zip(body, range(10, 1, -1), strict=True)) % 11
    return nhs_number(number + 500_000) if remainder == 10 else f"{body}{remainder % 11}"


def a_person(role: str = "victim", **known: Any) -> dict[str, Any]:
    """A person as an event carries it; `ref` is the role unless given."""
    number = known.pop("number", None)
    identity = {"nhs_number": nhs_number(number), "nhs_number_status": "verified"} if number else {}
    return {"ref": role, "role": role, **identity, **known}


def at_home(district: str = "E07000193", practice: str | None = "Y90004") -> dict[str, Any]:
    """An address in a district, and a practice."""
    address = {"lines": ["1 Test Road"], "postcode": "ZZ99 3CZ", "district": district}
    home: dict[str, Any] = {"address": address, "address_restricted": False}
    return {**home, "gp_practice": practice} if practice else home


def person_of(known: Mapping[str, Any]) -> Person:
    """The typed person of `a_person`."""
    return Person.model_validate(known)


def police(*people: Mapping[str, Any], **known: Any) -> dict[str, Any]:
    """The data of a police notification."""
    defaults = {
        "police_reference": "STF/2026/000001",
        "incident_at": "2026-03-06T12:00:00+00:00",
        "risk": "medium",
        "incident_types": ["physical"],
        "children_present": "no",
    }
    return {**defaults, **known, "people": [dict(person) for person in people]}


def attendance(
    patient: Mapping[str, Any], *people: Mapping[str, Any], **known: Any
) -> dict[str, Any]:
    """The data of an emergency attendance that has ended."""
    defaults = {
        "attendance_id": "QUEENS-1",
        "site": "RJF-QUEENS-ED",
        "department": "ed",
        "status": "departed",
        "arrived_at": "2026-03-06T11:00:00+00:00",
        "departed_at": "2026-03-06T13:00:00+00:00",
        "category": "unplanned_first",
        "disposal": "treated",
        "concerns": [],
    }
    everybody = [dict(person) for person in people]
    return {**defaults, **known, "patient": dict(patient), "people": everybody}


def conference(*people: Mapping[str, Any], **known: Any) -> dict[str, Any]:
    """The data of a conference's outcome."""
    defaults = {"case_number": "MARAC-1", "met_on": "2026-03-06", "repeat": False}
    return {**defaults, **known, "people": [dict(person) for person in people]}


def data_of(event_type: EventType, data: Mapping[str, Any]) -> AnyEventData:
    """Typed data, read as from JSON."""
    return ROUTED_MODELS[event_type].model_validate_json(json.dumps(data))


def an_event(
    event_type: EventType,
    data: Mapping[str, Any],
    *,
    event_id: str = "e1",
    time: datetime = NOW,
    sequence: str | None = None,
) -> Event:
    """One event as read, published at that time."""
    return Event(
        source=f"urn:fieldfare:source:{_SOURCES.get(event_type, 'made')}",
        id=event_id,
        type=event_type,
        time=time,
        sequence=sequence,
        data=data_of(event_type, data),
        sha256=hashlib.sha256(json.dumps(data).encode()).digest(),
    )


def decision_on(
    event_type: EventType,
    data: Mapping[str, Any],
    *,
    rulebook: Rulebook | None = None,
    at: datetime = NOW,
) -> Decision:
    """What is decided about one event of its own, routed the moment it is published."""
    casebook = Casebook(rulebook or staffordshire())
    outcome = casebook.receive(an_event(event_type, data, time=at), at)
    assert outcome is not None
    return outcome.decision


def told(decision: Decision) -> set[tuple[str, str, str]]:
    """Who is told about whom: ref, recipient, and what an exception stands for."""
    return {
        (duty.about.ref if duty.about else "", duty.recipient, duty.instead_of or "")
        for duty in decision.duties
    }


def only_duty(decision: Decision, about: str, service: Service) -> OwedDuty:
    """The one duty of a service about somebody."""
    (duty,) = (
        duty
        for duty in decision.duties
        if duty.about and duty.about.ref == about and duty.service is service
    )
    return duty


def everything_in(duty: OwedDuty) -> str:
    """All that a recipient could read of a duty, as one text."""
    return repr(duty)
