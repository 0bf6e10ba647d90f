"""What the data of a pathway's event must say, so that it is as a point of a proof's space says."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from routing_rules.event_fields import INVITED, NOT_THE_BABY, PRESENCE
from routing_rules.example_times import Moments, Unbuildable
from routing_rules.gap_point import Point
from routing_rules.proof_places import UNLISTED_DISTRICT, UNLISTED_PROVIDER
from routing_rules.register_pregnancies import LOST
from routing_rules.vocabulary import FieldKind
from schemas.events import ROUTED_MODELS
from schemas.occurrence import references_of
from schemas.values import EventType, Role

Plain = dict[str, Any]

_MADE_OTHERWISE = frozenset(
    {
        "departure",
        "accompanying adult",
        "alleged perpetrator named",
        "repeat",
        "arrival",
        "babies",
        "outcomes",
        "safeguarding fields",
        "invited",
        "no answer from",
    }
)
"""Fields that no key of the data says by itself."""
_KEYS: Mapping[tuple[EventType, str], str] = MappingProxyType(
    {
        (EventType.MATERNITY_APPOINTMENT_MISSED, "missed appointments"): "missed_in_pregnancy",
        (EventType.NOT_BROUGHT, "missed appointments"): "missed_in_12_months",
        (EventType.MATERNITY_POSTNATAL_TRANSFER, "baby's practice"): "gp_practice",
        (EventType.CONFERENCE_INVITATION, "report due"): "report_due_on",
        (EventType.CONFERENCE_INVITATION, "response due"): "response_due_on",
    }
)
"""The keys that are not called as the vocabulary calls the field."""
_WHEN: Mapping[EventType, str] = MappingProxyType(
    {
        EventType.ONWARD_REFERRAL: "referred_at",
        EventType.MATERNITY_BOOKING: "booked_at",
        EventType.MATERNITY_CONCERN: "identified_on",
        EventType.MATERNITY_APPOINTMENT_MISSED: "appointment_on",
        EventType.MATERNITY_BIRTH: "born_on",
        EventType.MATERNITY_ENDED: "ended_on",
        EventType.CHILD_STATUS: "changed_on",
        EventType.CONFERENCE_INVITATION: "invited_on",
        EventType.CONFERENCE_OUTCOME: "held_on",
        EventType.SOCIAL_CARE_REFERRAL: "referred_at",
        EventType.EXPLOITATION_RISK: "assessed_on",
        EventType.RELAPSE_PLAN: "agreed_on",
        EventType.COMMUNITY_CONTACT: "contact_at",
        EventType.NOT_BROUGHT: "appointment_on",
    }
)
"""What says when it happened; an event of another pathway happens when it is published."""
OF_PREGNANCY = frozenset(
    {
        EventType.MATERNITY_BOOKING,
        EventType.MATERNITY_CONCERN,
        EventType.MATERNITY_APPOINTMENT_MISSED,
        EventType.MATERNITY_BIRTH,
        EventType.MATERNITY_ENDED,
        EventType.MATERNITY_POSTNATAL_TRANSFER,
    }
)
OF_ALL_ALIKE = frozenset(
    {
        EventType.POLICE_DOMESTIC_ABUSE,
        EventType.MARAC_OUTCOME,
        EventType.CHILD_STATUS,
        EventType.CONFERENCE_INVITATION,
        EventType.CONFERENCE_OUTCOME,
        EventType.SOCIAL_CARE_REFERRAL,
        EventType.EXPLOITATION_RISK,
        EventType.TRANSFER_IN,
    }
)
"""Events that are about everybody in them, and nobody's own."""
_ELSEWHERE = MappingProxyType(
    {
        "provider": UNLISTED_PROVIDER,
        "referred_by": UNLISTED_PROVIDER,
        "from_district": UNLISTED_DISTRICT,
    }
)
"""What only an event itself tells of places, on which no promise may rest: none that is listed."""
EXAMPLE_CODE = "EXAMPLE-1"


def code(word: str) -> str:
    """A word of rules as it travels."""
    return word.replace(" ", "_")


