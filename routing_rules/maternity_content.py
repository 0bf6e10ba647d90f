"""The allowed parts of the events of a pregnancy, as JSON values."""

from routing_rules.content_parts import Parts, as_text, hidden_concerns, narrated
from routing_rules.decision import Json
from routing_rules.disclosure import Part
from routing_rules.fields import in_words
from routing_rules.subjects import MAYBE_FGM
from schemas.events import MaternityData
from schemas.maternity import (
    AppointmentMissed,
    Birth,
    MaternityBooking,
    MaternityConcern,
    PostnatalTransfer,
    PregnancyEnded,
)


def maternity_parts(
    data: MaternityData, allowed: frozenset[Part], withheld: frozenset[str]
) -> Parts:
    """What a table may allow; what an audience may not see takes every text with it."""
    if isinstance(data, MaternityConcern):
        return _concern(data, allowed, withheld)
    return _pregnancy(data)


def _pregnancy(
    data: MaternityBooking | AppointmentMissed | Birth | PregnancyEnded | PostnatalTransfer,
) -> Parts:
    named: dict[str, Json] = {"pregnancy_id": data.pregnancy_id, "provider": data.provider}
    match data:
        case MaternityBooking():
            booked: dict[str, Json] = {
                **named,
                "booked_at": None if data.booked_at is None else data.booked_at.isoformat(),
            }
            return {Part.BOOKING: booked, **narrated(data.headline, data.summary, None)}
        case AppointmentMissed():
            missed: dict[str, Json] = {
                **named,
                "appointment": in_words(data.appointment),
                "appointment_on": as_text(data.appointment_on),
                "missed_in_pregnancy": data.missed_in_pregnancy,
                "safeguarding_marker": in_words(data.safeguarding_marker),
                "contacted": in_words(data.contacted),
            }
            return {Part.APPOINTMENT: missed, **narrated(data.headline, data.summary, None)}
        case Birth():
            return {
                Part.BIRTH: {**named, "born_on": as_text(data.born_on)},
                **narrated(data.headline, data.summary, None),
            }
        case PregnancyEnded():
            ended: dict[str, Json] = {
                **named,
                "ended_on": as_text(data.ended_on),
                "outcome": in_words(data.outcome),
            }
            return {Part.ENDING: ended}
        case _:
            transfer = {**named, "transferred_on": as_text(data.transferred_on)}
            return {
                Part.TRANSFER: transfer,
                Part.SAFEGUARDING_FIELDS: {"safeguarding": _safeguarding(data)},
                **narrated(data.headline, data.summary, None),
            }


def _safeguarding(data: PostnatalTransfer) -> dict[str, Json]:
    """Every field that safeguarding needs; a blank says that it is one."""
    blank = "not recorded"
    return {
        "maternal_mental_health": in_words(data.maternal_mental_health),
        "child_protection_status": in_words(data.child_protection_status),
        "planned_mbu_transfer": in_words(data.planned_mbu_transfer),
        "parental_responsibility": data.parental_responsibility or blank,
        "ethnicity": data.ethnicity or blank,
        "gp_practice": data.gp_practice or blank,
        "risk_marker": in_words(data.risk_marker),
    }


def _concern(data: MaternityConcern, allowed: frozenset[Part], withheld: frozenset[str]) -> Parts:
    words = [in_words(concern) for concern in data.concerns]
    hidden = withheld | hidden_concerns(allowed, Part.FGM, MAYBE_FGM)
    parts: Parts = {
        Part.CONCERNS: {
            "concerns": [word for word in words if word not in hidden],
            "identified_on": as_text(data.identified_on),
            "pregnancy_id": data.pregnancy_id,
            "provider": data.provider,
        }
    }
    if not MAYBE_FGM.isdisjoint(data.concerns):
        parts[Part.FGM] = {
            "risk_to_girls": in_words(data.risk_to_girls),
            "police_informed": in_words(data.police_informed),
        }
    if hidden.isdisjoint(words):
        parts |= narrated(data.headline, data.summary, data.narrative)
    return parts
