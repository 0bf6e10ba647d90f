"""What a receipt does to a duty, as a table of every state and status."""

from dataclasses import replace

import pytest

from routing_rules.answers import (
    Answer,
    Answerable,
    Effect,
    ReceiptVerdict,
    answer_of,
    is_answered,
    steps_up_to,
)
from schemas.values import Ask, DutyState, ReceiptStatus

OURS = "RJF"
DUTY = Answerable(
    organisation=OURS,
    state=DutyState.SENT,
    asks=(Ask.ACKNOWLEDGE, Ask.RECORD, Ask.ACT),
    revision=2,
    is_ended=False,
    is_refused=False,
    can_be_returned=True,
)
APPLIED, REPEATED = ReceiptVerdict.APPLIED, ReceiptVerdict.REPEATED
BACKWARDS, ENDED = ReceiptVerdict.BACKWARDS, ReceiptVerdict.ENDED
STATUSES = ("received", "acknowledged", "recorded", "done", "not_ours", "refused")
TABLE = {
    # state: what becomes of each status
    "owed": (APPLIED, APPLIED, APPLIED, APPLIED, APPLIED, APPLIED),
    "sent": (APPLIED, APPLIED, APPLIED, APPLIED, APPLIED, APPLIED),
    "received": (REPEATED, APPLIED, APPLIED, APPLIED, APPLIED, APPLIED),
    "acknowledged": (BACKWARDS, REPEATED, APPLIED, APPLIED, APPLIED, APPLIED),
    "recorded": (BACKWARDS, BACKWARDS, REPEATED, APPLIED, APPLIED, APPLIED),
    "done": (ENDED, ENDED, ENDED, REPEATED, ENDED, ENDED),
    "withdrawn": (ENDED,) * 6,
    "closed": (ENDED,) * 6,
}
ROWS = [
    (DutyState(state), ReceiptStatus(status), verdict)
    for state, verdicts in TABLE.items()
    for status, verdict in zip(STATUSES, verdicts, strict=True)
]
ENDED_STATES = {DutyState.DONE, DutyState.WITHDRAWN, DutyState.CLOSED}


def answered(duty: Answerable, status: ReceiptStatus, revision: int = 2) -> Answer:
    answer = answer_of(duty, revision, status, organisation=OURS)
    assert isinstance(answer, Answer)
    return answer


def test_the_table_holds_every_state_and_status() -> None:
    assert {row[:2] for row in ROWS} == {(d, s) for d in DutyState for s in ReceiptStatus}


@pytest.mark.parametrize(("state", "status", "verdict"), ROWS)
def test_every_status_in_every_state(
    state: DutyState, status: ReceiptStatus, verdict: ReceiptVerdict
) -> None:
    duty = replace(DUTY, state=state, is_ended=state in ENDED_STATES)

    answer = answered(duty, status)

    assert answer.verdict is verdict
    assert (answer.effect is Effect.NOTHING) == (verdict is not APPLIED)
    if verdict is not APPLIED:
        assert (answer.state, answer.is_ended) == (duty.state, duty.is_ended)


def test_a_receipt_that_skips_steps_overtakes_them() -> None:
    answer = answered(replace(DUTY, state=DutyState.OWED), ReceiptStatus.RECORDED)

    assert (answer.state, answer.is_ended) == (DutyState.RECORDED, False)


@pytest.mark.parametrize(
    ("asks", "ends_at"),
    [
        ((), "received"),
        ((Ask.ACKNOWLEDGE,), "acknowledged"),
        ((Ask.RECORD,), "recorded"),
        ((Ask.ACKNOWLEDGE, Ask.RECORD), "recorded"),
        ((Ask.ACT,), "done"),
        ((Ask.ACKNOWLEDGE, Ask.RECORD, Ask.ACT), "done"),
    ],
)
def test_a_duty_ends_when_all_that_it_asks_is_answered(asks: tuple[Ask, ...], ends_at: str) -> None:
    steps = STATUSES[:4]
    for status in steps:
        answer = answered(replace(DUTY, asks=asks), ReceiptStatus(status))
        assert answer.is_ended == (steps.index(status) >= steps.index(ends_at))


@pytest.mark.parametrize("state", [DutyState.WITHDRAWN, DutyState.CLOSED])
def test_what_was_taken_back_was_not_answered(state: DutyState) -> None:
    assert not is_answered(state, ())


