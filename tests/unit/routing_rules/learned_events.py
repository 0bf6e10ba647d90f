"""Makes whole events for the register, as a publisher's feed brings them, and routes with them."""

import json
from datetime import datetime, timedelta
from typing import Any

from routing_rules.case import Case, Outcome
from routing_rules.casework import decide
from routing_rules.decision import Decision
from routing_rules.rulebook import Rulebook
from schemas.events import DATA_MODELS, Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import EventType
from tests.builders import NOW, staffordshire
from tests.unit.routing_rules.register_events import ToldEvent, known_from

LONG_AGO = NOW - timedelta(days=60)
_TYPES = {DATA_MODELS[kind]: kind for kind in EventType}


def arriving(told: ToldEvent, *, time: datetime | None = None) -> Event:
    """The event for the register as it arrives."""
    return Event(
        source=told.source,
        id=told.id,
        type=next(kind for model, kind in _TYPES.items() if isinstance(told.data, model)),
        time=time or told.time,
        sequence=told.sequence,
        data=told.data,  # type: ignore[arg-type]  # the builders make nothing else
        sha256=told.id.encode(),
    )


def decided(event: Event, *known: ToldEvent, rulebook: Rulebook | None = None) -> Outcome:
    """What comes of an event when this is known, and nothing else."""
    case = Case(occurrence_id(occurrence_key(event)))
    at = event.time
    return decide(case, event, rulebook or staffordshire(), at, known_from(*known))[1]


def decision(event: Event, *known: ToldEvent, rulebook: Rulebook | None = None) -> Decision:
    return decided(event, *known, rulebook=rulebook).decision


def features_of(outcome: Outcome, ref: str) -> dict[str, Any]:
    """The features of one person, as they are stored."""
    stored = json.loads(json.dumps(outcome.facts))
    person = next(person for person in stored["people"] if person["ref"] == ref)
    features: dict[str, Any] = person["features"]
    return features


def ref_of_child(outcome: Outcome) -> str:
    """The ref of the only child whom only the register knows."""
    stored = json.loads(json.dumps(outcome.facts))
    (ref,) = (p["ref"] for p in stored["people"] if p["ref"].startswith("child-"))
    return str(ref)
