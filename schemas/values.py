"""The closed value sets of the contract: one word per idea, spelt as they travel."""

from enum import StrEnum


class EventType(StrEnum):
    """Event types that are read. The value is the CloudEvents `type`."""

    POLICE_DOMESTIC_ABUSE = "fieldfare.police.domestic-abuse.v1"
    EMERGENCY_ATTENDANCE = "fieldfare.emergency.attendance.v1"
    MARAC_OUTCOME = "fieldfare.marac.outcome.v1"
    REGISTRATION_PERSON = "fieldfare.registration.person.v1"
    REGISTRATION_FAMILY_LINK = "fieldfare.registration.family-link.v1"
    REGISTRATION_IDENTITY = "fieldfare.registration.identity.v1"
    MATERNITY_BOOKING = "fieldfare.maternity.booking.v1"
    ONWARD_REFERRAL = "fieldfare.emergency.onward-referral.v1"
    MATERNITY_CONCERN = "fieldfare.maternity.concern.v1"
    MATERNITY_APPOINTMENT_MISSED = "fieldfare.maternity.appointment-missed.v1"
    MATERNITY_BIRTH = "fieldfare.maternity.birth.v1"
    MATERNITY_ENDED = "fieldfare.maternity.ended.v1"
    MATERNITY_POSTNATAL_TRANSFER = "fieldfare.maternity.postnatal-transfer.v1"
    CHILD_STATUS = "fieldfare.social-care.child-status.v1"
    CONFERENCE_INVITATION = "fieldfare.social-care.conference-invitation.v1"
    CONFERENCE_OUTCOME = "fieldfare.social-care.conference-outcome.v1"
    SOCIAL_CARE_REFERRAL = "fieldfare.social-care.referral.v1"
    EXPLOITATION_RISK = "fieldfare.social-care.exploitation-risk.v1"
    TRANSFER_IN = "fieldfare.community.transfer-in.v1"
    RELAPSE_PLAN = "fieldfare.community.relapse-plan.v1"
    COMMUNITY_CONTACT = "fieldfare.community.contact.v1"
    NOT_BROUGHT = "fieldfare.community.not-brought.v1"
    ASSESSMENT_DUE = "fieldfare.community.assessment-due.v1"


class Family(StrEnum):
    """Event families; each is a part of a topic's name."""

    POLICE = "police"
    EMERGENCY = "emergency"
    MARAC = "marac"
    MATERNITY = "maternity"
    SOCIAL_CARE = "social-care"
    COMMUNITY = "community"
    REGISTRATION = "registration"


class EventStatus(StrEnum):
    """What an event says of its occurrence."""

    NEW = "new"
    UPDATED = "updated"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"


class PersonStatus(StrEnum):
    """A person leaves an occurrence only by `entered_in_error`."""

    ACTIVE = "active"
    ENTERED_IN_ERROR = "entered_in_error"


class Role(StrEnum):
    """A person's part in an event."""

    VICTIM = "victim"
    ALLEGED_PERPETRATOR = "alleged_perpetrator"
    CHILD_PRESENT = "child_present"
    CHILD_RESIDENT_NOT_PRESENT = "child_resident_not_present"
    CHILD_ELSEWHERE = "child_elsewhere"
    UNBORN = "unborn"
    PATIENT = "patient"
    ACCOMPANYING_ADULT = "accompanying_adult"
    SIBLING = "sibling"
    PARENT = "parent"
    DEPENDANT = "dependant"
    OTHER_ADULT = "other_adult"
    CHILD_KNOWN_TO_REGISTER = "child_known_to_register"


class YesNo(StrEnum):
    """A question that may have no answer: unknown is not no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Recorded(StrEnum):
    """A question that somebody should have asked."""

    YES = "yes"
    NO = "no"
    NOT_RECORDED = "not_recorded"


class Pregnant(StrEnum):
    """What is known about a pregnancy."""

    YES = "yes"
    NO = "no"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


class Sex(StrEnum):
    """Administrative sex."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class NhsNumberStatus(StrEnum):
    """How far an NHS number can be trusted."""

    VERIFIED = "verified"
    TRACED = "traced"
    UNVERIFIED = "unverified"
    ABSENT = "absent"


class SchoolType(StrEnum):
    """Kinds of school; `none` is a child known to have no school."""

    STATE = "state"
    ACADEMY = "academy"
    PUPIL_REFERRAL_UNIT = "pupil_referral_unit"
    SPECIAL = "special"
    INDEPENDENT = "independent"
    HOME_EDUCATED = "home_educated"
    NONE = "none"
    UNKNOWN = "unknown"


class Relation(StrEnum):
    """What one person is to another."""

    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    PARTNER = "partner"
    FORMER_PARTNER = "former_partner"
    CARER = "carer"
    UNKNOWN = "unknown"


