"""From the YAML of a case's `data` to an event, completed by what cases need not say.

What a case does not say stands in `cases/defaults.yaml`; ids and times are made up here. Where
the data do not fit the schemas, every problem is found at its own place in the file.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from routing_rules.cases_misfits import misfits, place_of
from routing_rules.reading import read_word
from routing_rules.section import read_entries, read_phrase
from routing_rules.source_text import (
    Entries,
    Items,
    Node,
    Position,
    Problems,
    Scalar,
    quoted,
)
from routing_rules.vocabulary import Vocabulary, in_words
from schemas.events import ROUTED_MODELS, AnyEventData, Event, family_of
from schemas.occurrence import references_of
from schemas.plausible import problems_in
from schemas.shape import shape_of
from schemas.values import EventType, Family, NhsNumberStatus, Role

_SOURCES: Mapping[Family, str] = {
    family: f"urn:fieldfare:source:cases-{family}" for family in Family
}
_AT = "at"
_EVERYBODY = "everybody"
_UNKNOWN = "unknown"
_NUMBER = re.compile(r"[0-9]{1,9}")
_NUMBERS = frozenset(
    {"order", "prior_incidents_12_months", "missed_in_pregnancy", "missed_in_12_months"}
)
_NEED_NOT_SAY = frozenset({EventType.MATERNITY_ENDED})
"""Events whose patient or mother a case may leave out."""

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What cases need not say: when, of each kind of event, of everybody, and of each role."""

    at: datetime | None = None
    events: Mapping[EventType, Plain] = field(default_factory=dict)
    everybody: Plain = field(default_factory=dict)
    by_role: Mapping[str, Plain] = field(default_factory=dict)

    def of_person(self, role: str) -> Plain:
        """What is not said of a person with that role."""
        return {**self.everybody, **self.by_role.get(role, {})}


def read_defaults(node: Node, vocabulary: Vocabulary, problems: Problems) -> Defaults:
    """Read `cases/defaults.yaml`: `at`, by kind of event, `everybody`, and by role."""
    at: datetime | None = None
    events: dict[EventType, Plain] = {}
    people: dict[str, Plain] = {}
    allowed = (_AT, *vocabulary, _EVERYBODY, *map(in_words, Role))
    for name, value in read_entries(node, problems):
        if read_word(name, "one of the defaults", allowed, problems) is None:
            continue
        if name.text == _AT:
            at = read_phrase(value, read_moment, problems)
        elif name.text in vocabulary:
            events[vocabulary[name.text].type] = plain_entries(value, problems)
        else:
            people[name.text.replace(" ", "_")] = plain_entries(value, problems)
    return Defaults(at, events, people.pop(_EVERYBODY, {}), people)


def read_moment(scalar: Scalar, problems: Problems) -> datetime | None:
    """A time with its zone, as 2026-03-06T22:10:00Z."""
    try:
        moment = datetime.fromisoformat(scalar.text)
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is not None:
        return moment.astimezone(UTC)
    example = "write it with its zone, as 2026-03-06T22:10:00Z"
    problems.add(scalar.position, f"{quoted(scalar.text)} is not a time; {example}")
    return None


def plain_entries(node: Node, problems: Problems) -> Plain:
    """The entries of a mapping as plain JSON, by name."""
    return {name.text: plain(value, name.text) for name, value in read_entries(node, problems)}


def plain(node: Node, name: str = "") -> Any:
    """A node as plain JSON; all scalars are text, but for the few fields that count something."""
    match node:
        case Entries():
            return {key.text: plain(value, key.text) for key, value in node.entries}
        case Items():
            return [plain(item) for item in node.items]
        case _:
            counts = name in _NUMBERS and _NUMBER.fullmatch(node.text)
            return int(node.text) if counts else node.text


@dataclass(frozen=True, slots=True)
class Written:
    """An event as a case writes it: its kind, the node of its data, when, and where it stands."""

    type: EventType
    data: Entries
    at: datetime
    position: Position


