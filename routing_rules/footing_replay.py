"""Replaying by footings alone: whom another rulebook would have told, and nothing of what.

The same answer as `replaying.standing`, or none, where what would have been withdrawn rests on more
than footings say. A property test holds the two together.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from routing_rules.conditions import FeatureInvalid
from routing_rules.footing_memory import Notice
from routing_rules.footing_reading import Footing, as_if_unended, before_each_event
from routing_rules.footing_telling import Asked, Teller
from routing_rules.reconcile import Identity
from routing_rules.replaying import Telling
from schemas.values import EventType, NotificationKind


@dataclass(frozen=True, slots=True)
class FootedPoint:
    """One decision by its footing; `is_late` as of a `Point`.

    Equal footings may be one object, which is then looked at once.
    """

    footing: Footing
    is_late: bool


@dataclass(frozen=True, slots=True)
class FootedHistory:
    """An occurrence as its footings tell it; `answered` are its duties that ended by an answer."""

    occurrence_id: UUID
    type: EventType
    points: Sequence[FootedPoint]
    answered: AbstractSet[Identity]

    def asked(self, footing: Footing) -> Asked:
        """What is asked of a teller."""
        return Asked(footing, self.type, self.occurrence_id)


_NOTIFY, _EXCEPTION = NotificationKind.NOTIFY, NotificationKind.EXCEPTION


class Owed(NamedTuple):
    """What is owed about somebody."""

    ref: str
    district: str | None
    notice: Notice


Standing = Mapping[Identity, Owed]
"""What would be told and not withdrawn."""


def standing_by_footings(history: FootedHistory, teller: Teller) -> Standing | None:
    """What would be told and not withdrawn; None where the footings cannot say.

    The teller's rulebook must be on common ground with those that decided
    (`footing.is_common_ground`).
    """
    seen: Footing | None = None
    owed: Standing = {}
    stands: dict[Identity, Owed] = {}
    for point in history.points:
        footing = point.footing
        if footing is not seen:
            seen, now = footing, _owed(history.asked(footing), teller)
            if now is None:
                return None
            owed = now
        if stands.keys() - owed.keys():
            gone = _gone(history, point, (stands, owed), teller)
            if gone is None:
                return None
            stands = {each: told for each, told in stands.items() if each not in gone}
        stands |= owed
    return stands


def tellings_of(standing: Standing) -> tuple[Telling, ...]:
    """What stands, as the whole decision says it; without ids."""
    return tuple(telling_of(identity, owed) for identity, owed in standing.items())


def telling_of(identity: Identity, owed: Owed) -> Telling:
    """What one of them would be told."""
    service, recipient, stands_for, rules = owed.notice
    return Telling(
        identity=identity,
        ref=owed.ref,
        service=stands_for or service,
        recipient=recipient,
        kind=NotificationKind(identity[3]),
        district=owed.district,
        rules=rules,
    )


def whom(identity: Identity) -> tuple[str, str]:
    """The person, and the service that should be told of them, whoever stands for it."""
    return identity[0], identity[4] or identity[1]


def _gone(
    history: FootedHistory, point: FootedPoint, then: tuple[Standing, Standing], teller: Teller
) -> AbstractSet[Identity] | None:
    """Which of those that are not owed any more are withdrawn; None where it cannot be said.

    `then` is what stood, and what is owed now. As `casework` has it, in the same order.
    """
    stands, owed = then
    footing = point.footing
    left = stands.keys() - owed.keys()
    if footing.takes_back:
        return left
    if footing.rests_on_more or not {key for key, *_ in left}.isdisjoint(footing.guarded):
        return None
    gone = _let_rest(history, footing, then, teller)
    if gone is not None and point.is_late:
        unfounded = _unfounded(history, footing, left - gone, teller)
        gone = None if unfounded is None else gone | unfounded
    if gone is None:
        return None
    newly_told = {whom(identity) for identity in owed if identity not in stands}
    moved = {each for each in left - gone if whom(each) in newly_told}
    # what was answered stays, unless it was owed once more: that its content says
    return gone | moved if moved.isdisjoint(history.answered) else None


def _let_rest(
    history: FootedHistory, footing: Footing, then: tuple[Standing, Standing], teller: Teller
) -> AbstractSet[Identity] | None:
    """What was told of a pregnancy that is no more, or of whoever was lost with it."""
    stands, owed = then
    left = stands.keys() - owed.keys()
    lost = set(footing.lost).difference(key for key, *_ in owed)
    gone = {each for each in left if each[0] in lost}
    for unended in as_if_unended(footing):
        would_be = _owed(history.asked(unended), teller)
        if would_be is None:
            return None
        gone |= left & would_be.keys()
    return gone


def _unfounded(
    history: FootedHistory, footing: Footing, left: AbstractSet[Identity], teller: Teller
) -> AbstractSet[Identity] | None:
    """What no event would have led to, had it been known what is known now."""
    for earlier in before_each_event(footing):
        owed = _owed(history.asked(earlier), teller)
        if owed is None:
            return None
        left = left - owed.keys()
    return left


def _owed(asked: Asked, teller: Teller) -> Standing | None:
    """Whom one decision tells; None if its footing does not fit."""
    owed: dict[Identity, Owed] = {}
    try:
        for key, ref, district, notices in teller.told(asked):
            for notice in notices:
                service, recipient, stands_for, _ = notice
                kind = _EXCEPTION if stands_for else _NOTIFY
                identity = (key, service, recipient, kind, stands_for or "")
                owed[identity] = Owed(ref, district, notice)
    except (FeatureInvalid, KeyError, ValueError):  # an older release stored it
        return None
    return owed
