"""What the register knows in a case, written shortly: a person, a link, or a booking.

People are named as in the case's event, and the number of each is made from that name; nobody has
to write one down. Where the data do not fit the schemas, it is said at their own place.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from routing_rules.cases_data import Defaults, number_for, plain_entries, read_moment
from routing_rules.cases_misfits import misfits
from routing_rules.loader_words import Keys, read_block
from routing_rules.section import read_phrase
from routing_rules.source_text import Entries, Node, Position, Problems, Scalar
from schemas.events import DATA_MODELS, Event, ReadData
from schemas.registration import RegistrationPerson
from schemas.values import EventType, NhsNumberStatus, Role

_TYPES = {
    "person": EventType.REGISTRATION_PERSON,
    "link": EventType.REGISTRATION_FAMILY_LINK,
    "booking": EventType.MATERNITY_BOOKING,
}
KINDS = tuple(_TYPES)
_SOURCE = "urn:fieldfare:source:cases-registration"
_BEFORE = timedelta(days=30)
"""How long before the case something was registered that does not say `at` what time."""
_ENDS = ("from", "to")
_OF_THE_RECORD = frozenset(RegistrationPerson.model_fields) - {"person"}
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Registered:
    """What one entry tells, and the name of the person whom it registers, if it does."""

    event: Event
    name: str | None = None


@dataclass(frozen=True, slots=True)
class RegisterReader:
    """Reads `{person: {...}}`, `{link: {...}}` and `{booking: {...}}`, each with `at` or not."""

    defaults: Defaults
    problems: Problems

    def known(self, kind: str, block: Entries, case_at: datetime) -> Registered | None:
        """The event; None, and problems, where it cannot be read."""
        keys = Keys("what is registered", (kind,), ("at",)).read(block, self.problems)
        told = read_block(keys[kind], f"the {kind}", self.problems)
        at = self._at(keys.get("at"), case_at)
        if told is None or at is None:
            return None
        made, written = self._made(kind, told, at)
        data = self._data(kind, made, written, block.position)
        if data is None:
            return None
        name = str(block.position)
        event = Event(
            source=_SOURCE,
            id=name,
            type=_TYPES[kind],
            time=at,
            sequence=None,
            data=data,
            sha256=hashlib.sha256(name.encode()).digest(),
        )
        return Registered(event, made["person"]["ref"] if kind == "person" else None)

    def _at(self, node: Node | None, case_at: datetime) -> datetime | None:
        return case_at - _BEFORE if node is None else read_phrase(node, read_moment, self.problems)

    def _made(self, kind: str, told: Entries, at: datetime) -> tuple[Plain, Entries]:
        """The data, and the node in which each of its paths is found."""
        if kind == "person":
            return self._person(told, at)
        plain = plain_entries(told, self.problems)
        if kind == "link":
            ends = {end: number_for(str(plain[end])) for end in _ENDS if end in plain}
            return {"recorded_at": at.isoformat(), **plain, **ends}, told
        mother = _identity(str(plain.pop("mother", "victim")))
        booked = {"pregnancy_id": str(told.position), "booked_at": at.isoformat()}
        return {**booked, **plain, "mother": mother}, told

    def _person(self, told: Entries, at: datetime) -> tuple[Plain, Entries]:
        record = tuple(pair for pair in told.entries if pair[0].text in _OF_THE_RECORD)
        own = Entries(tuple(pair for pair in told.entries if pair not in record), told.position)
        person = {**self.defaults.everybody, **plain_entries(own, self.problems)}
        name = str(person.get("ref", "patient"))
        made = {
            "recorded_at": at.isoformat(),
            **plain_entries(Entries(record, told.position), self.problems),
            "person": {**_identity(name), **person, "ref": name},
        }
        return made, Entries(((Scalar("person", told.position), own), *record), told.position)

    def _data(
        self, kind: str, made: Mapping[str, Any], written: Entries, place: Position
    ) -> ReadData | None:
        model = DATA_MODELS[_TYPES[kind]]
        try:
            return model.model_validate_json(json.dumps(made))
        except ValidationError as error:
            for where, message in misfits(error, model, written, place):
                self.problems.add(where, message)
            return None


def _identity(name: str) -> Plain:
    return {
        "ref": name,
        "role": Role.PATIENT.value,
        "nhs_number": number_for(name),
        "nhs_number_status": NhsNumberStatus.VERIFIED.value,
    }
