"""What happened: one event as read from a source, and the data of each event type."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from schemas.base import Day, Message, Moment, Text
from schemas.community import (
    AssessmentDue,
    CommunityContact,
    NotBrought,
    RelapsePlan,
    TransferIn,
)
from schemas.event_data import EventData
from schemas.maternity import (
    AppointmentMissed,
    Birth,
    MaternityBooking,
    MaternityConcern,
    PostnatalTransfer,
    PregnancyEnded,
)
from schemas.onward_referral import OnwardReferral
from schemas.person import Code, Person
from schemas.registration import FamilyLink, IdentityChange, RegistrationPerson
from schemas.social_care import (
    ChildStatus,
    ConferenceInvitation,
    ConferenceOutcome,
    ExploitationRisk,
    SocialCareReferral,
)
from schemas.values import (
    ActionStatus,
    AttendanceCategory,
    AttendanceStatus,
    Concern,
    Department,
    Disposal,
    EventStatus,
    EventType,
    Family,
    IncidentType,
    MaracCriterion,
    PerceivedRisk,
    Recorded,
    Risk,
    YesNo,
)


class Location(Message):
    """Where an incident happened; restricted."""

    type: Text | None = None
    address: Text | None = None
    postcode: Text | None = None
    district: Code | None = None


class PoliceDomesticAbuse(EventData):
    """A police domestic-abuse notification (domain facts 1.1)."""

    police_reference: Code | None = None
    status: EventStatus = EventStatus.NEW
    incident_at: Moment | None = None
    reported_at: Moment | None = None
    risk: Risk = Risk.NOT_ASSESSED
    incident_types: tuple[IncidentType, ...] = ()
    children_present: YesNo = YesNo.UNKNOWN
    district: Code | None = None
    location: Location | None = None
    people: Annotated[tuple[Person, ...], Field(min_length=1)]
    encompass_sent: bool | None = None
    prior_incidents_12_months: Annotated[int, Field(strict=True, ge=0)] | None = None
    narrative: Text | None = None


class ClinicalCode(Message):
    """A code of a named system (SNOMED CT, ICD-10)."""

    system: Text
    code: Text


class EmergencyAttendance(EventData):
    """An attendance at an emergency department or minor injuries unit (domain facts 1.2)."""

    attendance_id: Code | None = None
    site: Code | None = None
    department: Department = Department.UNKNOWN
    status: AttendanceStatus = AttendanceStatus.UNKNOWN
    arrived_at: Moment | None = None
    departed_at: Moment | None = None
    category: AttendanceCategory = AttendanceCategory.UNKNOWN
    reason: Text | None = None
    concerns: tuple[Concern, ...] = ()
    codes: tuple[ClinicalCode, ...] = ()
    disposal: Disposal = Disposal.UNKNOWN
    perceived_risk: PerceivedRisk = PerceivedRisk.UNKNOWN
    parent_contacted: Recorded = Recorded.NOT_RECORDED
    patient: Person
    people: tuple[Person, ...] = ()
    caring_responsibilities: Recorded = Recorded.NOT_RECORDED
    arrived_referral_id: Code | None = None
    narrative: Text | None = None


class Action(Message):
    """An action of a conference: whose it is, and by when."""

    id: Code
    text: Text | None = None
    service: Code | None = None
    organisation: Code | None = None
    due_on: Day | None = None
    status: ActionStatus = ActionStatus.UNKNOWN


class MaracOutcome(EventData):
    """The outcome of a multi-agency risk assessment conference (domain facts 1.5)."""

    case_number: Code | None = None
    status: EventStatus = EventStatus.NEW
    marac: Text | None = None
    met_on: Day | None = None
    repeat: bool | None = None
    criteria: tuple[MaracCriterion, ...] = ()
    flag_until: Day | None = None
    risk_summary: Text | None = None
    people: Annotated[tuple[Person, ...], Field(min_length=1)]
    actions: tuple[Action, ...] = ()


MaternityData = (
    MaternityBooking
    | MaternityConcern
    | AppointmentMissed
    | Birth
    | PregnancyEnded
    | PostnatalTransfer
)
SocialCareData = (
    ChildStatus | ConferenceInvitation | ConferenceOutcome | SocialCareReferral | ExploitationRisk
)
CommunityData = TransferIn | RelapsePlan | CommunityContact | NotBrought | AssessmentDue
AnyEventData = (
    PoliceDomesticAbuse
    | EmergencyAttendance
    | OnwardReferral
    | MaracOutcome
    | MaternityData
    | SocialCareData
    | CommunityData
)
"""What happened to people, which is routed; some of it tells the register something as well."""
RegisterData = RegistrationPerson | FamilyLink | IdentityChange
"""What is known about people, which is for the register and itself never routed.