def plain_fields(point: Point, moments: Moments) -> Plain:
    """The fields of the event that are one key of its data each."""
    told: Plain = {}
    for field in point.space.event_fields.values():
        if field.name in _MADE_OTHERWISE:
            continue
        name = _KEYS.get((point.space.type, field.name), code(field.name))
        if field.kind is FieldKind.FLAGS:
            told[name] = [code(word) for word in point.flags(field.name)]
        elif field.kind is FieldKind.NUMBER:
            told |= {} if (count := point.number(field.name)) is None else {name: count}
        elif field.values == PRESENCE:
            told |= {name: _something(name, moments)} if _is_recorded(point, field.name) else {}
        elif point.word(field.name) != "unknown":
            told[name] = code(point.word(field.name))
    return told


def _is_recorded(point: Point, name: str) -> bool:
    return point.word(name) == "recorded"


def _something(name: str, moments: Moments) -> str:
    """Anything that is written where it matters only that something is."""
    if name.endswith(("_on", "_date")):
        return (moments.occurred_at + timedelta(days=7)).date().isoformat()
    if name == "expected_by":
        assert moments.expected_by is not None  # noqa: S101 - as every referral's
        return moments.expected_by.isoformat()
    return EXAMPLE_CODE if name in ("from_team", "to_team", "gp_practice") else f"Example {name}"


def pathway_data(point: Point, moments: Moments, people: list[Plain]) -> Plain:
    """The data of a pathway's event, beside its plain fields, with everybody in it."""
    kind = point.space.type
    fields = ROUTED_MODELS[kind].model_fields
    told: Plain = dict.fromkeys(references_of(kind), EXAMPLE_CODE)
    told |= {name: place for name, place in _ELSEWHERE.items() if name in fields}
    if (name := _WHEN.get(kind)) is not None:
        at = moments.occurred_at
        told[name] = at.date().isoformat() if name.endswith("_on") else at.isoformat()
    if kind is EventType.ONWARD_REFERRAL and point.site is not None:
        told["from_site"] = point.site
    if point.has("invited: unknown"):
        told["invitees"] = [*_invitees(point)]
    return told | _everybody(point, people)


def _everybody(point: Point, people: list[Plain]) -> Plain:
    if point.space.type in OF_ALL_ALIKE:
        return {"people": people}
    patient = subject_among(people)
    others = [each for each in people if each is not patient]
    told: Plain = {("mother" if point.space.type in OF_PREGNANCY else "patient"): patient}
    if point.has("birth outcome"):
        told["babies"] = [*_babies(point, others)]
    return told | {"people": [each for each in others if "outcome" not in each]}


def subject_among(people: Iterable[Plain]) -> Plain:
    """The patient, or the mother."""
    return next(person for person in people if person["role"] == Role.PATIENT.value)


def _invitees(point: Point) -> Iterator[Plain]:
    unanswered = point.flags("no answer from")
    for service in INVITED:
        if service in point.flags("invited"):
            answer = "awaited" if service in unanswered else "attending"
            named = {} if service == "unknown" else {"service": service.replace(" ", "-")}
            yield {**named, "answer": answer}


def _babies(point: Point, others: list[Plain]) -> Iterator[Plain]:
    """The one whom it is about, if a baby, and as many others as outcomes and number need."""
    own = [each for each in others if "outcome" in each]
    yield from own
    needed = [w for w in point.flags("outcomes") if code(w) not in {e["outcome"] for e in own}]
    is_transfer = point.space.type is EventType.MATERNITY_POSTNATAL_TRANSFER
    if is_transfer and not own and needed == ["unknown"]:
        return  # who names no baby says as little of how it is
    for number, outcome in enumerate(needed + _more(point, len(own) + len(needed), needed)):
        yield {"ref": f"baby-{number}", "role": "child_present", "outcome": code(outcome)}


def _more(point: Point, count: int, outcomes: list[str]) -> list[str]:
    """More babies, where that many must be told of."""
    if not point.has("babies"):
        return []
    least, cuts = point.number("babies"), point.space.numbers["babies"]
    if least is None:
        if count:
            raise Unbuildable("babies who are told of are counted")
        return []
    if not count or count > cuts.last(point.numbers["babies"]):
        raise Unbuildable("there are not as many babies as outcomes")
    again = [*outcomes, *point.flags("outcomes")][:1]
    return again * max(0, least - count)


def outcome_of(point: Point) -> Plain:
    """How a birth ended for the one whom an example is about, if that is a baby."""
    if not point.has("birth outcome") or point.word("birth outcome") == NOT_THE_BABY:
        return {}
    outcome = code(point.word("birth outcome"))
    if outcome in LOST:
        raise Unbuildable("nobody is told about a baby who did not live")
    return {"outcome": outcome}
