"""The allowed parts of the pathways' events, as JSON values.

What is held back takes every text with it that might tell of it: FGM, sexual health, and all of a
relapse plan that nobody may share.
"""

from collections.abc import Iterable

from routing_rules.consent import is_shareable
from routing_rules.content_parts import (
    PARENTAL_CONCERN,
    SEXUAL_HEALTH,
    Parts,
    allowed_only,
    as_text,
    hidden_concerns,
    narrated,
)
from routing_rules.decision import Json
from routing_rules.disclosure import Part
from routing_rules.fields import in_words
from routing_rules.maternity_content import maternity_parts
from routing_rules.social_care_content import social_care_parts
from routing_rules.subjects import MAYBE_FGM, MAYBE_SEXUAL_HEALTH_SETTINGS
from schemas.community import (
    AssessmentDue,
    CommunityContact,
    NotBrought,
    RelapsePlan,
    TransferIn,
)
from schemas.events import CommunityData, MaternityData, SocialCareData
from schemas.maternity import AppointmentMissed, MaternityConcern
from schemas.onward_referral import OnwardReferral
from schemas.values import Concern, Consent, Setting

PathwayData = OnwardReferral | MaternityData | SocialCareData | CommunityData
_MAYBE_SEXUAL_HEALTH: frozenset[str] = frozenset({*SEXUAL_HEALTH, Concern.UNKNOWN})
_MISSED = "missed appointment"


def pathway_parts(
    data: PathwayData, allowed: frozenset[Part], withheld: frozenset[str]
) -> dict[str, Json]:
    """What a table may allow of the event to those who care for whom it is about.

    `withheld` are concerns, in the words of rules, that nothing may carry or hint at.
    """
    if isinstance(data, SocialCareData):
        return allowed_only(allowed, social_care_parts(data))
    if isinstance(data, MaternityData):
        return allowed_only(allowed, maternity_parts(data, allowed, withheld))
    if isinstance(data, OnwardReferral):
        return allowed_only(allowed, {Part.ONWARD_REFERRAL: _onward(data), **_texts(data)})
    return allowed_only(allowed, _of_community(data, allowed, withheld))


def pathway_category(
    data: PathwayData, allowed: frozenset[Part], withheld: frozenset[str]
) -> dict[str, Json]:
    """What is said to those who look after somebody else: the category of concern, or a sentence.

    Never more of the patient's own story than that.
    """
    if Part.CATEGORY_OF_CONCERN not in allowed:
        return {"concern": PARENTAL_CONCERN}
    return {"category_of_concern": [*_category(data, allowed, withheld)]}


def _category(
    data: PathwayData, allowed: frozenset[Part], withheld: frozenset[str]
) -> Iterable[str]:
    match data:
        case MaternityConcern():
            hidden = withheld | hidden_concerns(allowed, Part.FGM, MAYBE_FGM)
            return [word for word in map(in_words, data.concerns) if word not in hidden]
        case CommunityContact():
            hidden = withheld | hidden_concerns(allowed, Part.SEXUAL_HEALTH, SEXUAL_HEALTH)
            return [word for word in map(in_words, data.concerns) if word not in hidden]
        case RelapsePlan():
            return [in_words(data.plan)] if is_shareable(data) else []
        case AppointmentMissed() | NotBrought():
            return [_MISSED]
        case _:
            return []


def _of_community(data: CommunityData, allowed: frozenset[Part], withheld: frozenset[str]) -> Parts:
    match data:
        case CommunityContact():
            return _contact(data, allowed, withheld)
        case RelapsePlan():
            return _relapse_plan(data)
        case NotBrought():
            return _not_brought(data, allowed)
        case TransferIn():
            return {Part.TRANSFER: _transfer_in(data), **_texts(data)}
        case _:
            return {Part.HEALTH_ASSESSMENT: _assessment(data), **_texts(data)}


