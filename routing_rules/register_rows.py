"""From an event to the row that is kept of it, or to the reason why it cannot be used."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel, JsonValue

from routing_rules.humans import usable_nhs_number
from routing_rules.known import Attendance, Booking, Link, Registration, SentOn, Told
from routing_rules.register_problems import ProblemKind, RegisterProblem
from schemas.event_data import EventData
from schemas.events import EmergencyAttendance, FieldWarning
from schemas.maternity import MaternityBooking
from schemas.onward_referral import OnwardReferral
from schemas.person import Somebody
from schemas.reasons import Reason
from schemas.registration import FamilyLink, FlagState, RegistrationPerson
from schemas.values import (
    AttendanceCategory,
    AttendanceStatus,
    EventStatus,
    PersonStatus,
    Relation,
)

FLAG = "flag:"
"""Before kind and authority: what a record says of the flags of that kind and authority."""
UNCLEAR_FLAG = "unclear-flag:"
"""The same, of flags of which it does not say whether they are set."""
_OF_THE_PERSON = (
    "name",
    "date_of_birth",
    "sex",
    "address",
    "address_restricted",
    "gp_practice",
    "school",
)
_OF_THE_RECORD = ("health_visiting_team", "family_nurse", "deceased_on")
_SAYS_NOTHING: tuple[object, ...] = (None, "unknown", [])


class RegisterEvent(Protocol):
    """What the register needs of an event; `schemas.events.Event` has it."""

    @property
    def source(self) -> str:
        """The full URN."""

    @property
    def publisher(self) -> str:
        """The last part of the source."""

    @property
    def id(self) -> str:
        """With the source, the event's name for ever."""

    @property
    def time(self) -> datetime:
        """When it was published; aware."""

    @property
    def sequence(self) -> str | None:
        """The source's own counter, as digits."""

    @property
    def data(self) -> EventData:
        """What it tells."""

    @property
    def warnings(self) -> Sequence[FieldWarning]:
        """What could not be used when it was read."""


def event_name(event: RegisterEvent) -> str:
    """`source|id`, which names the event for ever."""
    return f"{event.source.replace('%', '%25').replace('|', '%7C')}|{event.id}"


def registration_of(
    event: RegisterEvent, data: RegistrationPerson
) -> Registration | RegisterProblem:
    """The row of a registration; without an NHS number there is nobody to keep it for."""
    person = data.person
    if person.nhs_number is None:
        return RegisterProblem(event_name(event), ProblemKind.NO_NHS_NUMBER, "person.nhs_number")
    told = told_by(event, data.status, person)
    return Registration(
        nhs_number=person.nhs_number,
        recorded_at=_utc(data.recorded_at or event.time),
        told=told,
        fields={} if told.withdraws else _fields_of(data),
        verified=usable_nhs_number(person) is not None,
    )


def link_of(event: RegisterEvent, data: FamilyLink) -> Link | RegisterProblem:
    """The row of a family link, if both ends can be told apart and one says what it is."""
    from_, to = data.from_, data.to
    if from_ is None:
        return RegisterProblem(to or event_name(event), ProblemKind.LINK_END_UNUSABLE, "from")
    if to is None:
        return RegisterProblem(from_, ProblemKind.LINK_END_UNUSABLE, "to")
    if from_ == to:
        return RegisterProblem(from_, ProblemKind.LINK_TO_ONESELF, "to")
    told = told_by(event, data.status)
    if data.is_ is Relation.UNKNOWN and not told.withdraws:
        return RegisterProblem(from_, ProblemKind.LINK_UNKNOWN, "is", to)
    return Link(
        from_=from_,
        to=to,
        relation=data.is_,
        recorded_at=_utc(data.recorded_at or event.time),
        ended_at=_utc(data.ended_at) if data.ended_at else None,
        told=told,
    )


