"""What services of the community tell: transfers, relapse plans, contacts, missed appointments."""

from typing import Annotated

from pydantic import Field

from schemas.base import Day, Moment, Text
from schemas.event_data import EventData
from schemas.person import Code, Person
from schemas.values import (
    AssessmentKind,
    Consent,
    ContactConcern,
    EventStatus,
    ExploitationTool,
    MissedKind,
    Recorded,
    RelapsePlanKind,
    Setting,
    TransferReason,
    YesNo,
)


class OfCommunity(EventData):
    """What all events of the community tell; `people` are others than the patient."""

    status: EventStatus = EventStatus.NEW
    patient: Person
    people: tuple[Person, ...] = ()


class TransferIn(EventData):
    """Care of a family passes to another team (report, para 2.6). The occurrence: `transfer_id`.

    By a move, when a family-nurse programme ends, or at school entry. It takes effect on
    `effective_on`, which may lie ahead; districts are ONS codes.
    """

    transfer_id: Code | None = None
    status: EventStatus = EventStatus.NEW
    reason: TransferReason = TransferReason.UNKNOWN
    effective_on: Day | None = None
    from_team: Code | None = None
    to_team: Code | None = None
    from_district: Code | None = None
    to_district: Code | None = None
    records_sent: Recorded = Recorded.NOT_RECORDED
    people: Annotated[tuple[Person, ...], Field(min_length=1)]


class RelapsePlan(OfCommunity):
    """How an adult's relapse shows, and what then helps (para 2.7). The occurrence: plan and day.

    Without consent it is told only where `override_reason` says why it must be.
    `caring_responsibilities`: whether children depend on the patient.
    """

    plan_id: Code | None = None
    agreed_on: Day | None = None
    provider: Code | None = None
    plan: RelapsePlanKind = RelapsePlanKind.UNKNOWN
    consent: Consent = Consent.NOT_RECORDED
    override_reason: Text | None = None
    crisis: YesNo = YesNo.UNKNOWN
    caring_responsibilities: Recorded = Recorded.NOT_RECORDED
    indicators: Text | None = None
    contingency: Text | None = None


class CommunityContact(OfCommunity):
    """Somebody was seen in the community, as at a sexual-health clinic. The occurrence: contact.

    `fraser_assessed` and `exploitation_tool` are asked of everybody who is young (para 1.33);
    `mobile`: whether a baby moves about by itself (para 5.1.11).
    """

    contact_id: Code | None = None
    contact_at: Moment | None = None
    provider: Code | None = None
    setting: Setting = Setting.UNKNOWN
    concerns: tuple[ContactConcern, ...] = ()
    fraser_assessed: Recorded = Recorded.NOT_RECORDED
    exploitation_tool: ExploitationTool = ExploitationTool.NOT_RECORDED
    mobile: YesNo = YesNo.UNKNOWN
    caring_responsibilities: Recorded = Recorded.NOT_RECORDED
    narrative: Text | None = None


class NotBrought(OfCommunity):
    """A child was not brought, or an adult did not attend (para 2.23). The occurrence: appointment.

    `missed_in_12_months` counts this one.
    """

    appointment_id: Code | None = None
    appointment_on: Day | None = None
    provider: Code | None = None
    setting: Setting = Setting.UNKNOWN
    missed: MissedKind = MissedKind.UNKNOWN
    first_appointment: YesNo = YesNo.UNKNOWN
    missed_in_12_months: Annotated[int, Field(strict=True, ge=0)] | None = None
    caring_responsibilities: Recorded = Recorded.NOT_RECORDED
    safeguarding_marker: Recorded = Recorded.NOT_RECORDED


class AssessmentDue(OfCommunity):
    """A looked-after child's health assessment is due (para 4.2 to 4.8). The occurrence: itself."""

    assessment_id: Code | None = None
    assessment: AssessmentKind = AssessmentKind.UNKNOWN
    due_on: Day | None = None
    authority: Code | None = None
    strengths_and_difficulties: Recorded = Recorded.NOT_RECORDED
