"""What is well-formed and still cannot be so: the checks between the fields of one event."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import BaseModel

from schemas.events import Action, MaracOutcome, ReadData
from schemas.maternity import MaternityBooking
from schemas.maternity import problems as problems_of_booking
from schemas.paths import Path
from schemas.person import Somebody
from schemas.problems import Problem, drop, forget, refuse, replace
from schemas.reasons import Reason
from schemas.registration import RegistrationPerson
from schemas.shape import people_of, shape_of
from schemas.values import NhsNumberStatus, Role

MAX_PEOPLE = 200
MAX_ACTIONS = 500
_YEAR = 366
_A_LIFE = 130 * _YEAR
_SPANS: Mapping[str, tuple[int, int]] = {
    "date_of_birth": (_A_LIFE, 1),
    "expected_due_date": (_YEAR, _YEAR),
    "incident_at": (_A_LIFE, 1),
    "reported_at": (_A_LIFE, 1),
    "arrived_at": (_A_LIFE, 1),
    "departed_at": (_A_LIFE, 1),
    "met_on": (_A_LIFE, 1),
    "flag_until": (_A_LIFE, 50 * _YEAR),
    "due_on": (_A_LIFE, 50 * _YEAR),
    "booked_at": (_A_LIFE, 1),
    "recorded_at": (_A_LIFE, 1),
    "referred_at": (_A_LIFE, 1),
    "expected_by": (_A_LIFE, _YEAR),
    "identified_on": (_A_LIFE, 1),
    "appointment_on": (_A_LIFE, 1),
    "born_on": (_A_LIFE, 1),
    "ended_on": (_A_LIFE, 1),
    "transferred_on": (_A_LIFE, _YEAR),
    "changed_on": (_A_LIFE, 1),
    "invited_on": (_A_LIFE, 1),
    "conference_at": (_A_LIFE, 2 * _YEAR),
    "report_due_on": (_A_LIFE, 2 * _YEAR),
    "response_due_on": (_A_LIFE, 2 * _YEAR),
    "held_on": (_A_LIFE, 1),
    "review_on": (_A_LIFE, 2 * _YEAR),
    "assessed_on": (_A_LIFE, 1),
    "effective_on": (_A_LIFE, _YEAR),
    "agreed_on": (_A_LIFE, 1),
    "contact_at": (_A_LIFE, 1),
    "ended_at": (_A_LIFE, _YEAR),
    "deceased_on": (_A_LIFE, 1),
    "from": (_A_LIFE, _YEAR),
    "until": (_A_LIFE, 50 * _YEAR),
}
"""How many days before and after its event a date can lie, by the name under which it travels.

The day after allows for zones.
"""

_PATIENTS: frozenset[Path] = frozenset({("patient",), ("mother",)})
"""Who is the patient of what is routed, whatever role is written."""


def problems_in(data: ReadData, time: datetime) -> list[Problem]:
    """Everything that contradicts itself or the time at which the event was published."""
    people = people_of(data)
    actions: tuple[Action, ...] = data.actions if isinstance(data, MaracOutcome) else ()
    found: list[Problem] = []
    if len(people) > MAX_PEOPLE:
        found.append(refuse(("people",), Reason.TOO_MANY))
    if len(actions) > MAX_ACTIONS:
        found.append(refuse(("actions",), Reason.TOO_MANY))
    refs = {person.ref for _, person in people}
    if len(refs) < len(people):
        found.append(_repeated_ref(people))
    day = time.date()
    found += _implausible_dates(data, (), time, day)
    # bookings were long accepted with any role of the mother, which is no fault of a publisher's
    wrong_role = None if isinstance(data, MaternityBooking) else Reason.WRONG_PATIENT_ROLE
    for path, person in people:
        found += _problems_of_person(person, path, refs)
        if path in _PATIENTS and person.role is not Role.PATIENT:
            found.append(replace((*path, "role"), Role.PATIENT.value, wrong_role))
        found += _implausible_dates(person, path, time, day)
    for place, action in enumerate(actions):
        found += _implausible_dates(action, ("actions", place), time, day)
    found += _repeated_ids(actions)
    if isinstance(data, RegistrationPerson):
        for place, flag in enumerate(data.flags):
            found += _implausible_dates(flag, ("flags", place), time, day)
    if isinstance(data, MaternityBooking) and not found:  # its dates can be compared
        found += problems_of_booking(data)
    return found


def texts_saying_unknown(model: BaseModel, path: Path = ()) -> Iterator[Problem]:
    """Optional fields of any text that say `unknown`, which means not known."""
    shape = shape_of(type(model))
    for name, travelling in shape.texts:
        if getattr(model, name) == "unknown":
            yield forget((*path, travelling), None)
    for name, _ in shape.parts:
        if (part := getattr(model, name)) is not None:
            yield from texts_saying_unknown(part, (*path, name))
    for name, _ in shape.lists:
        for place, part in enumerate(getattr(model, name)):
            yield from texts_saying_unknown(part, (*path, name, place))


def made_action_id(action: Mapping[str, Any], place: int | None = None) -> str:
    """An id for an action that has none of its own, the same whenever the action is told again.

    Its status is left out, since that is what changes. `place` tells equal actions apart.
    """
    told = {name: action.get(name) for name in ("text", "service", "organisation", "due_on")}
    digest = hashlib.sha256(json.dumps([told, place], sort_keys=True).encode()).hexdigest()
    return f"made-{digest[:32]}"


def _repeated_ref(people: Sequence[tuple[Path, Somebody]]) -> Problem:
    """The first ref that stands a second time."""
    refs = [person.ref for _, person in people]
    again = next(place for place, ref in enumerate(refs) if ref in refs[:place])
    return refuse((*people[again][0], "ref"), Reason.REPEATED_REF)


def _problems_of_person(person: Somebody, path: Path, refs: AbstractSet[str]) -> list[Problem]:
    found = []
    absent = person.nhs_number_status is NhsNumberStatus.ABSENT
    if (person.nhs_number is None) is not absent:
        status = NhsNumberStatus.UNVERIFIED if absent else NhsNumberStatus.ABSENT
        reason = Reason.NO_NHS_NUMBER if absent else None
        found.append(replace((*path, "nhs_number_status"), status.value, reason))
    for place, relationship in enumerate(person.relationships):
        if relationship.to not in refs or relationship.to == person.ref:
            found.append(drop((*path, "relationships", place, "to"), Reason.DANGLING))
    return found


def _repeated_ids(actions: Sequence[Action]) -> Iterator[Problem]:
    """Actions with the id of another one, which would be lost behind it."""
    seen: set[str] = set()
    for place, action in enumerate(actions):
        if action.id in seen:
            made = made_action_id(action.model_dump(mode="json"), place)
            yield replace(("actions", place, "id"), made, Reason.NO_ACTION_ID)
        seen.add(action.id)


@cache
def _dated_fields(model: type[BaseModel]) -> tuple[tuple[str, str, int, int], ...]:
    dates = shape_of(model).dates
    return tuple((name, sent, *_SPANS[sent]) for name, sent in dates if sent in _SPANS)


def _implausible_dates(model: BaseModel, path: Path, time: datetime, day: date) -> list[Problem]:
    found = []
    for name, sent, before, after in _dated_fields(type(model)):
        value: date | None = getattr(model, name)
        if value is not None:
            away = value - (time if isinstance(value, datetime) else day)
            if not -before <= away.days <= after:
                found.append(forget((*path, sent), Reason.NOT_PLAUSIBLE))
    return found