def booking_of(event: RegisterEvent, data: MaternityBooking) -> Booking:
    """The row of a booking; one that does not say whose it is may still correct or withdraw."""
    mother = data.mother
    return Booking(
        pregnancy_id=data.pregnancy_id,
        provider=data.provider,
        mother=mother.nhs_number,
        booked_at=_utc(data.booked_at) if data.booked_at else None,
        expected_due_date=data.expected_due_date,
        told=told_by(event, data.status, mother),
        verified=usable_nhs_number(mother) is not None,
        date_of_birth=mother.date_of_birth,
    )


def is_due_date_dropped(event: RegisterEvent) -> bool:
    """Whether reading the event found its expected due date impossible."""
    return FieldWarning("data.expected_due_date", Reason.NOT_PLAUSIBLE) in event.warnings


def attendance_of(
    occurrence_id: UUID, told: EmergencyAttendance, arrived_at: datetime
) -> Attendance | None:
    """The row of an attendance as all its events tell it; None without an NHS number.

    Whether it counts: not if it was cancelled or planned, nor if it is the arrival that an onward
    referral announced (contracts, "Emergency attendance"). An unknown category counts.
    """
    patient = told.patient
    if patient.nhs_number is None:
        return None
    happened = (
        told.status not in (AttendanceStatus.CANCELLED, AttendanceStatus.ENTERED_IN_ERROR)
        and patient.status is not PersonStatus.ENTERED_IN_ERROR
    )
    planned = told.category is AttendanceCategory.PLANNED_FOLLOW_UP
    return Attendance(
        nhs_number=patient.nhs_number,
        arrived_at=_utc(arrived_at),
        occurrence_id=occurrence_id,
        category=told.category,
        counts=happened and not planned and told.arrived_referral_id is None,
        verified=usable_nhs_number(patient) is not None,
        date_of_birth=patient.date_of_birth,
        site=told.site,
        arrived_referral_id=told.arrived_referral_id,
        happened=happened,
    )


def sent_on_of(occurrence_id: UUID, told: OnwardReferral, sent_at: datetime) -> SentOn | None:
    """The row of an onward referral as all its events tell it; None without an NHS number."""
    number = told.patient.nhs_number
    if number is None:
        return None
    return SentOn(number, _utc(sent_at), occurrence_id, told.referral_id, told.to_site)


def told_by(event: RegisterEvent, status: EventStatus, about: Somebody | None = None) -> Told:
    """The event that told something; of somebody entered in error it is withdrawn."""
    if about is not None and about.status is PersonStatus.ENTERED_IN_ERROR:
        status = EventStatus.ENTERED_IN_ERROR
    sequence = event.sequence or ""
    return Told(
        event=event_name(event),
        publisher=event.publisher,
        published_at=_utc(event.time),
        sequence=int(sequence) if sequence.isdecimal() else -1,
        status=status,
    )


def _fields_of(data: RegistrationPerson) -> dict[str, JsonValue]:
    """What is given: a null is given and clears, but nothing is said by `unknown` or by nothing."""
    return {
        **_given(data.person, _OF_THE_PERSON),
        **_given(data, _OF_THE_RECORD),
        **_flags_of(data),
    }


def _given(model: BaseModel, names: tuple[str, ...]) -> dict[str, JsonValue]:
    given = model.model_dump(mode="json", include=model.model_fields_set & {*names})
    return {name: value for name, value in given.items() if not _is_unknown(value)}


def _is_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return all(part in _SAYS_NOTHING for part in value.values())
    return bool(value == "unknown")


def _flags_of(data: RegistrationPerson) -> dict[str, JsonValue]:
    """All that is said of the flags of one kind and authority is one field."""
    together: dict[str, list[JsonValue]] = {}
    for flag in data.flags:
        prefix = UNCLEAR_FLAG if flag.state is FlagState.UNKNOWN else FLAG
        name = f"{prefix}{flag.kind}:{flag.authority or ''}"
        together.setdefault(name, []).append(flag.model_dump(mode="json", by_alias=True))
    return {name: sorted(flags, key=repr) for name, flags in together.items()}


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
