"""Replaying: what was decided of an occurrence, once more, by the same rulebook or by another.

A history holds what each decision rested on, as the ledger stored it: the event, what the register
knew then, what had been returned and answered. Deciding it goes through the router's own `decide`,
so that the same rulebook comes to the same answer, and another to what it would have said.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from routing_rules.case import Case, HeldDuty, Outcome
from routing_rules.casework import decide, decide_again
from routing_rules.decision import OwedDuty, Reason
from routing_rules.identifying import Identification
from routing_rules.known import Known
from routing_rules.late_tellings import only_late
from routing_rules.reconcile import Identity, duty_id_of, identity_of_held, notification_id
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

    `rules` are the reasons given, in a replay those of the last decision that owes it. The
    recipient of an exception is MASH. Of what only a replay owes, the ids are those that its first
    notice would have had; they are worked out where somebody is to see them.
    """

    identity: Identity
    ref: str
    service: Service
    recipient: str
    kind: NotificationKind
    district: str | None
    rules: tuple[str, ...]
    duty_id: UUID | None = None
    notification_id: UUID | None = None

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
        for owed in outcome.decision.duties:
            told = telling_of_owed(owed)
            tellings[told.identity] = with_ids(told, history.occurrence_id)
    latest = {identity_of_held(d): d for d in sorted(duties, key=lambda duty: duty.episode)}
    return tuple(
        told
        for identity, told in tellings.items()
        if latest[identity].state is not DutyState.WITHDRAWN
    )


def differences(history: History, rulebook: Rulebook) -> tuple[Difference, ...]:
    """Who would have been told by this rulebook that was not, and the reverse, in a fixed order."""
    return differences_of(history.occurrence_id, history.told, standing(history, rulebook))


def differences_of(
    occurrence_id: UUID, told: Iterable[Telling], would_tell: Iterable[Telling]
) -> tuple[Difference, ...]:
    """As `differences`, of what was told and what would be."""
    would = {each.identity: each for each in would_tell}
    was = {each.identity: each for each in told}
    if would.keys() == was.keys():
        return ()
    newly = {
        identity: with_ids(each, occurrence_id) if identity not in was else each
        for identity, each in would.items()
    }
    return tuple(
        sorted(
            [
                *_only_in(newly, was, Change.NEWLY_TOLD),
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


def telling_of_owed(owed: OwedDuty) -> Telling:
    """A telling of what is owed about somebody."""
    about = owed.about
    assert about is not None  # noqa: S101 - an occurrence's duties are about people
    return telling(
        whom=(about.key, about.ref, owed.district),
        recipient=(owed.service, owed.recipient),
        stands_for=owed.instead_of,
        rules=owed.reasons,
    )


def telling(
    *,
    whom: tuple[str, str, str | None],
    recipient: tuple[Service, str],
    stands_for: Service | None,
    rules: Iterable[Reason],
) -> Telling:
    """What somebody would be told; `whom` is a person's key, ref and district."""
    key, ref, district = whom
    service, name = recipient
    kind = NotificationKind.EXCEPTION if stands_for else NotificationKind.NOTIFY
    identity: Identity = (key, service, name, kind, stands_for or "")
    return Telling(
        identity=identity,
        ref=ref,
        service=stands_for or service,
        recipient=name,
        kind=kind,
        district=district,
        rules=tuple(dict.fromkeys(reason.rule for reason in rules)),
    )


def with_ids(told: Telling, occurrence_id: UUID) -> Telling:
    """The same with the ids that its first notice would have had."""
    duty_id = duty_id_of(occurrence_id, told.identity, 1)
    return replace(told, duty_id=duty_id, notification_id=notification_id(duty_id, 1))


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