@dataclass(frozen=True, slots=True)
class EventReader:
    """Reads the data of cases as events."""

    defaults: Defaults
    problems: Problems

    def event(self, written: Written) -> Event | None:
        """The event, published at its time; None, and problems, where the data do not fit."""
        data = self._data(written, self._completed(written))
        if data is None:
            return None
        name = str(written.position)
        return Event(
            source=_SOURCES[family_of(written.type)],
            id=name,
            type=written.type,
            time=written.at,
            sequence=None,
            data=data,
            sha256=hashlib.sha256(name.encode()).digest(),
        )

    def _completed(self, written: Written) -> Plain:
        event_type = written.type
        told = plain_entries(written.data, self.problems)
        made = {**_made_up(written), **self.defaults.events.get(event_type, {}), **told}
        single, several = shape_of(ROUTED_MODELS[event_type]).people
        for name in several:
            usual = Role.CHILD_PRESENT if name == "babies" else ""
            if isinstance(made.get(name), list):
                made[name] = [self._person(person, usual) for person in made[name]]
        for name in single:
            if name in made or event_type not in _NEED_NOT_SAY:
                made[name] = self._person(made.get(name, {}), Role.PATIENT)
        return {n: _without_unknown(each) for n, each in made.items() if each != _UNKNOWN}

    def _person(self, told: Any, usual_role: str = "") -> Any:
        if not isinstance(told, dict):
            return told
        role = str(told.get("role", usual_role))
        person = {"ref": role, **self.defaults.of_person(role), **told}
        if usual_role:
            person.setdefault("role", usual_role)
        if role != Role.UNBORN and "nhs_number" not in person:
            person["nhs_number"] = number_for(str(person["ref"]))
            person.setdefault("nhs_number_status", NhsNumberStatus.VERIFIED.value)
        return person

    def _data(self, written: Written, made: Plain) -> AnyEventData | None:
        model = ROUTED_MODELS[written.type]
        node, place = written.data, written.position
        try:
            data = model.model_validate_json(json.dumps(made))
        except ValidationError as error:
            for where, message in misfits(error, model, node, place):
                self.problems.add(where, message)
            return None
        found = problems_in(data, written.at)
        for problem in found:
            where, _ = place_of(node, problem.path, place)
            reason = problem.reason or "contradicts what stands beside it"
            self.problems.add(where, f"{problem.path[-1]}: {reason}")
        return None if found else data


def _made_up(written: Written) -> Plain:
    """The reference and the time of an event that its case does not state."""
    name, at = str(written.position), written.at
    if written.type is EventType.EMERGENCY_ATTENDANCE:
        return {"attendance_id": name, "arrived_at": (at - timedelta(hours=2)).isoformat()}
    if written.type not in ROUTED_MODELS:
        raise ValueError(f"no case is written of {written.type}")
    made: Plain = {}
    for reference in references_of(written.type):
        made[reference] = at.date().isoformat() if reference.endswith("_on") else name
    happened = {
        EventType.POLICE_DOMESTIC_ABUSE: "incident_at",
        EventType.MATERNITY_BOOKING: "booked_at",
        EventType.ONWARD_REFERRAL: "referred_at",
        EventType.SOCIAL_CARE_REFERRAL: "referred_at",
        EventType.COMMUNITY_CONTACT: "contact_at",
    }.get(written.type)
    return made | ({happened: at.isoformat()} if happened else {})


def _without_unknown(value: Any) -> Any:
    """Without fields that say `unknown`, which is how a case takes a default away."""
    if isinstance(value, dict):
        return {name: _without_unknown(each) for name, each in value.items() if each != _UNKNOWN}
    return [_without_unknown(each) for each in value] if isinstance(value, list) else value


def number_for(ref: str) -> str:
    """A valid test NHS number, the same whenever a case names the same person."""
    salt = 0
    while True:
        digest = hashlib.sha256(f"{ref} {salt}".encode()).digest()
        body = f"999{int.from_bytes(digest[:4]) % 1_000_000:06d}"
        check = 11 - sum(int(d) * w for d, w in zip(body, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{body}{check % 11}"
        salt += 1
