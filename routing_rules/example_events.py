"""Example events: a point of a proof's space as CloudEvents in the contract's form.

What the register must know comes first, as events of its own; then the event itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from routing_rules.decision import Json
from routing_rules.example_pathways import EXAMPLE_CODE, pathway_data, plain_fields, subject_among
from routing_rules.example_people import (
    ABOUT,
    PATIENT,
    Cast,
    Plain,
    cast_of,
    is_counted,
    role_code,
)
from routing_rules.example_times import Moments, Unbuildable, moments_of
from routing_rules.gap_point import Point
from routing_rules.rulebook import Rulebook
from schemas.events import ROUTED_MODELS, family_of
from schemas.values import EventType

CloudEvent = dict[str, Json]
_DAY = timedelta(days=1)
_TEXTS: Plain = {
    "headline": "Example headline",
    "summary": "Example summary",
    "narrative": "Example narrative",
}


@dataclass(frozen=True, slots=True)
class Example:
    """An event that is as a point says, with the earlier events that it needs, in order.

    `about` is the ref of the person; None for a child whom only the register knows.
    """

    event: CloudEvent
    known: tuple[CloudEvent, ...]
    about: str | None
    occurred_at: datetime
    published_at: datetime


def example_of(point: Point, rulebook: Rulebook, *, at: time = time(12)) -> Example:
    """An example of a point, published at that time of day (UTC).

    Raises:
        Unbuildable: none can be made, for the reason that the message gives.
    """
    moments = moments_of(point, rulebook.settings, at)
    cast = cast_of(point, moments)
    writer = _Writer(point, moments, cast, rulebook)
    data = writer.data()
    role = point.word("role")
    about = None if cast.parents else (PATIENT if role == "patient" else ABOUT)
    return Example(
        event=writer.cloud_event(point.space.type, "example", data, moments.published_at),
        known=tuple(writer.known()),
        about=about,
        occurred_at=moments.occurred_at,
        published_at=moments.published_at,
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    point: Point
    moments: Moments
    cast: Cast
    rulebook: Rulebook

    def cloud_event(self, kind: EventType, name: str, data: Plain, at: datetime) -> CloudEvent:
        return {
            "specversion": "1.0",
            "id": name,
            "source": f"urn:fieldfare:source:{self._publisher(kind)}",
            "type": kind.value,
            "time": at.isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }

    def _publisher(self, kind: EventType) -> str:
        family = family_of(kind)
        sources = self.rulebook.settings.sources
        own = [each.publisher for each in sources if each.family is family]
        return own[0] if own else f"example-{family}"

    def data(self) -> Plain:
        """The data of the event itself."""
        kind = self.point.space.type
        texts = {name: _TEXTS[name] for name in _TEXTS if name in ROUTED_MODELS[kind].model_fields}
        told = {**texts, **plain_fields(self.point, self.moments)}
        people = list(self.cast.people)
        at = self.moments.occurred_at.isoformat()
        match kind:
            case EventType.POLICE_DOMESTIC_ABUSE:
                location = {"type": "home", "district": "E07000192"}
                told |= {"police_reference": "EXAMPLE/1", "incident_at": at, "location": location}
                return told | {"people": people}
            case EventType.MARAC_OUTCOME:
                return told | self._conference() | {"people": people}
            case EventType.EMERGENCY_ATTENDANCE:
                return told | self._attendance() | self._patient_and_others(people)
            case _:
                return told | pathway_data(self.point, self.moments, people)

    def _conference(self) -> Plain:
        repeat = self.point.word("repeat")
        told = {
            "case_number": "EXAMPLE-1",
            "met_on": self.moments.occurred_at.date().isoformat(),
            "risk_summary": "Example risk summary",
            "flag_until": (self.moments.occurred_at + 365 * _DAY).date().isoformat(),
        }
        return told if repeat == "unknown" else told | {"repeat": repeat == "yes"}

    def _attendance(self) -> Plain:
        at = self.moments.occurred_at
        told: Plain = {"attendance_id": "EXAMPLE-1", "arrived_at": at.isoformat()}
        told["reason"] = "Example reason"
        if self.point.site is not None:
            told["site"] = self.point.site
        if self.point.word("departure") == "recorded":
            told["departed_at"] = (at + timedelta(minutes=10)).isoformat()
        if is_counted(self.point) and 0 in self._counts().values():
            told["arrived_referral_id"] = "EXAMPLE-R"
        return told

    def _patient_and_others(self, people: list[Plain]) -> Plain:
        patient = next(person for person in people if person["role"] == "patient")
        return {"patient": patient, "people": [each for each in people if each is not patient]}

    def known(self) -> Iterator[CloudEvent]:
        """What must be known before: the register's rows, and earlier attendances."""
        at = self.moments.occurred_at - timedelta(hours=1)
        if self.cast.registered is not None:
            person = {**self.cast.registered, "nhs_number_status": "verified"}
            flags = [
                {"kind": role_code(kind), "state": "active"} for kind in self.point.flags("flags")
            ]
            data = {"person": person, "recorded_at": at.isoformat(), "flags": flags}
            yield self.cloud_event(EventType.REGISTRATION_PERSON, "known-person", data, at)
        for place, parent in enumerate(self.cast.parents):
            link = {
                "from": parent,
                "to": self.cast.number,
                "is": "parent",
                "recorded_at": at.isoformat(),
            }
            name = f"known-link-{place}"
            yield self.cloud_event(EventType.REGISTRATION_FAMILY_LINK, name, link, at)
        yield from self._earlier_attendances()
        if self.point.has("arrival") and self.point.word("arrival") == "confirmed":
            yield self._arrival()

    def _counts(self) -> dict[int, int]:
        """By the days of each period, how many attendances it counts."""
        windows = [n for n in self.point.space.numbers if n.startswith("attendances in ")]
        counts = {int(name.split()[2]): self.point.number(name) for name in windows}
        return {days: count for days, count in sorted(counts.items()) if count is not None}

    def _earlier_attendances(self) -> Iterator[CloudEvent]:
        """As many attendances in each period as are missing, the oldest first."""
        counted = int(self._counts_itself())
        before, days_before = counted, 0
        missing: list[tuple[int, int]] = []
        for days, count in self._counts().items():
            missing += [(days_before + 1, count - before)] if count > before else []
            before, days_before = max(count, before), days
        for days, count in reversed(missing):
            for place in range(count):
                at = self.moments.occurred_at - days * _DAY + timedelta(minutes=place + 1)
                yield self._earlier(f"known-attendance-{days}-{place}", at)

    def _counts_itself(self) -> bool:
        is_patient = self.point.word("role") == "patient"
        if self.point.space.type is not EventType.EMERGENCY_ATTENDANCE or not is_patient:
            return False
        planned = self.point.word("category") == "planned follow up"
        return not planned and 0 not in self._counts().values()

    def _arrival(self) -> CloudEvent:
        """The attendance that shows that whoever was sent on has come."""
        patient = subject_among(self.cast.people)
        if "nhs_number" not in patient:
            raise Unbuildable("without an NHS number nobody can be seen to have arrived")
        known = ("ref", "role", "nhs_number", "nhs_number_status", "date_of_birth")
        at = self.moments.occurred_at + timedelta(minutes=10)
        data: dict[str, Any] = {
            "attendance_id": "known-arrival",
            "arrived_at": at.isoformat(),
            "status": "departed",
            "category": "unplanned_first",
            "arrived_referral_id": EXAMPLE_CODE,
            "patient": {key: patient[key] for key in known if key in patient},
        }
        return self.cloud_event(EventType.EMERGENCY_ATTENDANCE, "known-arrival", data, at)

    def _earlier(self, name: str, at: datetime) -> CloudEvent:
        patient = {"ref": PATIENT, "role": "patient", "nhs_number": self.cast.number}
        data: dict[str, Any] = {
            "attendance_id": name,
            "arrived_at": at.isoformat(),
            "status": "departed",
            "category": "unplanned_first",
            "patient": patient | {"nhs_number_status": "verified"},
        }
        return self.cloud_event(EventType.EMERGENCY_ATTENDANCE, name, data, at)
