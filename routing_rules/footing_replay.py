"""Replaying by footings alone: whom another rulebook would have told, and nothing of what.

The same answer as `replaying.standing`, or none, where what would have been withdrawn rests on more
than footings say. A property test holds the two together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from routing_rules.conditions import FeatureInvalid
from routing_rules.engine import who_is_told
from routing_rules.footing import facts_of
from routing_rules.reconcile import Identity
from routing_rules.replaying import Telling, telling
from routing_rules.rulebook import Rulebook
from schemas.values import EventType


@dataclass(frozen=True, slots=True)
class FootedPoint:
    """One decision by its footing, as JSON; `is_new` and `is_late` as of a `Point`.

    Equal footings may be one object, which is then looked at once.
    """

    footing: Mapping[str, Any]
    is_new: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class FootedHistory:
    """An occurrence as its footings tell it; `is_answered` if any of its duties has ended."""

    occurrence_id: UUID
    type: EventType
    points: Sequence[FootedPoint]
    is_answered: bool


def standing_by_footings(history: FootedHistory, rulebook: Rulebook) -> tuple[Telling, ...] | None:
    """What would be told and not withdrawn; None where the footings cannot say. Pure.

    The rulebook must be on common ground with those that decided (`footing.is_common_ground`).
    """
    seen, owed = None, dict[Identity, Telling]()
    stands = dict[Identity, Telling]()
    events = 0
    for point in history.points:
        events += point.is_new
        if point.footing is not seen:
            seen, now = point.footing, _owed(history, point.footing, rulebook)
            if now is None:
                return None
            owed = now
        left = stands.keys() - owed.keys()
        if left:
            if history.is_answered or (point.is_late and events > 1):
                return None
            if not {key for key, *_ in left}.isdisjoint(point.footing["guarded"]):
                return None
            gone = left if point.is_late else _moved(left, stands, owed)
            stands = {each: told for each, told in stands.items() if each not in gone}
        stands |= owed
    return tuple(stands.values())


def _moved(
    left: Iterable[Identity], stands: Mapping[Identity, Telling], owed: Mapping[Identity, Telling]
) -> set[Identity]:
    """What was told to somebody, and somebody else is told instead (`reconcile`)."""
    newly_told = {told.whom for identity, told in owed.items() if identity not in stands}
    return {each for each in left if stands[each].whom in newly_told}


def _owed(
    history: FootedHistory, footing: Mapping[str, Any], rulebook: Rulebook
) -> dict[Identity, Telling] | None:
    """Whom one decision tells; None if a rule fired that may not fire again."""
    owed: dict[Identity, Telling] = {}
    try:
        facts = facts_of(footing, history.type, history.occurrence_id, rulebook)
        for builder, notice in who_is_told(facts, rulebook):
            if any(each.fires_once for each in notice.candidates):
                return None
            person = builder.person
            told = telling(
                whom=(person.party.key, person.party.person.ref, person.district),
                recipient=(notice.team.service, notice.team.recipient),
                stands_for=notice.stands_for,
                rules=builder.reasons(notice),
            )
            owed[told.identity] = told
    except (FeatureInvalid, KeyError, ValueError):  # an older release stored it
        return None
    return owed
