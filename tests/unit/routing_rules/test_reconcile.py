"""From the duties held to what is owed now: nothing twice, nothing in silence, ids that stay."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from routing_rules.case import HeldDuty
from routing_rules.decision import OwedDuty, Reason, Subject
from routing_rules.reconcile import (
    Step,
    about_as_json,
    fingerprint,
    reconcile,
)
from schemas.person import Name
from schemas.values import (
    Ask,
    DutyState,
    Handling,
    NotificationKind,
    Role,
    Service,
    Urgency,
)
from tests.builders import NOW

OCCURRENCE = UUID(int=1)
OWED = OwedDuty(
    service=Service.GP,
    recipient="Y90004:gp",
    organisation="Y90004",
    kind=NotificationKind.NOTIFY,
    about=Subject("nhs:9990000034", "p1", Role.VICTIM, "9990000034"),
    urgency=Urgency.ROUTINE,
    respond_by=NOW + timedelta(days=2),
    asks=(Ask.ACKNOWLEDGE,),
    reasons=(Reason("da-victim-practice", "because"),),
    content={"risk": "medium"},
)
CHANGED = replace(OWED, content={"risk": "high"})


def steps(
    *owed: OwedDuty, held: Sequence[HeldDuty] = (), withdrawn: dict[str, str] | None = None
) -> tuple[Step, ...]:
    return reconcile(OCCURRENCE, owed, held, withdrawn=withdrawn or {}, at=NOW)


def held_after(
    owed: OwedDuty = OWED, state: DutyState = DutyState.OWED, *, is_ended: bool = False
) -> HeldDuty:
    (step,) = steps(owed)
    return replace(step.held, state=state, is_ended=is_ended)


def test_what_is_owed_for_the_first_time_is_owed() -> None:
    (step,) = steps(OWED)

    assert (step.kind, step.why, step.supersedes) == (NotificationKind.NOTIFY, "owed", None)
    assert (step.held.episode, step.held.revision, step.held.state) == (1, 1, DutyState.OWED)
    assert not step.late


def test_what_is_already_owed_is_not_owed_twice() -> None:
    assert steps(OWED, held=[held_after()]) == ()


@pytest.mark.parametrize(
    "state", [DutyState.OWED, DutyState.SENT, DutyState.RECEIVED, DutyState.ACKNOWLEDGED]
)
def test_what_changed_is_sent_as_an_update_that_asks_again(state: DutyState) -> None:
    held = held_after(state=state)

    (step,) = steps(CHANGED, held=[held])

    assert (step.kind, step.supersedes) == (NotificationKind.UPDATE, held.notification_id)
    assert (step.held.duty_id, step.held.revision) == (held.duty_id, 2)
    assert step.held.notification_id != held.notification_id
    assert (step.held.state, step.held.is_ended) == (DutyState.OWED, False)


@pytest.mark.parametrize(
    "changed",
    [
        CHANGED,
        replace(OWED, urgency=Urgency.IMMEDIATE),
        replace(OWED, handling=(Handling.NO_ADDRESS,)),
        replace(OWED, asks=(Ask.ACT,)),
        replace(OWED, safe_contact="Her sister"),
        replace(OWED, about=Subject("nhs:9990000034", "p1", Role.VICTIM, None)),
    ],
    ids=["content", "urgency", "handling", "asks", "safe contact", "about"],
)
def test_whatever_the_recipient_would_notice_is_a_change(changed: OwedDuty) -> None:
    assert fingerprint(changed) != fingerprint(OWED)


@pytest.mark.parametrize(
    "same",
    [
        replace(OWED, respond_by=NOW),
        replace(OWED, reasons=()),
        replace(OWED, content={"risk": "medium"}),
    ],
    ids=["clock", "reasons", "equal content"],
)
def test_a_clock_or_another_reason_alone_is_no_change(same: OwedDuty) -> None:
    assert fingerprint(same) == fingerprint(OWED)


@pytest.mark.parametrize("days", [-1, 1])
def test_an_update_is_never_due_later(days: int) -> None:
    changed = replace(CHANGED, respond_by=OWED.respond_by + timedelta(days=days))

    (step,) = steps(changed, held=[held_after()])

    assert step.held.respond_by == min(changed.respond_by, OWED.respond_by)


@pytest.mark.parametrize(
    "state", [DutyState.ACKNOWLEDGED, DutyState.RECORDED, DutyState.DONE, DutyState.CLOSED]
)
def test_what_changed_after_the_duty_ended_is_a_new_episode(state: DutyState) -> None:
    held = held_after(state=state, is_ended=True)

    (step,) = steps(CHANGED, held=[held])

    assert (step.kind, step.held.episode, step.held.revision) == (NotificationKind.UPDATE, 2, 1)
    assert step.held.duty_id != held.duty_id
    assert step.supersedes == held.notification_id


def test_what_ended_well_and_did_not_change_is_not_asked_again() -> None:
    assert steps(OWED, held=[held_after(state=DutyState.DONE, is_ended=True)]) == ()


def test_what_a_later_event_leaves_out_stays_owed() -> None:
    assert steps(held=[held_after()]) == ()


def test_what_is_withdrawn_is_withdrawn_once_and_says_why() -> None:
    held = held_after(state=DutyState.ACKNOWLEDGED)

    (step,) = steps(held=[held], withdrawn={"nhs:9990000034": "entered in error"})

    assert (step.kind, step.why, step.owed) == (NotificationKind.WITHDRAW, "entered in error", None)
    assert step.held.state is DutyState.WITHDRAWN
    assert step.supersedes == held.notification_id
    assert steps(held=[step.held], withdrawn={"nhs:9990000034": "entered in error"}) == ()


def test_nobody_else_is_withdrawn() -> None:
    assert steps(held=[held_after()], withdrawn={"nhs:other": "entered in error"}) == ()


def test_what_was_withdrawn_and_is_owed_again_is_a_new_episode() -> None:
    """The very same content: withdrawn, it must be told anew and not be taken for told."""
    (withdrawn,) = steps(held=[held_after()], withdrawn={"nhs:9990000034": "x"})

    (step,) = steps(OWED, held=[withdrawn.held])

    assert (step.kind, step.why, step.held.episode) == (NotificationKind.NOTIFY, "owed", 2)
    assert step.held.duty_id != withdrawn.held.duty_id
    assert step.supersedes is None  # the withdrawal may never have been sent


def test_the_latest_episode_is_what_stands_in_whatever_order_they_are_held() -> None:
    (withdrawn,) = steps(held=[held_after()], withdrawn={"nhs:9990000034": "x"})
    (again,) = steps(OWED, held=[withdrawn.held])

    assert steps(OWED, held=[again.held, withdrawn.held]) == ()
    assert steps(OWED, held=[withdrawn.held, again.held]) == ()


def test_what_is_owed_too_late_is_late() -> None:
    (step,) = steps(replace(OWED, respond_by=NOW - timedelta(seconds=1)))

    assert step.late


def test_an_exception_stands_beside_another_for_another_service() -> None:
    exception = replace(OWED, kind=NotificationKind.EXCEPTION, instead_of=Service.GP)
    another = replace(exception, instead_of=Service.MIDWIFERY)

    assert len({step.held.duty_id for step in steps(exception, another)}) == 2


def test_ids_are_worked_out_and_never_drawn() -> None:
    assert steps(OWED) == steps(OWED)
    (elsewhere,) = reconcile(UUID(int=2), [OWED], (), withdrawn={}, at=NOW)
    assert elsewhere.held.duty_id != held_after().duty_id


def test_a_notices_about_is_what_the_contract_says() -> None:
    subject = Subject("k", "p1", Role.VICTIM, None, Name(given="Asha"), NOW.date())

    assert about_as_json(subject) == {
        "ref": "p1",
        "role": "victim",
        "nhs_number": None,
        "name": {"given": "Asha"},
        "date_of_birth": "2026-03-06",
    }
    assert about_as_json(None) is None