def _contact(data: CommunityContact, allowed: frozenset[Part], withheld: frozenset[str]) -> Parts:
    words = [in_words(concern) for concern in data.concerns]
    hidden = withheld | hidden_concerns(allowed, Part.SEXUAL_HEALTH, _MAYBE_SEXUAL_HEALTH)
    shown: list[Json] = [word for word in words if word not in hidden]
    is_open = hidden.isdisjoint(words) and may_name_the_clinic(data.setting, allowed)
    told: dict[str, Json] = {"concerns": shown, "contact_at": as_text(data.contact_at)}
    if is_open:
        told |= {"setting": in_words(data.setting), "provider": data.provider}
    parts: Parts = {
        Part.CONTACT: told | {"mobile": in_words(data.mobile)},
        Part.SEXUAL_HEALTH: {
            "fraser_assessed": in_words(data.fraser_assessed),
            "exploitation_tool": in_words(data.exploitation_tool),
        },
    }
    return parts | narrated(data.headline, data.summary, data.narrative) if is_open else parts


def may_name_the_clinic(setting: Setting, allowed: frozenset[Part]) -> bool:
    """Whether the clinic itself gives nothing away to an audience; one that cannot be read may."""
    return Part.SEXUAL_HEALTH in allowed or setting not in MAYBE_SEXUAL_HEALTH_SETTINGS


def _not_brought(data: NotBrought, allowed: frozenset[Part]) -> Parts:
    told: dict[str, Json] = {
        "appointment_on": as_text(data.appointment_on),
        "missed": in_words(data.missed),
        "first_appointment": in_words(data.first_appointment),
        "missed_in_12_months": data.missed_in_12_months,
        "safeguarding_marker": in_words(data.safeguarding_marker),
    }
    if not may_name_the_clinic(data.setting, allowed):
        return {Part.APPOINTMENT: told}
    told |= {"setting": in_words(data.setting), "provider": data.provider}
    return {Part.APPOINTMENT: told, **_texts(data)}


def _relapse_plan(data: RelapsePlan) -> Parts:
    """The plan as far as it may be shared; that it may not is told, and nothing else."""
    consent: dict[str, Json] = {"consent": in_words(data.consent)}
    if not is_shareable(data):
        return {Part.RELAPSE_PLAN: consent}
    told: dict[str, Json] = {
        **consent,
        "overridden": data.consent is not Consent.GIVEN,
        "plan": in_words(data.plan),
        "agreed_on": as_text(data.agreed_on),
        "provider": data.provider,
        "crisis": in_words(data.crisis),
        "caring_responsibilities": in_words(data.caring_responsibilities),
    }
    return {
        Part.RELAPSE_PLAN: told,
        Part.RELAPSE_INDICATORS: {
            "indicators": data.indicators,
            "contingency": data.contingency,
        },
        **narrated(data.headline, data.summary, data.override_reason),
    }


def _onward(data: OnwardReferral) -> dict[str, Json]:
    return {
        "referral_id": data.referral_id,
        "from_site": data.from_site,
        "to_site": data.to_site,
        "for": in_words(data.for_),
        "referred_at": as_text(data.referred_at),
        "expected_by": as_text(data.expected_by),
    }


def _transfer_in(data: TransferIn) -> dict[str, Json]:
    return {
        "reason": in_words(data.reason),
        "effective_on": as_text(data.effective_on),
        "from_team": data.from_team,
        "to_team": data.to_team,
        "from_district": data.from_district,
        "to_district": data.to_district,
        "records_sent": in_words(data.records_sent),
    }


def _assessment(data: AssessmentDue) -> dict[str, Json]:
    return {
        "assessment": in_words(data.assessment),
        "due_on": as_text(data.due_on),
        "authority": data.authority,
        "strengths_and_difficulties": in_words(data.strengths_and_difficulties),
    }


def _texts(data: PathwayData) -> Parts:
    return narrated(data.headline, data.summary, None)
