"""The fields of each kind of event that rules may test, beside those of the people in it."""

from collections.abc import Mapping

from routing_rules.fields import Field, FieldKind, choice, flags
from schemas.values import (
    AbuseCategory,
    AntenatalAppointment,
    AssessmentKind,
    AttendanceCategory,
    AttendanceStatus,
    BabyOutcome,
    Concern,
    ConferenceDecision,
    ConferenceKind,
    Consent,
    ContactConcern,
    Department,
    Disposal,
    EventType,
    ExploitationKind,
    ExploitationLevel,
    ExploitationTool,
    IncidentType,
    MaracCriterion,
    MaternalMentalHealth,
    MaternityConcernKind,
    MissedKind,
    PerceivedRisk,
    PlanChange,
    PlanKind,
    PregnancyOutcome,
    ProtectionStatus,
    Recorded,
    ReferredFor,
    ReferredTo,
    RelapsePlanKind,
    Risk,
    Service,
    Setting,
    TransferReason,
    YesNo,
)

MOST = 1000
"""More of anything than this is told to the rules as this many."""
MOST_BABIES = 20
"""The same of babies, who are named one by one."""
DEPARTURES = ("recorded", "awaited", "overdue")
ACCOMPANIED = ("named", "not named", "not recorded")
PRESENCE = ("recorded", "not recorded")
"""Whether a text stands there: a blank is not recorded."""
TRANSFER_FIELDS = ("complete", "incomplete")
ARRIVALS = ("confirmed", "awaited", "not confirmed", "still not confirmed")
"""Of somebody who was sent on; the register and the clock tell it, not the event."""
NOT_THE_BABY = "not the baby"
INVITED = (*(service.value.replace("-", " ") for service in Service), "unknown")


def _presence(name: str) -> Field:
    return choice(name, PRESENCE)


def _count(name: str) -> Field:
    return Field(name, FieldKind.NUMBER, high=MOST)


_POLICE = (
    choice("risk", Risk),
    flags("incident types", IncidentType),
    choice("children present", YesNo),
)
_ATTENDANCE = (
    choice("department", Department),
    choice("status", AttendanceStatus),
    choice("departure", DEPARTURES),
    choice("category", AttendanceCategory),
    flags("concerns", Concern),
    choice("disposal", Disposal),
    choice("perceived risk", PerceivedRisk),
    choice("parent contacted", Recorded),
    choice("caring responsibilities", Recorded),
    choice("accompanying adult", ACCOMPANIED),
)
_MARAC = (flags("criteria", MaracCriterion), choice("repeat", YesNo))
_ONWARD_REFERRAL = (
    choice("for", ReferredFor),
    _presence("expected by"),
    choice("arrival", ARRIVALS),
)
_BOOKING = (_presence("expected due date"),)
_MATERNITY_CONCERN = (
    flags("concerns", MaternityConcernKind),
    choice("risk to girls", YesNo),
    choice("police informed", Recorded),
)
_APPOINTMENT_MISSED = (
    choice("appointment", AntenatalAppointment),
    _count("missed appointments"),
    choice("safeguarding marker", Recorded),
    choice("contacted", Recorded),
)
_BIRTH = (Field("babies", FieldKind.NUMBER, high=MOST_BABIES), flags("outcomes", BabyOutcome))
_POSTNATAL_TRANSFER = (
    flags("outcomes", BabyOutcome),
    choice("safeguarding fields", TRANSFER_FIELDS),
    choice("maternal mental health", MaternalMentalHealth),
    choice("child protection status", ProtectionStatus),
    choice("planned mbu transfer", Recorded),
    _presence("parental responsibility"),
    _presence("ethnicity"),
    _presence("baby's practice"),
    choice("risk marker", Recorded),
)
_CHILD_STATUS = (
    choice("plan", PlanKind),
    choice("change", PlanChange),
    flags("categories", AbuseCategory),
    choice("family intact", YesNo),
)
_INVITATION = (
    choice("conference", ConferenceKind),
    flags("invited", INVITED),
    flags("no answer from", INVITED),
    _presence("report due"),
    _presence("response due"),
)
_OUTCOME = (
    choice("conference", ConferenceKind),
    choice("decision", ConferenceDecision),
    choice("plan", PlanKind),
    flags("categories", AbuseCategory),
)
_REFERRAL = (
    choice("referred to", ReferredTo),
    flags("categories", AbuseCategory),
    _presence("household"),
    _presence("analysis of risk"),
    _presence("threshold"),
    _presence("expected outcome"),
)
_EXPLOITATION = (flags("exploitation", ExploitationKind), choice("risk", ExploitationLevel))
_TRANSFER_IN = (
    choice("reason", TransferReason),
    choice("records sent", Recorded),
    _presence("from team"),
    _presence("to team"),
)
_RELAPSE_PLAN = (
    choice("plan", RelapsePlanKind),
    choice("consent", Consent),
    _presence("override reason"),
    choice("crisis", YesNo),
    choice("caring responsibilities", Recorded),
    _presence("indicators"),
)
_CONTACT = (
    choice("setting", Setting),
    flags("concerns", ContactConcern),
    choice("fraser assessed", Recorded),
    choice("exploitation tool", ExploitationTool),
    choice("mobile", YesNo),
    choice("caring responsibilities", Recorded),
)
_NOT_BROUGHT = (
    choice("setting", Setting),
    choice("missed", MissedKind),
    choice("first appointment", YesNo),
    _count("missed appointments"),
    choice("caring responsibilities", Recorded),
    choice("safeguarding marker", Recorded),
)
_ASSESSMENT_DUE = (
    choice("assessment", AssessmentKind),
    choice("strengths and difficulties", Recorded),
)

