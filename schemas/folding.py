"""An occurrence as all its events now tell it.

Events are ordered by the publisher's time, sequence and id, not by arrival, and folded from the
latest back: an older one only adds what no later one says. What a later event leaves out (absent,
null or unknown) is therefore not withdrawn.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

from schemas.events import Event, ReadData
from schemas.paths import value_at
from schemas.registration import FamilyLink, RegistrationPerson
from schemas.shape import people_of

_KEYS: Mapping[str, tuple[str, ...]] = {
    "people": ("ref",),
    "babies": ("ref",),
    "invitees": ("service", "recipient"),
    "actions": ("id",),
    "relationships": ("to",),
    "codes": ("system", "code"),
    "flags": ("kind", "authority"),
}
"""By what the entries of a list of objects are recognised."""
_PEOPLE = frozenset({"people", "babies"})
_SUBJECTS = ("patient", "mother")
_TOGETHER: Mapping[str, str] = {"relationships": "is", "flags": "state"}
"""Lists where several entries may have one key, and are told anew together, by those that say
this of it."""
_UNKNOWN = ("unknown", "not_assessed", "not_recorded")
_WITHDRAWN = ("cancelled", "entered_in_error")


def fold(events: Sequence[Event]) -> ReadData:
    """The data of an occurrence from all its events, in whatever order they are given.

    The same events give the same data, however often each is given. They are of the events' own
    type. A family link is as it was last recorded; in a registration an explicit null clears what
    was told before.

    Raises:
        ValueError: no events, or events of different types.
    """
    if len({event.type for event in events}) != 1:
        raise ValueError("one occurrence has events, and all of one type")
    distinct = {(event.source, event.id): event for event in events}
    ordered = sorted(distinct.values(), key=place_in_order)
    latest = ordered[-1].data
    if len(ordered) == 1:
        return latest
    match latest:
        case FamilyLink():
            return _last_recorded(ordered, latest)
        case RegistrationPerson():
            told = _registered(ordered)
        case _:
            told = _as_told(latest)
            for event in reversed(ordered[:-1]):
                told = merge(_as_told(event.data), told)
    return type(latest).model_validate(told)


def merge(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """What two tellings say together; both in the form in which events travel.

    The newer one wins wherever it says something; lists are joined, older entries first; an
    object within (an address, a name) is completed if the two agree, else the newer one stands
    as a whole, since half of each would be neither.
    """
    merged = dict(older)
    for name, value in newer.items():
        known = older.get(name)
        if name == "status":
            merged[name] = _latest_status(known, value)
        elif _is_unknown(value):
            merged.setdefault(name, value)
        elif isinstance(value, list):
            merged[name] = _join(name, known or [], value)
        elif isinstance(value, dict):
            merged[name] = _complete(known or {}, value)
        else:
            merged[name] = value
    for subject in _SUBJECTS:
        if merged.get(subject) and (subject == "patient" or "people" in merged):
            merged["people"] = _beside(subject, merged, older)
    return merged


def place_in_order(event: Event) -> tuple[datetime, int, str, str]:
    """An event's place among those of its occurrence: by time, sequence and id."""
    sequence = event.sequence or ""
    return event.time, int(sequence) if sequence.isdecimal() else -1, event.id, event.source


def _last_recorded(ordered: Sequence[Event], latest: FamilyLink) -> FamilyLink:
    """The link as last recorded, from whichever end; whether it stands is as last told."""
    links = [(event, event.data) for event in ordered if isinstance(event.data, FamilyLink)]
    _, last = max(
        links, key=lambda one: (one[1].recorded_at or one[0].time, place_in_order(one[0]))
    )
    return last.model_copy(update={"status": latest.status})


def _registered(ordered: Sequence[Event]) -> dict[str, Any]:
    """A registration, from the earliest on: what was cleared in between does not come back."""
    told = _as_told(ordered[0].data)
    for event in ordered[1:]:
        newer = _as_told(event.data)
        told = merge(_without_cleared(told, newer), newer)
    return told


