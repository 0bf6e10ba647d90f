"""Replaying: what was decided of an occurrence, once more, by the same rulebook or by another.

A history holds what each decision rested on, as the ledger stored it: the event, what the register
knew then, what had been returned and answered. Deciding it goes through the router's own `decide`,
so that the same rulebook comes to the same answer, and another to what it would have said.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from routing_rules.case import Case, HeldDuty, Outcome
from routing_rules.casework import decide, decide_again
from routing_rules.identifying import Identification
from routing_rules.known import Known
from routing_rules.late_tellings import only_late
from routing_rules.reconcile import Identity, identity_of_held
from routing_rules.returns import Return
from routing_rules.rulebook import Rulebook
from schemas.events import Event
from schemas.values import DutyState, NotificationKind, Service


@dataclass(frozen=True, slots=True)
class Point:
    """One decision: when it was made (UTC), by which rulebook, and what it rested on.

    `event` is the one that it was made for; None if the case was decided again, `is_late` if
    because something was learned later. `issued`: a named person had those told late whom it names
    (person key and service), and nothing else was done.
    """

    at: datetime
    rulebook_hash: str
    event: Event | None
    known: Known
    is_late: bool = False
    returns: tuple[Return, ...] = ()
    identified: tuple[Identification, ...] = ()
    issued: frozenset[tuple[str, Service]] | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody is told about one person of an occurrence; `service` is the one meant.

    `rules` are the reasons given. The recipient of an exception is MASH. Of what is owed in the
    replay only, the ids are those that it would have had.
    """

    identity: Identity
    ref: str
    service: Service
    recipient: str
    kind: NotificationKind
    district: str | None
    rules: tuple[str, ...]
    duty_id: UUID
    notification_id: UUID

    @property
    def person_key(self) -> str:
        """Who it is about; it may hold an NHS number, so it is never shown."""
        return self.identity[0]

    @property
    def whom(self) -> tuple[str, Service]:
        """The person, and the service that should be told of them, whoever stands for it."""
        return self.person_key, self.service


@dataclass(frozen=True, slots=True)
class History:
    """An occurrence as the ledger stored it: its decisions in order, and who has been told.

    `ended` gives, by duty id, when what a duty asks was answered, or a named person closed it, and
    `returned` when its recipient returned it as not theirs, by which it was withdrawn. `told` is
    what was told and not withdrawn.
    """

    occurrence_id: UUID
    points: tuple[Point, ...]
    ended: Mapping[UUID, datetime] = field(default_factory=dict)
    returned: Mapping[UUID, datetime] = field(default_factory=dict)
    told: tuple[Telling, ...] = ()


class Change(StrEnum):
    """What another rulebook would have done otherwise."""

    NEWLY_TOLD = "newly told"
    NO_LONGER_TOLD = "no longer told"


@dataclass(frozen=True, slots=True)
class Difference:
    """One telling that another rulebook adds, or leaves out.

    `elsewhere`: of the same person and service somebody is told either way, only not the same.
    """

    change: Change
    telling: Telling
    elsewhere: bool


RulebookOf = Callable[[Point], Rulebook]


def decided_again(
    history: History, rulebook_of: RulebookOf, *, as_ordered: bool = False
) -> Iterator[tuple[Case, Outcome]]:
    """Each decision of a history in turn, by the rulebook that is named for it. Pure.

    A duty that had been answered by then has ended here as well: answers are facts. `as_ordered`:
    an order to issue late did only that; else the case is decided like any other.
    """
    case = Case(history.occurrence_id)
    for point in history.points:
        case = replace(
            case,
            duties=tuple(_answered(duty, history, point.at) for duty in case.duties),
            returns=point.returns,
            identified=point.identified,
        )
        rulebook = rulebook_of(point)
        if point.event is not None:
            case, outcome = decide(case, point.event, rulebook, point.at, point.known)
        else:
            before = case
            case, outcome = decide_again(
                case, rulebook, point.at, point.known, is_late=point.is_late
            )
            if as_ordered and point.issued is not None:
                case, outcome = only_late(before, outcome, point.issued)
        yield case, outcome


def standing(history: History, rulebook: Rulebook) -> tuple[Telling, ...]:
    """What would be told and not withdrawn, had this rulebook made every decision."""
    tellings: dict[Identity, Telling] = {}
    duties: tuple[HeldDuty, ...] = ()
    for case, outcome in decided_again(history, lambda _: rulebook):
        duties = case.duties
        for change in outcome.changes:
            if change.owed is not None:
                rules = tuple(dict.fromkeys(reason.rule for reason in change.owed.reasons))
                told = telling_of(change.held, district=change.owed.district, rules=rules)
                tellings[told.identity] = told
    latest = {identity_of_held(d): d for d in sorted(duties, key=lambda duty: duty.episode)}
    return tuple(
        told
        for identity, told in tellings.items()
        if latest[identity].state is not DutyState.WITHDRAWN
    )


def differences(history: History, rulebook: Rulebook) -> tuple[Difference, ...]:
    """Who would have been told by this rulebook that was not, and the reverse, in a fixed order."""
    would = {each.identity: each for each in standing(history, rulebook)}
    was = {each.identity: each for each in history.told}
    return tuple(
        sorted(
            [
                *_only_in(would, was, Change.NEWLY_TOLD),
                *_only_in(was, would, Change.NO_LONGER_TOLD),
            ],
            key=lambda each: (each.change, each.telling.ref, each.telling.identity),
        )
    )


def telling_of(held: HeldDuty, *, district: str | None, rules: Sequence[str]) -> Telling:
    """A telling of a duty that is held."""
    ref = None if held.about is None else held.about.get("ref")
    return Telling(
        identity=identity_of_held(held),
        ref=str(ref or ""),
        service=held.instead_of or held.service,
        recipient=held.recipient,
        kind=held.kind,
        district=district,
        rules=tuple(rules),
        duty_id=held.duty_id,
        notification_id=held.notification_id,
    )


def _only_in(
    these: Mapping[Identity, Telling], those: Mapping[Identity, Telling], change: Change
) -> Iterator[Difference]:
    told_there = {each.whom for each in those.values()}
    for identity, telling in these.items():
        if identity not in those:
            yield Difference(change, telling, elsewhere=telling.whom in told_there)


def _answered(duty: HeldDuty, history: History, at: datetime) -> HeldDuty:
    """A duty as its recipient's answers had left it when a decision was made.

    What was answered at the same moment was answered first, in the same transaction.
    """
    returned_at = history.returned.get(duty.duty_id)
    if returned_at is not None and returned_at <= at:
        return replace(duty, state=DutyState.WITHDRAWN, is_ended=True)
    ended_at = history.ended.get(duty.duty_id)
    is_ended = ended_at is not None and ended_at <= at
    return replace(duty, is_ended=True) if is_ended else duty
