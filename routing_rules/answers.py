"""What a receipt does to a duty: a state machine that only moves forward.

```
owed -> sent -> received -> acknowledged -> recorded -> done
```
A receipt that skips steps overtakes them. Every receipt gets one verdict, whether it moved
anything or not. Pure: the same duty and receipt give the same answer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from schemas.values import Ask, DutyState, ReceiptStatus


class ReceiptVerdict(StrEnum):
    """What became of a receipt: a closed set, also used as metric label."""

    APPLIED = "applied"
    REPEATED = "repeated"
    SUPERSEDED = "superseded"
    BACKWARDS = "backwards"
    ENDED = "ended"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """What an applied receipt does."""

    NOTHING = "nothing"
    STEP = "step"
    """The duty moved forward."""
    REFUSED = "refused"
    """The duty stays open, and somebody else must be told at once that it is stuck."""
    RETURNED = "returned"
    """The duty is withdrawn without a notice, and the case is decided again."""


@dataclass(frozen=True, slots=True)
class Answerable:
    """A duty as far as an answer concerns it.

    `is_ended`: nobody is chased for it. `is_refused`: it was refused, and not accepted since.
    `can_be_returned`: there is a case to decide again, and somebody to whom it could go.
    """

    organisation: str
    state: DutyState
    asks: tuple[Ask, ...]
    revision: int
    is_ended: bool
    is_refused: bool
    can_be_returned: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict, its effect, and how the duty stands afterwards."""

    verdict: ReceiptVerdict
    effect: Effect
    state: DutyState
    is_ended: bool
    is_refused: bool


_ORDER = (
    DutyState.OWED,
    DutyState.SENT,
    DutyState.RECEIVED,
    DutyState.ACKNOWLEDGED,
    DutyState.RECORDED,
    DutyState.DONE,
)
_RANK = {state: rank for rank, state in enumerate(_ORDER)}
_TAKEN_BACK = frozenset({DutyState.WITHDRAWN, DutyState.CLOSED})
_MET_FROM = {
    Ask.ACKNOWLEDGE: DutyState.ACKNOWLEDGED,
    Ask.RECORD: DutyState.RECORDED,
    Ask.ACT: DutyState.DONE,
}
"""The first state in which what is asked has been answered."""


def is_answered(state: DutyState, asks: Collection[Ask]) -> bool:
    """Whether a duty in this state has ended well: all that it asks is met.

    What asks nothing ends when it is received. A duty that was taken back has not ended well.
    """
    if state in _TAKEN_BACK:
        return False
    needed = [_MET_FROM[ask] for ask in asks] or [DutyState.RECEIVED]
    return all(_RANK[state] >= _RANK[each] for each in needed)


def steps_up_to(state: DutyState) -> tuple[DutyState, ...]:
    """The steps that have been taken, or overtaken, in this state; recording is not overtaken.

    Somebody who has done what was asked has read it, and need not have filed it.
    """
    reached = _ORDER[1 : _RANK[state] + 1]
    return tuple(s for s in reached if s is not DutyState.RECORDED or s is state)


def answer_of(
    duty: Answerable | None, revision: int, status: ReceiptStatus, *, organisation: str
) -> Answer | ReceiptVerdict:
    """What becomes of a receipt about this revision of a duty, said by this organisation.

    Only the verdict where there is no duty that it could be about.
    """
    if duty is None:
        return ReceiptVerdict.UNKNOWN
    if duty.organisation != organisation:
        return ReceiptVerdict.FOREIGN
    if duty.state in _TAKEN_BACK:
        return _unmoved(duty, ReceiptVerdict.ENDED)
    if revision < duty.revision:
        return _unmoved(duty, ReceiptVerdict.SUPERSEDED)
    return _answer(duty, status)


def _answer(duty: Answerable, status: ReceiptStatus) -> Answer:
    match status:
        case ReceiptStatus.REFUSED:
            return _refuse(duty)
        case ReceiptStatus.NOT_OURS:
            return _return(duty)
        case step:  # each of the others is named as the state that it leads to
            return _step(duty, DutyState(step.value))


def _step(duty: Answerable, to: DutyState) -> Answer:
    """One step forward; who accepts what they refused before is no longer refusing it."""
    accepts = duty.is_refused and to is not DutyState.RECEIVED
    if to is duty.state and not accepts:
        return _unmoved(duty, ReceiptVerdict.REPEATED)
    if _RANK[to] < _RANK[duty.state]:
        is_over = duty.state is DutyState.DONE
        return _unmoved(duty, ReceiptVerdict.ENDED if is_over else ReceiptVerdict.BACKWARDS)
    is_ended = duty.is_ended or is_answered(to, duty.asks)
    is_refused = duty.is_refused and not accepts
    return Answer(ReceiptVerdict.APPLIED, Effect.STEP, to, is_ended, is_refused)


def _refuse(duty: Answerable) -> Answer:
    """Theirs, but they cannot act: it stays open, and is received for certain."""
    if duty.is_ended:
        return _unmoved(duty, ReceiptVerdict.ENDED)
    if duty.is_refused:
        return _unmoved(duty, ReceiptVerdict.REPEATED)
    state = max(duty.state, DutyState.RECEIVED, key=_RANK.__getitem__)
    return Answer(ReceiptVerdict.APPLIED, Effect.REFUSED, state, is_ended=False, is_refused=True)


def _return(duty: Answerable) -> Answer:
    """Not theirs, even if it was received or filed before; what nobody else can have is stuck."""
    if duty.state is DutyState.DONE:
        return _unmoved(duty, ReceiptVerdict.ENDED)
    if not duty.can_be_returned:
        return _refuse(duty)
    return Answer(
        ReceiptVerdict.APPLIED,
        Effect.RETURNED,
        DutyState.WITHDRAWN,
        is_ended=True,
        is_refused=duty.is_refused,
    )


def _unmoved(duty: Answerable, verdict: ReceiptVerdict) -> Answer:
    return Answer(verdict, Effect.NOTHING, duty.state, duty.is_ended, duty.is_refused)