class Risk(StrEnum):
    """The police grade of risk; missing is not assessed, and not assessed is not low."""

    STANDARD = "standard"
    MEDIUM = "medium"
    HIGH = "high"
    NOT_ASSESSED = "not_assessed"


class IncidentType(StrEnum):
    """Kinds of domestic abuse."""

    PHYSICAL = "physical"
    SEXUAL = "sexual"
    COERCIVE_CONTROL = "coercive_control"
    STALKING = "stalking"
    HONOUR_BASED = "honour_based"
    ECONOMIC = "economic"
    EMOTIONAL = "emotional"
    THREATS = "threats"
    DAMAGE = "damage"
    UNKNOWN = "unknown"


class Department(StrEnum):
    """Emergency department or minor injuries unit."""

    ED = "ed"
    MIU = "miu"
    UNKNOWN = "unknown"


class AttendanceStatus(StrEnum):
    """Where an attendance stands."""

    ARRIVED = "arrived"
    UPDATED = "updated"
    DEPARTED = "departed"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"
    UNKNOWN = "unknown"


class AttendanceCategory(StrEnum):
    """Planned follow-ups do not count towards frequent attendance."""

    UNPLANNED_FIRST = "unplanned_first"
    UNPLANNED_FOLLOW_UP = "unplanned_follow_up"
    PLANNED_FOLLOW_UP = "planned_follow_up"
    UNKNOWN = "unknown"


class Concern(StrEnum):
    """Concerns that a clinician recorded at an attendance."""

    SELF_HARM = "self_harm"
    OVERDOSE = "overdose"
    ASSAULT = "assault"
    DOMESTIC_ABUSE = "domestic_abuse"
    ALCOHOL = "alcohol"
    SUBSTANCE_MISUSE = "substance_misuse"
    MENTAL_HEALTH = "mental_health"
    DOG_BITE = "dog_bite"
    BURN = "burn"
    HEAD_INJURY = "head_injury"
    BRUISING = "bruising"
    EMERGENCY_CONTRACEPTION = "emergency_contraception"
    SEXUAL_HEALTH = "sexual_health"
    FGM = "fgm"
    EXPLOITATION = "exploitation"
    UNKNOWN = "unknown"


class Disposal(StrEnum):
    """How an attendance ended."""

    TREATED = "treated"
    ADMITTED = "admitted"
    TRANSFERRED = "transferred"
    LEFT_BEFORE_ASSESSMENT = "left_before_assessment"
    LEFT_BEFORE_TREATMENT = "left_before_treatment"
    DIED = "died"
    UNKNOWN = "unknown"


class PerceivedRisk(StrEnum):
    """The department's own view of the risk to a child who left."""

    LOW = "low"
    HIGH = "high"
    UNKNOWN = "unknown"


class MaracCriterion(StrEnum):
    """Why a case was heard (SafeLives form)."""

    VISIBLE_HIGH_RISK = "visible_high_risk"
    PROFESSIONAL_JUDGEMENT = "professional_judgement"
    POTENTIAL_ESCALATION = "potential_escalation"
    MARAC_REPEAT = "marac_repeat"
    UNKNOWN = "unknown"


class ActionStatus(StrEnum):
    """Where an action of a conference stands."""

    OPEN = "open"
    DONE = "done"
    NOT_POSSIBLE_CHANGED_CIRCUMSTANCES = "not_possible_changed_circumstances"
    NOT_DONE = "not_done"
    TRANSFERRED = "transferred"
    UNKNOWN = "unknown"


class ReferredFor(StrEnum):
    """What a patient is sent on for."""

    X_RAY = "x_ray"
    PAEDIATRICS = "paediatrics"
    EMERGENCY_DEPARTMENT = "emergency_department"
    CAMHS = "camhs"
    UNKNOWN = "unknown"


class MaternityConcernKind(StrEnum):
    """What worries a midwife; `unborn_alert` is the alert form for an unborn child."""

    FGM = "fgm"
    UNBORN_ALERT = "unborn_alert"
    DOMESTIC_ABUSE = "domestic_abuse"
    MENTAL_HEALTH = "mental_health"
    SUBSTANCE_MISUSE = "substance_misuse"
    CHILD_REMOVED_BEFORE = "child_removed_before"
    CONCEALED_PREGNANCY = "concealed_pregnancy"
    LEARNING_DISABILITY = "learning_disability"
    YOUNG_PARENT = "young_parent"
    HOMELESSNESS = "homelessness"
    DELAYED_DISCHARGE = "delayed_discharge"
    OTHER_VULNERABILITY = "other_vulnerability"
    UNKNOWN = "unknown"


