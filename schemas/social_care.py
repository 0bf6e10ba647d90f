"""What children's social care tells: plans, conferences, referrals, exploitation.

The children whom an event is about have the role `child_elsewhere` in it, or `unborn`; other
children of the family are siblings.
"""

from typing import Annotated

from pydantic import Field

from schemas.base import Day, Message, Moment, Text
from schemas.event_data import EventData
from schemas.person import Code, Person
from schemas.values import (
    AbuseCategory,
    ConferenceDecision,
    ConferenceKind,
    EventStatus,
    ExploitationKind,
    ExploitationLevel,
    InvitationAnswer,
    PlanChange,
    PlanKind,
    ReferredTo,
    YesNo,
)


class OfSocialCare(EventData):
    """What all events of social care tell."""

    status: EventStatus = EventStatus.NEW
    authority: Code | None = None
    people: Annotated[tuple[Person, ...], Field(min_length=1)]


class ChildStatus(OfSocialCare):
    """A plan started, changed or ended (report, para 1.28). The occurrence: the plan and the day.

    `family_intact` after its end: whether the child still lives with the same family (para 3.13).
    """

    plan_reference: Code | None = None
    changed_on: Day | None = None
    plan: PlanKind = PlanKind.UNKNOWN
    change: PlanChange = PlanChange.UNKNOWN
    categories: tuple[AbuseCategory, ...] = ()
    legal_status: Text | None = None
    family_intact: YesNo = YesNo.UNKNOWN


class Invitee(Message):
    """Somebody who is invited: a service, and if known its team, as `RJF:midwifery`."""

    service: Code | None = None
    recipient: Code | None = None
    answer: InvitationAnswer = InvitationAnswer.UNKNOWN


class ConferenceInvitation(OfSocialCare):
    """Professionals are invited to a conference (para 2.22, 3.12). The occurrence: the conference.

    A report is due by the end of `report_due_on`, an answer by the end of `response_due_on`.
    """

    conference_id: Code | None = None
    conference: ConferenceKind = ConferenceKind.UNKNOWN
    invited_on: Day | None = None
    conference_at: Moment | None = None
    report_due_on: Day | None = None
    response_due_on: Day | None = None
    invitees: tuple[Invitee, ...] = ()


class ConferenceOutcome(OfSocialCare):
    """What a conference decided (para 3.4, 3.17). The occurrence is the conference."""

    conference_id: Code | None = None
    conference: ConferenceKind = ConferenceKind.UNKNOWN
    held_on: Day | None = None
    decision: ConferenceDecision = ConferenceDecision.UNKNOWN
    plan: PlanKind = PlanKind.UNKNOWN
    categories: tuple[AbuseCategory, ...] = ()
    review_on: Day | None = None


class SocialCareReferral(OfSocialCare):
    """A copy of a referral to social care (MARF; para 3.1 to 3.3). The occurrence: `referral_id`.

    A text that is absent was left blank on the form.
    """

    referral_id: Code | None = None
    referred_at: Moment | None = None
    referred_by: Code | None = None
    referred_to: ReferredTo = ReferredTo.UNKNOWN
    categories: tuple[AbuseCategory, ...] = ()
    household: Text | None = None
    analysis_of_risk: Text | None = None
    threshold: Text | None = None
    expected_outcome: Text | None = None
    narrative: Text | None = None


class ExploitationRisk(OfSocialCare):
    """A child was assessed for exploitation (para 3.11, 5.1.14). The occurrence: the assessment."""

    assessment_id: Code | None = None
    assessed_on: Day | None = None
    exploitation: tuple[ExploitationKind, ...] = ()
    risk: ExploitationLevel = ExploitationLevel.NOT_ASSESSED
    narrative: Text | None = None
