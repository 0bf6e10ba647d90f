"""Makes the events that the register takes, and says what they tell by default."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from routing_rules.known import Known
from routing_rules.register import Register
from schemas.event_data import EventData
from schemas.events import FieldWarning
from schemas.maternity import MaternityBooking
from schemas.registration import FamilyLink, RegistrationPerson
from tests.builders import nhs_number

AT = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)
"""When the occurrence was whose facts are read."""
ASHA, BELLA, CARL, DORA = (nhs_number(number) for number in range(1, 5))


def days(number: float) -> datetime:
    """So many days after the occurrence."""
    return AT + timedelta(days=number)


EARLIER = days(-60)


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event as the register needs it."""

    data: EventData
    id: str
    time: datetime
    publisher: str = "registration"
    sequence: str | None = None
    warnings: Sequence[FieldWarning] = field(default=())

    @property
    def source(self) -> str:
        return f"urn:fieldfare:source:{self.publisher}"


_made = iter(range(1_000_000))


def told(data: EventData, at: datetime, **event: Any) -> ToldEvent:
    return ToldEvent(**{"id": f"e{next(_made)}", "data": data, "time": at, **event})


def person(number: str = ASHA, **known: Any) -> dict[str, Any]:
    identity = {"nhs_number": number, "nhs_number_status": "verified"}
    return {"ref": "p", "role": "patient", **identity, **known}


def registration(
    number: str = ASHA,
    *,
    at: datetime = EARLIER,
    event: Mapping[str, Any] | None = None,
    record: Mapping[str, Any] | None = None,
    **known: Any,
) -> ToldEvent:
    """A registration of this person, recorded then; `record` is beside the person."""
    data = {
        "person": person(number, **known),
        "recorded_at": at.isoformat(),
        **(record or {}),
    }
    read = RegistrationPerson.model_validate_json(json.dumps(data))
    return told(read, **{"at": at, **(event or {})})


def link(
    from_: str | None,
    to: str | None,
    is_: str = "parent",
    *,
    at: datetime = EARLIER,
    event: Mapping[str, Any] | None = None,
    **known: Any,
) -> ToldEvent:
    data = {"from": from_, "to": to, "is": is_, "recorded_at": at.isoformat(), **known}
    return told(FamilyLink.model_validate_json(json.dumps(data)), **{"at": at, **(event or {})})


def booking(
    number: str | None = ASHA,
    *,
    at: datetime = EARLIER,
    event: Mapping[str, Any] | None = None,
    mother: Mapping[str, Any] | None = None,
    **known: Any,
) -> ToldEvent:
    """A booking of this mother at this time, if `known` does not say otherwise."""
    identity = {} if number else {"nhs_number": None, "nhs_number_status": "absent"}
    data = {
        "pregnancy_id": "MAT-1",
        "provider": "RJE",
        "booked_at": at.isoformat(),
        "expected_due_date": "2026-08-20",
        "mother": {**person(number or ASHA), **identity, **(mother or {})},
        **known,
    }
    read = MaternityBooking.model_validate_json(json.dumps(data))
    return told(read, **{"at": at, "publisher": "rje-maternity", **(event or {})})


def known_from(*events: ToldEvent, about: Sequence[str] = (ASHA, BELLA, CARL, DORA)) -> Known:
    """What the register knows when these events have come in, in this order."""
    register = Register()
    for event in events:
        register.apply(event)
    return register.known_about(about)