class AntenatalAppointment(StrEnum):
    """Kinds of appointment in a pregnancy."""

    BOOKING = "booking"
    ANTENATAL = "antenatal"
    SCAN = "scan"
    CONSULTANT = "consultant"
    UNKNOWN = "unknown"


class BabyOutcome(StrEnum):
    """How a birth ended for one baby; not known is not alive, and not a loss."""

    LIVE = "live"
    STILLBORN = "stillborn"
    DIED = "died"
    UNKNOWN = "unknown"


class PregnancyOutcome(StrEnum):
    """Why a pregnancy is no more."""

    BIRTH = "birth"
    MISCARRIAGE = "miscarriage"
    TERMINATION = "termination"
    ECTOPIC = "ectopic"
    STILLBIRTH = "stillbirth"
    NEONATAL_DEATH = "neonatal_death"
    MOTHER_DIED = "mother_died"
    UNKNOWN = "unknown"


class MaternalMentalHealth(StrEnum):
    """What a post-natal transfer says of the mother's mental health."""

    NO_CONCERN = "no_concern"
    PAST_CONCERN = "past_concern"
    CURRENT_CONCERN = "current_concern"
    NOT_RECORDED = "not_recorded"


class ProtectionStatus(StrEnum):
    """Under which plan a newborn child is, as a post-natal transfer says it."""

    NO_PLAN = "no_plan"
    CHILD_IN_NEED = "child_in_need"
    CHILD_PROTECTION = "child_protection"
    LOOKED_AFTER = "looked_after"
    NOT_RECORDED = "not_recorded"


class PlanKind(StrEnum):
    """Plans of children's social care; `unborn_plan` is child protection before birth."""

    CHILD_IN_NEED = "child_in_need"
    CHILD_PROTECTION = "child_protection"
    LOOKED_AFTER = "looked_after"
    UNBORN_PLAN = "unborn_plan"
    UNKNOWN = "unknown"


class PlanChange(StrEnum):
    """What became of a plan."""

    STARTED = "started"
    CHANGED = "changed"
    ENDED = "ended"
    UNKNOWN = "unknown"


class AbuseCategory(StrEnum):
    """Categories of abuse and neglect (Working Together)."""

    NEGLECT = "neglect"
    EMOTIONAL = "emotional"
    PHYSICAL = "physical"
    SEXUAL = "sexual"
    UNKNOWN = "unknown"


class ConferenceKind(StrEnum):
    """Kinds of conference to which professionals are invited."""

    INITIAL = "initial"
    PRE_BIRTH = "pre_birth"
    REVIEW = "review"
    DISCHARGE_PLANNING = "discharge_planning"
    UNKNOWN = "unknown"


class InvitationAnswer(StrEnum):
    """What somebody who was invited has answered; not known is not answered."""

    AWAITED = "awaited"
    ATTENDING = "attending"
    REPORT_SENT = "report_sent"
    APOLOGY = "apology"
    UNKNOWN = "unknown"


class ConferenceDecision(StrEnum):
    """What a conference decided."""

    PLAN_STARTED = "plan_started"
    PLAN_CONTINUED = "plan_continued"
    PLAN_ENDED = "plan_ended"
    NO_PLAN = "no_plan"
    ADJOURNED = "adjourned"
    UNKNOWN = "unknown"


class ReferredTo(StrEnum):
    """Where a referral to social care (MARF) was sent."""

    FIRST_RESPONSE = "first_response"
    MASH = "mash"
    UNKNOWN = "unknown"


class ExploitationKind(StrEnum):
    """Kinds of exploitation of children."""

    SEXUAL = "sexual"
    CRIMINAL = "criminal"
    UNKNOWN = "unknown"


class ExploitationLevel(StrEnum):
    """The assessed risk of exploitation; not assessed is not low."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NOT_ASSESSED = "not_assessed"


class TransferReason(StrEnum):
    """Why somebody's care passes to another team."""

    MOVE = "move"
    FAMILY_NURSE_GRADUATION = "family_nurse_graduation"
    SCHOOL_ENTRY = "school_entry"
    UNKNOWN = "unknown"


class RelapsePlanKind(StrEnum):
    """What a relapse plan is about."""

    MENTAL_HEALTH = "mental_health"
    SUBSTANCE_MISUSE = "substance_misuse"
    UNKNOWN = "unknown"


class Consent(StrEnum):
    """Whether somebody agreed that others are told; not recorded is not given."""

    GIVEN = "given"
    REFUSED = "refused"
    NOT_SOUGHT_UNSAFE = "not_sought_unsafe"
    NOT_RECORDED = "not_recorded"