def _without_cleared(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """An older registration without what a newer one says is not known any more.

    Both are about one person, by whatever ref they name them.
    """
    left = {name: value for name, value in older.items() if newer.get(name, ...) is not None}
    person, now = older["person"], newer["person"]
    known = {name: value for name, value in person.items() if now.get(name, ...) is not None}
    return {**left, "person": {**known, "ref": now["ref"]}}


def _as_told(data: ReadData) -> dict[str, Any]:
    """The data as they were sent, and what is always said: whether event and people stand.

    A null says nothing, but in a registration, where it clears.
    """
    clears = isinstance(data, RegistrationPerson)
    told = data.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=not clears)
    told["status"] = data.status.value
    if "people" in type(data).model_fields:
        told.setdefault("people", [])
    for path, person in people_of(data):
        value_at(told, path)["status"] = person.status.value
    return told


def _is_unknown(value: object) -> bool:
    return value is None or (isinstance(value, str) and value in _UNKNOWN)


def _latest_status(older: str | None, newer: str) -> str:
    """The latest status; one that is not known does not undo how far an attendance had come."""
    return older if newer in _UNKNOWN and older and older not in _WITHDRAWN else newer


def _complete(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """One object from two tellings."""
    if "ref" in newer:
        return _merge_people(older, newer) if older.get("ref") == newer["ref"] else dict(newer)
    known = {name: value for name, value in newer.items() if not _is_unknown(value)}
    agrees = all(
        value == known.get(name, value) for name, value in older.items() if not _is_unknown(value)
    )
    return {**older, **known} if agrees else dict(newer)


def _merge_people(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """One person; an NHS number and how far it can be trusted stay together."""
    number = newer.get("nhs_number")
    trust = {"nhs_number_status"}
    if number is None:
        newer = {name: value for name, value in newer.items() if name not in trust}
    elif number != older.get("nhs_number"):
        older = {name: value for name, value in older.items() if name not in trust}
    return merge(older, newer)


def _join(name: str, older: list[Any], newer: list[Any]) -> list[Any]:
    """Two lists: words are united, objects recognised by their keys."""
    if name not in _KEYS:
        return list(dict.fromkeys((*older, *newer)))
    if name in _TOGETHER:
        return _join_together(name, older, newer)
    joined: dict[Hashable, dict[str, Any]] = {}
    for entry in (*older, *newer):
        key = tuple(entry.get(part) for part in _KEYS[name])
        known = joined.get(key)
        if known is None:
            joined[key] = entry
        else:
            joined[key] = _merge_people(known, entry) if name in _PEOPLE else merge(known, entry)
    return list(joined.values())


def _join_together(name: str, older: list[Any], newer: list[Any]) -> list[Any]:
    """Somebody may be two things to another (partner and carer): they are told anew together."""
    groups, told_anew = _grouped(name, older), _grouped(name, newer)
    for key, entries in told_anew.items():
        if key not in groups or any(not _is_unknown(one.get(_TOGETHER[name])) for one in entries):
            groups[key] = entries
    return [entry for entries in groups.values() for entry in entries]


def _grouped(name: str, entries: list[Any]) -> dict[Hashable, list[Any]]:
    groups: dict[Hashable, list[Any]] = {}
    for entry in entries:
        groups.setdefault(tuple(entry.get(part) for part in _KEYS[name]), []).append(entry)
    return groups


def _beside(subject: str, merged: Mapping[str, Any], older: Mapping[str, Any]) -> list[Any]:
    """The other people; a patient who is no longer the patient has not left by that."""
    ref = merged[subject]["ref"]
    people = [entry for entry in merged.get("people", ()) if entry["ref"] != ref]
    former = older.get(subject)
    if former and former["ref"] not in {ref, *(entry["ref"] for entry in people)}:
        return [former, *people]
    return people
