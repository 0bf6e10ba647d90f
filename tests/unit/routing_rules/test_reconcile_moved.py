"""Who is told of a change of recipient: somebody new takes the place of the one before."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from routing_rules.case import HeldDuty
from routing_rules.decision import OwedDuty
from routing_rules.reconcile import learned_later
from schemas.values import DutyState, NotificationKind, Service
from tests.unit.routing_rules.test_reconcile import OWED, held_after, steps

MIDWIFERY = replace(OWED, service=Service.MIDWIFERY, recipient="RJF:midwifery", organisation="RJF")
OTHER_MIDWIFERY = replace(MIDWIFERY, recipient="RJE:midwifery", organisation="RJE")
NO_MIDWIFERY = replace(
    MIDWIFERY,
    service=Service.MASH,
    recipient="MASH:mash",
    kind=NotificationKind.EXCEPTION,
    instead_of=Service.MIDWIFERY,
)


def kinds(*owed: OwedDuty, held: Sequence[HeldDuty]) -> list[tuple[str, str, str]]:
    return [(s.held.recipient, s.kind.value, s.why) for s in steps(*owed, held=held)]


MOVED = "somebody else is to be told instead"


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (MIDWIFERY, OTHER_MIDWIFERY),
        (NO_MIDWIFERY, MIDWIFERY),
        (MIDWIFERY, NO_MIDWIFERY),
    ],
)
def test_who_is_not_the_one_to_be_told_after_all_is_withdrawn(
    before: OwedDuty, now: OwedDuty
) -> None:
    assert kinds(now, held=[held_after(before)]) == [
        (before.recipient, "withdraw", MOVED),
        (now.recipient, now.kind.value, "owed"),
    ]


def test_a_service_that_is_merely_not_owed_any_more_stays_told() -> None:
    assert kinds(OWED, held=[held_after(), held_after(MIDWIFERY)]) == []


def test_where_nobody_new_is_told_nobody_has_moved() -> None:
    """As a team that owned an action, or the out-of-hours contact of one that was told at once."""
    both = [held_after(MIDWIFERY), held_after(OTHER_MIDWIFERY)]

    assert kinds(MIDWIFERY, held=both) == []


def test_a_new_exception_of_another_service_moves_nobody() -> None:
    for_gp = replace(NO_MIDWIFERY, instead_of=Service.GP)

    assert kinds(NO_MIDWIFERY, held=[held_after(for_gp)]) == [("MASH:mash", "exception", "owed")]


def test_mashs_duty_about_a_record_is_not_one_of_its_exceptions() -> None:
    about_record = replace(NO_MIDWIFERY, kind=NotificationKind.NOTIFY, instead_of=None)

    assert kinds(NO_MIDWIFERY, held=[held_after(about_record)]) == [
        ("MASH:mash", "exception", "owed")
    ]


@pytest.mark.parametrize(
    "state", [DutyState.RECORDED, DutyState.DONE, DutyState.CLOSED, DutyState.WITHDRAWN]
)
def test_what_has_ended_is_not_withdrawn_because_somebody_moved(state: DutyState) -> None:
    held = replace(held_after(MIDWIFERY, state), is_ended=True)

    assert kinds(OTHER_MIDWIFERY, held=[held]) == [("RJE:midwifery", "notify", "owed")]


def test_who_moves_back_is_told_again() -> None:
    first = held_after(MIDWIFERY)
    moved = steps(OTHER_MIDWIFERY, held=[first])
    held = [step.held for step in moved]

    back = steps(MIDWIFERY, held=held)

    assert [(s.held.recipient, s.held.state.value, s.held.episode) for s in back] == [
        ("RJE:midwifery", "withdrawn", 1),
        ("RJF:midwifery", "owed", 2),
    ]


def test_somebody_who_has_left_is_withdrawn_for_that_reason_only() -> None:
    gone = {"nhs:9990000034": "the person was entered in error"}

    (step,) = steps(held=[held_after(MIDWIFERY)], withdrawn=gone)

    assert step.why == "the person was entered in error"


def test_what_is_learned_later_is_told_late_and_a_withdrawal_keeps_its_reason() -> None:
    found = learned_later(steps(OTHER_MIDWIFERY, held=[held_after(MIDWIFERY)]))

    assert [(s.kind.value, s.late, s.why) for s in found] == [
        ("withdraw", False, MOVED),
        ("notify", True, "learned later"),
    ]
