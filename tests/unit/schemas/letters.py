"""Messages as publishers send them, and reading them from the topic that they belong to."""

import copy
import json
from collections.abc import Sequence
from typing import Any

from schemas.events import Event, FieldWarning, Refused
from schemas.reading import read_event

VICTIM = "9990000018"
TODDLER = "9990000026"

Raw = dict[str, Any]


def person(ref: str = "p1", role: str = "victim", **known: Any) -> Raw:
    return {"ref": ref, "role": role, **known}


def envelope(event_type: str, publisher: str, data: Raw, **attributes: Any) -> Raw:
    given = {
        "specversion": "1.0",
        "id": "event-1",
        "source": f"urn:fieldfare:source:{publisher}",
        "type": event_type,
        "time": "2026-03-06T22:40:00+00:00",
        "datacontenttype": "application/json",
        "data": data,
    } | attributes
    return {name: value for name, value in given.items() if value is not ...}


def police(data: Raw | None = None, **attributes: Any) -> Raw:
    whole: Raw = {"police_reference": "STF/1", "risk": "high", "people": [person()]} | (data or {})
    kept = {name: value for name, value in whole.items() if value is not ...}
    return envelope(
        "fieldfare.police.domestic-abuse.v1", "staffordshire-police", kept, **attributes
    )


def emergency(data: Raw | None = None, **attributes: Any) -> Raw:
    patient = person("kid", "patient", date_of_birth="2019-03-03")
    whole: Raw = {"attendance_id": "A1", "status": "departed", "patient": patient} | (data or {})
    kept = {name: value for name, value in whole.items() if value is not ...}
    return envelope("fieldfare.emergency.attendance.v1", "rjf-queens-ed", kept, **attributes)


def marac(data: Raw | None = None, **attributes: Any) -> Raw:
    action = {"id": "1", "text": "Visit", "service": "midwifery", "status": "open"}
    whole: Raw = {
        "case_number": "M-1",
        "met_on": "2026-03-05",
        "people": [person()],
        "actions": [action],
    } | (data or {})
    kept = {name: value for name, value in whole.items() if value is not ...}
    return envelope("fieldfare.marac.outcome.v1", "staffordshire-marac", kept, **attributes)


def registration(data: Raw | None = None, **attributes: Any) -> Raw:
    somebody = person("p", "patient", nhs_number=TODDLER, nhs_number_status="verified")
    whole: Raw = {"person": somebody, "recorded_at": "2026-01-05T09:00:00+00:00"} | (data or {})
    kept = {name: value for name, value in whole.items() if value is not ...}
    return envelope("fieldfare.registration.person.v1", "registration", kept, **attributes)


def family_link(data: Raw | None = None, **attributes: Any) -> Raw:
    whole: Raw = {
        "from": VICTIM,
        "to": TODDLER,
        "is": "parent",
        "recorded_at": "2026-01-05T09:00:00+00:00",
    } | (data or {})
    kept = {name: value for name, value in whole.items() if value is not ...}
    return envelope("fieldfare.registration.family-link.v1", "registration", kept, **attributes)


def booking(data: Raw | None = None, **attributes: Any) -> Raw:
    whole: Raw = {
        "pregnancy_id": "MAT-1",
        "provider": "RJE",
        "booked_at": "2026-01-20T09:00:00+00:00",
        "expected_due_date": "2026-08-20",
        "mother": person("m", "patient", nhs_number=VICTIM, nhs_number_status="verified"),
    } | (data or {})
    kept = {name: value for name, value in whole.items() if value is not ...}
    return envelope("fieldfare.maternity.booking.v1", "rje-maternity", kept, **attributes)


def to_bytes(message: object) -> bytes:
    return json.dumps(message).encode()


def binary(message: Raw) -> tuple[bytes, list[tuple[str, bytes]]]:
    """The same event in binary mode."""
    headers = [
        (f"ce_{name}", str(value).encode())
        for name, value in message.items()
        if name not in {"data", "datacontenttype"}
    ]
    return to_bytes(message["data"]), [*headers, ("content-type", b"application/json")]


def read(
    message: object,
    headers: Sequence[tuple[str, bytes]] = (),
    *,
    publisher: str = "staffordshire-police",
    family: str = "police",
) -> Event | Refused:
    """Read a message; that of an event goes to the topic that its `source` and `type` name."""
    body = message if isinstance(message, bytes) else to_bytes(message)
    if isinstance(message, dict):
        publisher = str(message.get("source", publisher)).rsplit(":", 1)[-1]
        family = [*str(message.get("type", "")).split("."), family, family][1]
    return read_event(body, headers, publisher=publisher, family=family)


def accepted(message: object, headers: Sequence[tuple[str, bytes]] = (), **topic: str) -> Event:
    event = read(message, headers, **topic)
    assert isinstance(event, Event), event
    return event


def refused(message: object, headers: Sequence[tuple[str, bytes]] = (), **topic: str) -> Refused:
    refusal = read(message, headers, **topic)
    assert isinstance(refusal, Refused), refusal
    return refusal


def warned(event: Event) -> dict[str, str]:
    """The warnings by field; each field is warned about once."""
    assert len({warning.field for warning in event.warnings}) == len(event.warnings)
    assert all(isinstance(warning, FieldWarning) for warning in event.warnings)
    return {warning.field: warning.reason for warning in event.warnings}


def changed(message: Raw, path: str, value: Any) -> Raw:
    """A copy with another value at a path such as `data.people.0.risk`; `...` removes it."""
    copied = copy.deepcopy(message)
    holder: Any = copied
    *above, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for step in above:
        holder = holder[step]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return copied


def one(**known: Any) -> Raw:
    return police({"people": [person(**known)]})


def first(event: Event) -> Any:
    data: Any = event.data
    return data.people[0]
