"""Makes what happens around a pregnancy, and says who is told of it in the end."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from routing_rules.explain import Casebook
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import DutyState, EventType
from tests.builders import NOW, POLICE, a_person, an_event, at_home, police, staffordshire
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.register_events import ASHA, BELLA, CARL, booking, registration

LATER = NOW + timedelta(days=2)
MOTHER = a_person(
    "victim",
    nhs_number=ASHA,
    nhs_number_status="verified",
    date_of_birth="1996-04-11",
    sex="female",
    pregnant="yes",
    pregnancy_id="MAT-1",
    **at_home(),
)
Told = set[tuple[str, str]]


def incident(*unborn: int, reference: str = "STF/1", at: datetime = NOW, **mother: Any) -> Event:
    """An incident whose victim is pregnant, with unborn children by their places."""
    people = [
        a_person("unborn", ref=f"unborn{order}", order=order, pregnancy_id="MAT-1")
        for order in unborn
    ]
    told = {"police_reference": reference, "incident_at": (at - timedelta(hours=2)).isoformat()}
    data = police({**MOTHER, **mother}, *people, **told)
    return an_event(POLICE, data, event_id=reference, time=at)


def booked(publisher: str = "made") -> Event:
    return arriving(booking(at=NOW - timedelta(days=60), event={"publisher": publisher}))


def baby(number: str | None = BELLA, order: int = 1, outcome: str = "live") -> dict[str, Any]:
    identity = {"nhs_number": number, "nhs_number_status": "verified"} if number else {}
    name = {"given": f"Baby{order}", "family": "Example"}
    told = {"order": order, "outcome": outcome, "date_of_birth": "2026-03-08", "name": name}
    return a_person("child_present", ref=f"baby{order}", **identity, **told, **at_home())


def birth(*babies: Mapping[str, Any], event_id: str = "birth", **told: Any) -> Event:
    mother = {**MOTHER, "ref": "mother", "role": "patient", "pregnant": "no"}
    data = {
        "pregnancy_id": "MAT-1",
        "born_on": "2026-03-08",
        "mother": mother,
        "babies": [*babies],
        **told,
    }
    return an_event(EventType.MATERNITY_BIRTH, data, event_id=event_id, time=LATER)


def ended(outcome: str = "miscarriage", *, event_id: str = "ended", **told: Any) -> Event:
    """The end of the pregnancy; it does not say whose it was."""
    data = {"pregnancy_id": "MAT-1", "ended_on": "2026-03-08", "outcome": outcome, **told}
    time = told.pop("time", LATER)
    data.pop("time", None)
    return an_event(EventType.MATERNITY_ENDED, data, event_id=event_id, time=time)


def missed(event_id: str = "missed", hours: int = 0, **told: Any) -> Event:
    """A missed appointment of the pregnancy, as it is told hours later."""
    data = {
        "pregnancy_id": "MAT-1",
        "appointment_on": "2026-03-06",
        "missed_in_pregnancy": 3,
        "safeguarding_marker": "yes",
        "mother": {**MOTHER, "ref": "mother", "role": "patient"},
        **told,
    }
    time = NOW + timedelta(hours=hours)
    return an_event(EventType.MATERNITY_APPOINTMENT_MISSED, data, event_id=event_id, time=time)


def death_of_the_mother(day: str = "2026-03-08") -> Event:
    return arriving(registration(at=LATER, record={"deceased_on": day}))


def after(events: Iterable[Event]) -> Casebook:
    """The casebook once these have come in, one hour after the other."""
    casebook = Casebook(staffordshire())
    for place, event in enumerate(events):
        casebook.receive(event, LATER + timedelta(hours=place))
    return casebook


def standing(casebook: Casebook, event: Event) -> Told:
    """Who is told about whom in the event's occurrence."""
    return {
        (
            str(told["about"]["ref"]) if isinstance(told["about"], dict) else "",
            str(told["recipient"]),
        )
        for told in casebook.owed_for(event)
    }


def _ref_of(told: Mapping[str, Any]) -> str:
    return str(told["about"]["ref"]) if told["about"] else ""


def withdrawals(casebook: Casebook, event: Event) -> list[Mapping[str, Any]]:
    """What is said to those who are not to be told after all."""
    case = casebook.cases[occurrence_id(occurrence_key(event))]
    gone = [duty.duty_id for duty in case.duties if duty.state is DutyState.WITHDRAWN]
    return [casebook.told[duty_id] for duty_id in gone]


__all__ = ["ASHA", "BELLA", "CARL", "LATER", "NOW"]