`isinstance(event.data, RegisterData)` tells the two apart, for mypy as well.
"""

ReadData = AnyEventData | RegisterData
"""What any event that could be read may carry."""

ROUTED_MODELS: Mapping[EventType, type[AnyEventData]] = {
    EventType.POLICE_DOMESTIC_ABUSE: PoliceDomesticAbuse,
    EventType.EMERGENCY_ATTENDANCE: EmergencyAttendance,
    EventType.MARAC_OUTCOME: MaracOutcome,
    EventType.ONWARD_REFERRAL: OnwardReferral,
    EventType.MATERNITY_BOOKING: MaternityBooking,
    EventType.MATERNITY_CONCERN: MaternityConcern,
    EventType.MATERNITY_APPOINTMENT_MISSED: AppointmentMissed,
    EventType.MATERNITY_BIRTH: Birth,
    EventType.MATERNITY_ENDED: PregnancyEnded,
    EventType.MATERNITY_POSTNATAL_TRANSFER: PostnatalTransfer,
    EventType.CHILD_STATUS: ChildStatus,
    EventType.CONFERENCE_INVITATION: ConferenceInvitation,
    EventType.CONFERENCE_OUTCOME: ConferenceOutcome,
    EventType.SOCIAL_CARE_REFERRAL: SocialCareReferral,
    EventType.EXPLOITATION_RISK: ExploitationRisk,
    EventType.TRANSFER_IN: TransferIn,
    EventType.RELAPSE_PLAN: RelapsePlan,
    EventType.COMMUNITY_CONTACT: CommunityContact,
    EventType.NOT_BROUGHT: NotBrought,
    EventType.ASSESSMENT_DUE: AssessmentDue,
}
REGISTER_MODELS: Mapping[EventType, type[RegisterData]] = {
    EventType.REGISTRATION_PERSON: RegistrationPerson,
    EventType.REGISTRATION_FAMILY_LINK: FamilyLink,
    EventType.REGISTRATION_IDENTITY: IdentityChange,
}
DATA_MODELS: Mapping[EventType, type[ReadData]] = {
    **ROUTED_MODELS,
    **REGISTER_MODELS,
}


def family_of(event_type: EventType) -> Family:
    """The family is the second part of the type's name."""
    return Family(event_type.value.split(".")[1])


@dataclass(frozen=True, slots=True)
class FieldWarning:
    """Something in a message that could not be used: the field's path, never its value."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event as read: what is understood, with warnings about the rest.

    `time` is when it was published (UTC). `sha256` is of the bytes that arrived, and tells a
    repeat from a reused id. `source` is the full URN; `publisher` its last part.
    """

    source: str
    id: str
    type: EventType
    time: datetime
    sequence: str | None
    data: ReadData
    sha256: bytes
    warnings: tuple[FieldWarning, ...] = ()

    @property
    def publisher(self) -> str:
        """The last part of the source, which is also the last part of its topic."""
        return self.source.rsplit(":", 1)[-1]


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that cannot be read as an event: the field's path and why, never a value.

    `keep_bytes` is false where not even the body may be stored (a disclosure-scheme event).
    `source` and `id` are given where they could be read, so that the publisher can be told, and
    `sequence`, so that what arrived is not taken for missing.
    """

    field: str
    reason: str
    sha256: bytes
    keep_bytes: bool = True
    source: str | None = None
    id: str | None = None
    sequence: str | None = None