class Setting(StrEnum):
    """Services of the community in which somebody was seen, or was not."""

    SEXUAL_HEALTH = "sexual_health"
    HEALTH_VISITING = "health_visiting"
    SCHOOL_NURSING = "school_nursing"
    GP = "gp"
    CAMHS = "camhs"
    ADULT_MENTAL_HEALTH = "adult_mental_health"
    PERINATAL_MENTAL_HEALTH = "perinatal_mental_health"
    SUBSTANCE_MISUSE = "substance_misuse"
    LOOKED_AFTER_HEALTH = "looked_after_health"
    PAEDIATRICS = "paediatrics"
    OTHER = "other"
    UNKNOWN = "unknown"


class ContactConcern(StrEnum):
    """Concerns of a contact in the community: those of an attendance, and some of its own."""

    SELF_HARM = "self_harm"
    OVERDOSE = "overdose"
    ASSAULT = "assault"
    DOMESTIC_ABUSE = "domestic_abuse"
    ALCOHOL = "alcohol"
    SUBSTANCE_MISUSE = "substance_misuse"
    MENTAL_HEALTH = "mental_health"
    DOG_BITE = "dog_bite"
    BURN = "burn"
    HEAD_INJURY = "head_injury"
    BRUISING = "bruising"
    EMERGENCY_CONTRACEPTION = "emergency_contraception"
    SEXUAL_HEALTH = "sexual_health"
    FGM = "fgm"
    EXPLOITATION = "exploitation"
    YOUNG_CARER = "young_carer"
    WORRYING_ENCOUNTER = "worrying_encounter"
    WORSE_WHILE_WAITING = "worse_while_waiting"
    DISCHARGE_PLANNED = "discharge_planned"
    PROCEDURE_PLANNED = "procedure_planned"
    UNKNOWN = "unknown"


class ExploitationTool(StrEnum):
    """What the tool that looks for exploitation showed."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NOT_RECORDED = "not_recorded"


class MissedKind(StrEnum):
    """A child is not brought; an adult does not attend."""

    WAS_NOT_BROUGHT = "was_not_brought"
    DID_NOT_ATTEND = "did_not_attend"
    UNKNOWN = "unknown"


class AssessmentKind(StrEnum):
    """Health assessments of looked-after children."""

    INITIAL = "initial"
    REVIEW = "review"
    UNKNOWN = "unknown"


class IdentityReason(StrEnum):
    """Why an NHS number gives way to another; `protected` never joins two histories."""

    CORRECTED = "corrected"
    MERGED = "merged"
    UNMERGED = "unmerged"
    PROTECTED = "protected"
    UNKNOWN = "unknown"


class Service(StrEnum):
    """Services that can be told; each is a part of a queue topic's name."""

    MIDWIFERY = "midwifery"
    HEALTH_VISITING = "health-visiting"
    SCHOOL_NURSING = "school-nursing"
    GP = "gp"
    CAMHS = "camhs"
    SAFEGUARDING = "safeguarding"
    PAEDIATRIC_LIAISON = "paediatric-liaison"
    EMERGENCY = "emergency"
    ADULT_MENTAL_HEALTH = "adult-mental-health"
    LOOKED_AFTER_HEALTH = "looked-after-health"
    SOCIAL_CARE = "social-care"
    MASH = "mash"


class NotificationKind(StrEnum):
    """What a notification does."""

    NOTIFY = "notify"
    UPDATE = "update"
    WITHDRAW = "withdraw"
    ESCALATE = "escalate"
    EXCEPTION = "exception"


class Urgency(StrEnum):
    """How soon a duty must be answered, most urgent first."""

    IMMEDIATE = "immediate"
    SAME_DAY = "same_day"
    NEXT_WORKING_DAY = "next_working_day"
    ROUTINE = "routine"


class Ask(StrEnum):
    """What a recipient is asked to do; an empty list of asks only informs."""

    ACKNOWLEDGE = "acknowledge"
    RECORD = "record"
    ACT = "act"


class Handling(StrEnum):
    """How a notification must be handled."""

    HIDE_FROM_ONLINE_ACCESS = "hide_from_online_access"
    DO_NOT_COPY = "do_not_copy"
    NO_ADDRESS = "no_address"
    PERPETRATOR_SHARES_PRACTICE = "perpetrator_shares_practice"
    OTHER_PARENT_MAY_HAVE_ACCESS = "other_parent_may_have_access"
    CONFIDENTIAL = "confidential"


class ReplyStatus(StrEnum):
    """What became of a publisher's event."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    REFUSED = "refused"


class ReceiptStatus(StrEnum):
    """What a recipient says back."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    RECORDED = "recorded"
    DONE = "done"
    NOT_OURS = "not_ours"
    REFUSED = "refused"


class DutyState(StrEnum):
    """Where a duty stands; it only moves forward."""

    OWED = "owed"
    SENT = "sent"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    RECORDED = "recorded"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
