"""The allowed parts of each kind of event, as JSON values; a part that is empty is left out."""

from collections.abc import Iterable
from datetime import date

from routing_rules.decision import Json
from routing_rules.disclosure import Part
from routing_rules.vocabulary import in_words
from schemas.events import (
    Action,
    EmergencyAttendance,
    Location,
    MaracOutcome,
    PoliceDomesticAbuse,
)
from schemas.values import ActionStatus, Concern, Service

Parts = dict[Part, dict[str, Json]]
"""What each part of an event would tell, if a table allows it."""
SEXUAL_HEALTH = frozenset(
    {Concern.EMERGENCY_CONTRACEPTION, Concern.SEXUAL_HEALTH, Concern.EXPLOITATION}
)
_MAYBE_SEXUAL_HEALTH = SEXUAL_HEALTH | {Concern.UNKNOWN}
"""A concern that could not be read may be one of sexual health."""
SELF_HARM = frozenset({Concern.SELF_HARM, Concern.OVERDOSE})
_MAY_BE_OPEN = frozenset({ActionStatus.OPEN, ActionStatus.UNKNOWN})
_HEALTH_SERVICES = {service.value for service in Service} - {Service.SOCIAL_CARE, Service.MASH}
PARENTAL_CONCERN = "parental concern, speak to the safeguarding lead"


def police_parts(data: PoliceDomesticAbuse, allowed: frozenset[Part]) -> dict[str, Json]:
    """What a table may allow of a police notification."""
    return allowed_only(
        allowed,
        {
            Part.RISK: {"risk": in_words(data.risk)},
            Part.INCIDENT_TYPES: {"incident_types": [*map(in_words, data.incident_types)]},
            Part.POLICE_REFERENCE: {"police_reference": data.police_reference},
            Part.INCIDENT_LOCATION: {"location": _location(data.location)},
            **narrated(data.headline, data.summary, data.narrative),
        },
    )


def marac_parts(data: MaracOutcome, allowed: frozenset[Part]) -> dict[str, Json]:
    """What a table may allow of a conference's outcome, but for its actions."""
    flag_until = data.flag_until.isoformat() if data.flag_until else None
    return allowed_only(
        allowed,
        {
            Part.RISK: {"criteria": [*map(in_words, data.criteria)], "repeat": data.repeat},
            Part.RISK_SUMMARY: {"risk_summary": data.risk_summary},
            Part.FLAG_DATES: {"flag_until": flag_until},
            **narrated(data.headline, data.summary, None),
        },
    )


def attendance_parts(
    data: EmergencyAttendance, allowed: frozenset[Part], withheld: frozenset[str]
) -> dict[str, Json]:
    """What a table may allow of the patient's own attendance.

    Where a concern is held back from this audience (`withheld`, or sexual health that it may not
    see), so is every text that might tell of it: reason, codes, headline, summary, narrative.
    """
    concerns = {in_words(concern): concern for concern in data.concerns}
    hidden = set(withheld)
    if Part.SEXUAL_HEALTH not in allowed:
        hidden |= {word for word, concern in concerns.items() if concern in _MAYBE_SEXUAL_HEALTH}
    shown: list[Json] = [word for word in concerns if word not in hidden]
    self_harm = bool(SELF_HARM & set(data.concerns))
    parts: dict[Part, dict[str, Json]] = {
        Part.ATTENDANCE: _attendance(data) | {"concerns": shown},
    }
    if not hidden & concerns.keys():
        clinical: dict[str, Json] = {"reason": data.reason, "codes": _codes(data)}
        parts[Part.CLINICAL_DETAIL] = clinical
        parts[Part.SELF_HARM_DETAIL] = {"summary": data.summary, **clinical} if self_harm else {}
        parts |= narrated(data.headline, data.summary, data.narrative)
    return allowed_only(allowed, parts)


def category_of_concern(data: EmergencyAttendance, allowed: frozenset[Part]) -> dict[str, Json]:
    """What is said to those who look after somebody else than the patient.

    Health visiting and school nursing get the category of concern; a practice without that part
    gets one fixed sentence. The patient's clinical story is never told.
    """
    if Part.CATEGORY_OF_CONCERN not in allowed:
        return {"concern": PARENTAL_CONCERN}
    words: list[Json] = [in_words(c) for c in data.concerns if c not in SEXUAL_HEALTH]
    return {"category_of_concern": words}


def open_actions(data: MaracOutcome, service: Service) -> tuple[Action, ...]:
    """The open actions of one service; an action whose status nobody knows may be open."""
    return tuple(
        action
        for action in data.actions
        if action.status in _MAY_BE_OPEN and action.service == service.value
    )


def own_actions(
    data: MaracOutcome, service: Service, organisations: tuple[str, ...]
) -> tuple[Action, ...]:
    """The open actions of one service of these organisations."""
    return tuple(a for a in open_actions(data, service) if a.organisation in organisations)


def health_actions(data: MaracOutcome) -> tuple[Action, ...]:
    """The actions of all health services, open or not."""
    return tuple(action for action in data.actions if action.service in _HEALTH_SERVICES)


def allowed_only(allowed: frozenset[Part], parts: dict[Part, dict[str, Json]]) -> dict[str, Json]:
    """The values of the allowed parts, without those that say nothing."""
    return {
        key: value
        for part, values in parts.items()
        if part in allowed
        for key, value in values.items()
        if value not in (None, [], {})
    }


def hidden_concerns(
    allowed: frozenset[Part], part: Part, concerns: Iterable[str]
) -> frozenset[str]:
    """Those concerns, in words, that only an audience with this part may see."""
    return frozenset() if part in allowed else frozenset(map(in_words, concerns))


def as_text(value: date | None) -> str | None:
    """A day or a time as it travels."""
    return None if value is None else value.isoformat()


def narrated(
    headline: str | None, summary: str | None, narrative: str | None
) -> dict[Part, dict[str, Json]]:
    """What a publisher wrote, by the parts that allow it."""
    return {
        Part.HEADLINE: {"headline": headline},
        Part.SUMMARY: {"summary": summary},
        Part.NARRATIVE: {"narrative": narrative},
    }


def _location(location: Location | None) -> Json:
    return None if location is None else location.model_dump(mode="json", exclude_none=True)


def _attendance(data: EmergencyAttendance) -> dict[str, Json]:
    return {
        "site": data.site,
        "department": in_words(data.department),
        "category": in_words(data.category),
        "arrived_at": data.arrived_at.isoformat() if data.arrived_at else None,
        "departed_at": data.departed_at.isoformat() if data.departed_at else None,
        "disposal": in_words(data.disposal),
        "perceived_risk": in_words(data.perceived_risk),
        "parent_contacted": in_words(data.parent_contacted),
    }


def _codes(data: EmergencyAttendance) -> list[Json]:
    return [{"system": code.system, "code": code.code} for code in data.codes]