EVENT_FIELDS: Mapping[EventType, tuple[Field, ...]] = {
    EventType.POLICE_DOMESTIC_ABUSE: _POLICE,
    EventType.EMERGENCY_ATTENDANCE: _ATTENDANCE,
    EventType.MARAC_OUTCOME: _MARAC,
    EventType.ONWARD_REFERRAL: _ONWARD_REFERRAL,
    EventType.MATERNITY_BOOKING: _BOOKING,
    EventType.MATERNITY_CONCERN: _MATERNITY_CONCERN,
    EventType.MATERNITY_APPOINTMENT_MISSED: _APPOINTMENT_MISSED,
    EventType.MATERNITY_BIRTH: _BIRTH,
    EventType.MATERNITY_ENDED: (choice("outcome", PregnancyOutcome),),
    EventType.MATERNITY_POSTNATAL_TRANSFER: _POSTNATAL_TRANSFER,
    EventType.CHILD_STATUS: _CHILD_STATUS,
    EventType.CONFERENCE_INVITATION: _INVITATION,
    EventType.CONFERENCE_OUTCOME: _OUTCOME,
    EventType.SOCIAL_CARE_REFERRAL: _REFERRAL,
    EventType.EXPLOITATION_RISK: _EXPLOITATION,
    EventType.TRANSFER_IN: _TRANSFER_IN,
    EventType.RELAPSE_PLAN: _RELAPSE_PLAN,
    EventType.COMMUNITY_CONTACT: _CONTACT,
    EventType.NOT_BROUGHT: _NOT_BROUGHT,
    EventType.ASSESSMENT_DUE: _ASSESSMENT_DUE,
}
"""Every kind of event that is routed, in the order in which rules are told of them."""

_BABY = (choice("birth outcome", (*BabyOutcome, NOT_THE_BABY)),)
OWN_PERSON_FIELDS: Mapping[EventType, tuple[Field, ...]] = {
    EventType.MATERNITY_BIRTH: _BABY,
    EventType.MATERNITY_POSTNATAL_TRANSFER: _BABY,
}
"""What may be tested of each person in some kinds of event only."""