def test_what_has_ended_well_goes_on_forward_and_stays_ended() -> None:
    duty = replace(DUTY, asks=(Ask.ACKNOWLEDGE,), state=DutyState.ACKNOWLEDGED, is_ended=True)

    answer = answered(duty, ReceiptStatus.RECORDED)

    assert (answer.verdict, answer.state, answer.is_ended) == (APPLIED, DutyState.RECORDED, True)


def test_an_answer_to_an_earlier_revision_does_not_answer_the_update() -> None:
    for status in ReceiptStatus:
        answer = answered(DUTY, status, revision=1)

        assert answer.verdict is ReceiptVerdict.SUPERSEDED
        assert (answer.effect, answer.state) == (Effect.NOTHING, DutyState.SENT)


def test_nobody_answers_for_another_organisation() -> None:
    for status in ReceiptStatus:
        assert answer_of(DUTY, 2, status, organisation="RJE") is ReceiptVerdict.FOREIGN


def test_a_notice_that_nobody_sent_is_unknown() -> None:
    for status in ReceiptStatus:
        assert answer_of(None, 0, status, organisation=OURS) is ReceiptVerdict.UNKNOWN


def test_what_is_refused_stays_open_and_is_received() -> None:
    answer = answered(DUTY, ReceiptStatus.REFUSED)

    assert answer == Answer(
        APPLIED, Effect.REFUSED, DutyState.RECEIVED, is_ended=False, is_refused=True
    )


def test_what_only_informs_is_not_ended_by_being_refused() -> None:
    answer = answered(replace(DUTY, asks=()), ReceiptStatus.REFUSED)

    assert (answer.is_ended, answer.is_refused) == (False, True)


def test_refusing_does_not_take_back_a_step() -> None:
    answer = answered(replace(DUTY, state=DutyState.RECORDED), ReceiptStatus.REFUSED)

    assert answer.state is DutyState.RECORDED


def test_refusing_twice_is_a_repeat() -> None:
    assert answered(replace(DUTY, is_refused=True), ReceiptStatus.REFUSED).verdict is REPEATED


def test_what_has_ended_well_can_no_longer_be_refused() -> None:
    duty = replace(DUTY, asks=(Ask.ACKNOWLEDGE,), state=DutyState.ACKNOWLEDGED, is_ended=True)

    assert answered(duty, ReceiptStatus.REFUSED).verdict is ENDED


@pytest.mark.parametrize("state", [DutyState.SENT, DutyState.ACKNOWLEDGED])
def test_who_accepts_after_all_no_longer_refuses(state: DutyState) -> None:
    answer = answered(replace(DUTY, state=state, is_refused=True), ReceiptStatus.ACKNOWLEDGED)

    assert (answer.verdict, answer.is_refused) == (APPLIED, False)
    assert answer.state is DutyState.ACKNOWLEDGED


def test_a_system_that_receives_it_accepts_nothing() -> None:
    duty = replace(DUTY, state=DutyState.SENT, is_refused=True)

    assert answered(duty, ReceiptStatus.RECEIVED).is_refused


def test_what_is_not_theirs_is_withdrawn_and_returned() -> None:
    answer = answered(DUTY, ReceiptStatus.NOT_OURS)

    assert (answer.effect, answer.state) == (Effect.RETURNED, DutyState.WITHDRAWN)
    assert answer.is_ended


def test_what_ended_by_being_received_or_filed_can_still_be_returned() -> None:
    for state in (DutyState.RECEIVED, DutyState.ACKNOWLEDGED, DutyState.RECORDED):
        duty = replace(DUTY, asks=(), state=state, is_ended=True)
        assert answered(duty, ReceiptStatus.NOT_OURS).effect is Effect.RETURNED


def test_what_nobody_else_can_have_stays_and_is_stuck() -> None:
    answer = answered(replace(DUTY, can_be_returned=False), ReceiptStatus.NOT_OURS)

    assert (answer.effect, answer.is_ended) == (Effect.REFUSED, False)


def test_recording_is_not_overtaken_by_doing() -> None:
    assert steps_up_to(DutyState.DONE) == (
        DutyState.SENT,
        DutyState.RECEIVED,
        DutyState.ACKNOWLEDGED,
        DutyState.DONE,
    )
    assert steps_up_to(DutyState.RECORDED)[-1] is DutyState.RECORDED
    assert steps_up_to(DutyState.OWED) == ()
