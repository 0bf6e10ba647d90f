"""The fields of the pathways' events, in the words of rules."""

from collections.abc import Iterable

from routing_rules.event_fields import (
    INVITED,
    MOST,
    MOST_BABIES,
    NOT_THE_BABY,
    OWN_PERSON_FIELDS,
)
from routing_rules.fields import Features, FeatureValue, in_words
from routing_rules.invitees import UNANSWERED
from schemas.community import (
    CommunityContact,
    NotBrought,
    RelapsePlan,
    TransferIn,
)
from schemas.events import CommunityData, MaternityData, SocialCareData
from schemas.maternity import (
    AppointmentMissed,
    Baby,
    Birth,
    MaternityBooking,
    MaternityConcern,
    PostnatalTransfer,
    PregnancyEnded,
)
from schemas.onward_referral import OnwardReferral
from schemas.person import Person
from schemas.social_care import (
    ChildStatus,
    ConferenceInvitation,
    ConferenceOutcome,
    Invitee,
    SocialCareReferral,
)
from schemas.values import (
    EventType,
    MaternalMentalHealth,
    PersonStatus,
    ProtectionStatus,
    Recorded,
)

_UNKNOWN = frozenset({"unknown"})
"""What stands where an event must name something and names nothing."""
_BLANKS = frozenset(
    {
        None,
        MaternalMentalHealth.NOT_RECORDED,
        ProtectionStatus.NOT_RECORDED,
        Recorded.NOT_RECORDED,
    }
)


def pathway_features(
    data: OnwardReferral | MaternityData | SocialCareData | CommunityData,
) -> Features:
    """The event's own fields, in the vocabulary's words."""
    if isinstance(data, OnwardReferral):
        return {"for": in_words(data.for_), "expected by": _presence(data.expected_by)}
    if isinstance(data, MaternityData):
        return _of_maternity(data)
    return _of_social_care(data) if isinstance(data, SocialCareData) else _of_community(data)


def own_features(event_type: EventType, person: Person) -> dict[str, FeatureValue]:
    """What is a field of people in some kinds of event only: how a birth ended for a baby."""
    if event_type not in OWN_PERSON_FIELDS:
        return {}
    outcome = in_words(person.outcome) if isinstance(person, Baby) else NOT_THE_BABY
    return {"birth outcome": outcome}


def _of_maternity(data: MaternityData) -> Features:
    match data:
        case MaternityBooking():
            return {"expected due date": _presence(data.expected_due_date)}
        case MaternityConcern():
            return {
                "concerns": _words(data.concerns),
                "risk to girls": in_words(data.risk_to_girls),
                "police informed": in_words(data.police_informed),
            }
        case AppointmentMissed():
            return {
                "appointment": in_words(data.appointment),
                "missed appointments": _at_most(data.missed_in_pregnancy),
                "safeguarding marker": in_words(data.safeguarding_marker),
                "contacted": in_words(data.contacted),
            }
        case Birth():
            babies = _present(data.babies)
            return {
                "babies": min(len(babies), MOST_BABIES) or None,
                "outcomes": _words(baby.outcome for baby in babies),
            }
        case PregnancyEnded():
            return {"outcome": in_words(data.outcome)}
        case _:
            return _transfer(data)


def _transfer(data: PostnatalTransfer) -> Features:
    told = (
        data.maternal_mental_health,
        data.child_protection_status,
        data.planned_mbu_transfer,
        data.parental_responsibility,
        data.ethnicity,
        data.gp_practice,
        data.risk_marker,
    )
    babies = _present(data.babies)
    return {
        "outcomes": _words(baby.outcome for baby in babies) or _UNKNOWN,
        "safeguarding fields": "incomplete" if _BLANKS & {*told} else "complete",
        "maternal mental health": in_words(data.maternal_mental_health),
        "child protection status": in_words(data.child_protection_status),
        "planned mbu transfer": in_words(data.planned_mbu_transfer),
        "parental responsibility": _presence(data.parental_responsibility),
        "ethnicity": _presence(data.ethnicity),
        "baby's practice": _presence(data.gp_practice),
        "risk marker": in_words(data.risk_marker),
    }


def _present(babies: Iterable[Baby]) -> list[Baby]:
    return [baby for baby in babies if baby.status is not PersonStatus.ENTERED_IN_ERROR]


def _of_social_care(data: SocialCareData) -> Features:
    match data:
        case ChildStatus():
            return {
                "plan": in_words(data.plan),
                "change": in_words(data.change),
                "categories": _words(data.categories),
                "family intact": in_words(data.family_intact),
            }
        case ConferenceInvitation():
            unanswered = [each for each in data.invitees if each.answer in UNANSWERED]
            return {
                "conference": in_words(data.conference),
                "invited": _services(data.invitees) or _UNKNOWN,
                "no answer from": _services(unanswered),
                "report due": _presence(data.report_due_on),
                "response due": _presence(data.response_due_on),
            }
        case ConferenceOutcome():
            return {
                "conference": in_words(data.conference),
                "decision": in_words(data.decision),
                "plan": in_words(data.plan),
                "categories": _words(data.categories),
            }
        case SocialCareReferral():
            return {
                "referred to": in_words(data.referred_to),
                "categories": _words(data.categories),
                "household": _presence(data.household),
                "analysis of risk": _presence(data.analysis_of_risk),
                "threshold": _presence(data.threshold),
                "expected outcome": _presence(data.expected_outcome),
            }
        case _:
            return {"exploitation": _words(data.exploitation), "risk": in_words(data.risk)}


def _of_community(data: CommunityData) -> Features:
    match data:
        case TransferIn():
            return {
                "reason": in_words(data.reason),
                "records sent": in_words(data.records_sent),
                "from team": _presence(data.from_team),
                "to team": _presence(data.to_team),
            }
        case RelapsePlan():
            return {
                "plan": in_words(data.plan),
                "consent": in_words(data.consent),
                "override reason": _presence(data.override_reason),
                "crisis": in_words(data.crisis),
                "caring responsibilities": in_words(data.caring_responsibilities),
                "indicators": _presence(data.indicators),
            }
        case CommunityContact():
            return {
                "setting": in_words(data.setting),
                "concerns": _words(data.concerns),
                "fraser assessed": in_words(data.fraser_assessed),
                "exploitation tool": in_words(data.exploitation_tool),
                "mobile": in_words(data.mobile),
                "caring responsibilities": in_words(data.caring_responsibilities),
            }
        case NotBrought():
            return {
                "setting": in_words(data.setting),
                "missed": in_words(data.missed),
                "first appointment": in_words(data.first_appointment),
                "missed appointments": _at_most(data.missed_in_12_months),
                "caring responsibilities": in_words(data.caring_responsibilities),
                "safeguarding marker": in_words(data.safeguarding_marker),
            }
        case _:
            return {
                "assessment": in_words(data.assessment),
                "strengths and difficulties": in_words(data.strengths_and_difficulties),
            }


def _presence(value: object) -> str:
    """Whether something stands there."""
    return "not recorded" if value is None else "recorded"


def _words(values: Iterable[str]) -> frozenset[str]:
    return frozenset(map(in_words, values))


def _at_most(count: int | None) -> int | None:
    """A count that rules can test, however large a publisher wrote it."""
    return None if count is None else min(count, MOST)


def _services(invitees: Iterable[Invitee]) -> frozenset[str]:
    """Who is invited; a service that nobody knows is one all the same."""
    named = {(each.service or "unknown").replace("-", " ").replace("_", " ") for each in invitees}
    return frozenset(name if name in INVITED else "unknown" for name in named)
