"""The allowed parts of social care's events, as JSON values."""

from routing_rules.content_parts import Parts, as_text, narrated
from routing_rules.decision import Json
from routing_rules.disclosure import Part
from routing_rules.fields import in_words
from schemas.events import SocialCareData
from schemas.social_care import (
    ChildStatus,
    ConferenceInvitation,
    ConferenceOutcome,
    SocialCareReferral,
)

_BLANK = "not recorded"


def social_care_parts(data: SocialCareData) -> Parts:
    """What a table may allow of an event of social care."""
    match data:
        case ChildStatus():
            return _status(data)
        case ConferenceInvitation():
            return _invitation(data)
        case ConferenceOutcome():
            return _outcome(data)
        case SocialCareReferral():
            return _referral(data)
        case _:
            exploitation: dict[str, Json] = {
                "exploitation": [*map(in_words, data.exploitation)],
                "risk": in_words(data.risk),
                "assessed_on": as_text(data.assessed_on),
                "authority": data.authority,
            }
            texts = narrated(data.headline, data.summary, data.narrative)
            return {Part.EXPLOITATION: exploitation, **texts}


def _status(data: ChildStatus) -> Parts:
    plan: dict[str, Json] = {
        "plan": in_words(data.plan),
        "change": in_words(data.change),
        "changed_on": as_text(data.changed_on),
        "legal_status": data.legal_status,
        "family_intact": in_words(data.family_intact),
        "authority": data.authority,
    }
    return {
        Part.PLAN: plan,
        Part.PLAN_CATEGORIES: {"categories": [*map(in_words, data.categories)]},
        **narrated(data.headline, data.summary, None),
    }


def _invitation(data: ConferenceInvitation) -> Parts:
    conference: dict[str, Json] = {
        "conference": in_words(data.conference),
        "conference_id": data.conference_id,
        "conference_at": as_text(data.conference_at),
        "report_due_on": as_text(data.report_due_on),
        "response_due_on": as_text(data.response_due_on),
        "authority": data.authority,
    }
    invitees: list[Json] = [
        {"service": each.service, "recipient": each.recipient, "answer": in_words(each.answer)}
        for each in data.invitees
    ]
    return {
        Part.CONFERENCE: conference,
        Part.INVITEES: {"invitees": invitees},
        **narrated(data.headline, data.summary, None),
    }


def _outcome(data: ConferenceOutcome) -> Parts:
    conference: dict[str, Json] = {
        "conference": in_words(data.conference),
        "conference_id": data.conference_id,
        "held_on": as_text(data.held_on),
        "review_on": as_text(data.review_on),
        "authority": data.authority,
    }
    return {
        Part.CONFERENCE: conference,
        Part.PLAN: {"decision": in_words(data.decision), "plan": in_words(data.plan)},
        Part.PLAN_CATEGORIES: {"categories": [*map(in_words, data.categories)]},
        **narrated(data.headline, data.summary, None),
    }


def _referral(data: SocialCareReferral) -> Parts:
    referral: dict[str, Json] = {
        "referral_id": data.referral_id,
        "referred_at": as_text(data.referred_at),
        "referred_by": data.referred_by,
        "referred_to": in_words(data.referred_to),
        "categories": [*map(in_words, data.categories)],
        "authority": data.authority,
    }
    analysis: dict[str, Json] = {
        "household": data.household or _BLANK,
        "analysis_of_risk": data.analysis_of_risk or _BLANK,
        "threshold": data.threshold or _BLANK,
        "expected_outcome": data.expected_outcome or _BLANK,
    }
    return {
        Part.REFERRAL: referral,
        Part.ANALYSIS_OF_RISK: analysis,
        **narrated(data.headline, data.summary, data.narrative),
    }
