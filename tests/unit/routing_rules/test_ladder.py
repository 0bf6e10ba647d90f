"""How far a silence has climbed: monotone, each step once, always ending outside MASH."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.awaited import Awaited, Unmet, WatchedDuty, awaited_of
from routing_rules.escalating import Silence, escalate
from routing_rules.escalation import Told
from routing_rules.ladder import Climb, LastStep, climb, silence_of
from routing_rules.rulebook import Rulebook
from schemas.values import Ask, DutyState, Service, Urgency
from tests.builders import rulebook_with, staffordshire

DUE = datetime(2026, 3, 4, 17, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
DUTY = WatchedDuty(
    duty_id=UUID(int=1),
    revision=1,
    service=Service.MIDWIFERY,
    recipient="RJF:midwifery",
    organisation="RJF",
    urgency=Urgency.NEXT_WORKING_DAY,
    asks=(Ask.ACKNOWLEDGE, Ask.RECORD),
    state=DutyState.SENT,
    respond_by=DUE,
    owed_at=DUE - DAY,
)
RECIPIENTS = (
    ("RJF:midwifery", "RJF"),
    ("RJF:safeguarding", "RJF"),
    ("MASH:mash", "MASH"),
    ("Y90004", "Y90004"),
    ("860:social-care", "860"),
    ("860:social-care:duty-director", "860"),
    ("860:social-care:emergency-duty", "860"),
    ("nobody:knows:them", "nobody"),
)
ON_CALL = staffordshire().escalation.on_call.team.recipient


@pytest.mark.parametrize(
    ("changes", "unmet"),
    [
        ({}, Unmet.NOT_ACKNOWLEDGED),
        ({"state": DutyState.OWED}, Unmet.NOT_SENT),
        ({"state": DutyState.ACKNOWLEDGED}, Unmet.NOT_RECORDED),
        ({"state": DutyState.RECORDED}, None),
        ({"asks": ()}, None),
        ({"asks": (), "state": DutyState.OWED}, None),
        ({"asks": (Ask.ACT,), "state": DutyState.RECORDED}, Unmet.NOT_DONE),
        ({"asks": (Ask.ACT,), "state": DutyState.DONE}, None),
        ({"refused_at": DUE - DAY}, Unmet.REFUSED),
    ],
)
def test_what_is_awaited_is_what_nobody_has_done(
    changes: dict[str, object], unmet: Unmet | None
) -> None:
    found = awaited_of(replace(DUTY, **changes))  # type: ignore[arg-type]

    assert (found.unmet if found else None) == unmet


def test_an_action_has_a_date_of_its_own() -> None:
    acting = replace(DUTY, asks=(Ask.ACKNOWLEDGE, Ask.ACT))

    assert awaited_of(replace(acting, act_by=DUE - DAY)) == Awaited(Unmet.NOT_DONE, DUE - DAY)
    assert awaited_of(replace(acting, act_by=DUE + DAY)) == Awaited(Unmet.NOT_ACKNOWLEDGED, DUE)
    acknowledged = replace(acting, state=DutyState.ACKNOWLEDGED, act_by=DUE + DAY)
    assert awaited_of(acknowledged) == Awaited(Unmet.NOT_DONE, DUE + DAY)


def climbing(duty: WatchedDuty, at: datetime, taken: LastStep | None = None) -> Climb:
    begun = silence_of(duty)
    known = {begun: taken} if begun and taken else {}
    return climb(duty, known, staffordshire(), at)


def on_call_at(at: datetime, step: int) -> LastStep:
    """The last step of a silence that has reached the person on call."""
    return LastStep(step, at, Told.ON_CALL, ON_CALL, DUE)


def test_when_nothing_is_awaited_nobody_looks_again() -> None:
    assert climbing(replace(DUTY, asks=()), DUE) == Climb(None, (), None)


def test_before_it_is_due_it_is_looked_at_when_it_is() -> None:
    assert climbing(DUTY, DUE - DAY).look_at == DUE


def test_a_clock_that_stood_still_tells_the_highest_reached_and_marks_it_late() -> None:
    climbed = climbing(DUTY, DUE + 30 * DAY)

    assert [(s.told, s.is_late) for s in climbed.steps] == [(told, True) for told in Told]
    silence = Silence(DUTY, Awaited(Unmet.NOT_ACKNOWLEDGED, DUE), climbed.steps)
    escalated = escalate([silence], staffordshire(), DUE + 30 * DAY, console="")
    (change,) = escalated.changes
    assert change.held.recipient == ON_CALL
    assert change.notification["content"]["late"] is True  # type: ignore[index, call-overload]
    assert change.notification["content"]["on_call"] == {  # type: ignore[index, call-overload]
        "name": "Morgan Example",
        "role": "duty director of children's services",
    }


def test_a_ladder_that_grew_shorter_goes_on_with_the_person_on_call() -> None:
    moved = replace(DUTY, recipient="Y90004", organisation="Y90004")  # no lead: two rungs

    climbed = climbing(moved, DUE + 30 * DAY, on_call_at(DUE + 5 * DAY, 5))

    assert [(s.step, s.told) for s in climbed.steps] == [(6, Told.ON_CALL)]


def ladder_of(*told: str, **changes: str) -> Rulebook:
    """The shipped rulebook with one ladder for every silence: each an hour after the one before."""
    steps = "".join(
        f"      - {{tell: {each}, after: {hours} hours, urgency: same day}}\n"
        for hours, each in enumerate(told, 1)
    )
    text = f"""
on call:
  name: Morgan Example
  role: duty director
  recipient: {changes.get("on_call", ON_CALL)}
late after: 1 hour
ladders:
  - when: [refused, not sent, not acknowledged, not recorded, not done]
    of: [immediate, same day, next working day, routine]
    tell:
{steps}    again every: 4 hours
"""
    return rulebook_with(**{"escalation.yaml": text})


def climbing_under(rulebook: Rulebook, last: LastStep, at: datetime) -> list[tuple[int, Told, str]]:
    climbed = climb(DUTY, {DUE: last}, rulebook, at)
    return [(step.step, step.told, step.team.recipient) for step in climbed.steps]


def test_under_another_ladder_nobody_is_told_twice_and_nobody_is_left_out() -> None:
    longer, shorter = ladder_of("lead", "mash", "on call"), ladder_of("mash", "on call")
    told_mash = LastStep(2, DUE + HOUR, Told.MASH, "MASH:mash", DUE)
    first_rung = LastStep(1, DUE + HOUR, Told.MASH, "MASH:mash", DUE)
    later = DUE + 3 * HOUR

    # two steps were taken, and the new ladder has two: the person on call is still to come
    assert climbing_under(shorter, told_mash, later) == [(3, Told.ON_CALL, ON_CALL)]
    # one step was taken, and the new ladder begins with the lead: MASH is not told again
    assert climbing_under(longer, first_rung, DUE + 2 * HOUR) == []
    assert climbing_under(longer, first_rung, later) == [(2, Told.ON_CALL, ON_CALL)]


def test_a_ladder_that_went_quicker_is_caught_up_with_and_a_slower_one_waited_for() -> None:
    quick = ladder_of("lead", "mash", "on call")
    told_lead = LastStep(1, DUE, Told.LEAD, "RJF:safeguarding", DUE)

    assert [told for _, told, _ in climbing_under(quick, told_lead, DUE + 3 * HOUR)] == [
        Told.MASH,
        Told.ON_CALL,
    ]
    assert climbing_under(quick, told_lead, DUE + HOUR) == []


def test_somebody_else_on_call_is_told_at_once_of_all_that_has_reached_the_one_before() -> None:
    changed = ladder_of("lead", "mash", "on call", on_call="R1E:safeguarding:night-director")
    told = on_call_at(DUE + 3 * HOUR, 3)
    soon = DUE + 3 * HOUR + timedelta(minutes=1)

    assert climbing_under(ladder_of("lead", "mash", "on call"), told, soon) == []
    assert climbing_under(changed, told, soon) == [
        (4, Told.ON_CALL, "R1E:safeguarding:night-director")
    ]


def test_what_was_owed_late_is_chased_from_one_moment_whatever_rulebook_is_live() -> None:
    late = replace(DUTY, owed_at=DUE + HOUR)
    before = climb(late, {}, staffordshire(), DUE + 30 * DAY)
    assert before.awaited is not None
    pinned = before.awaited.since - DAY  # as another rulebook's times had made it
    last = LastStep(1, pinned, Told.LEAD, "RJF:safeguarding", pinned)

    after = climb(late, {late.owed_at: last}, staffordshire(), DUE + 30 * DAY)

    assert silence_of(late) == late.owed_at
    assert after.awaited == replace(before.awaited, since=pinned)
    assert [step.told for step in after.steps] == [Told.MASH, Told.ON_CALL]
    assert silence_of(replace(DUTY, asks=())) is None


def test_two_copies_to_one_contact_are_one_notice() -> None:
    night = datetime(2026, 3, 4, 23, tzinfo=UTC)
    silences = []
    for number, (recipient, organisation) in enumerate((RECIPIENTS[0], ("RJE:midwifery", "RJE"))):
        duty = replace(
            DUTY,
            duty_id=UUID(int=number),
            recipient=recipient,
            organisation=organisation,
            urgency=Urgency.IMMEDIATE,
            respond_by=night,
        )
        climbed = climbing(duty, night)
        assert climbed.awaited is not None
        silences.append(Silence(duty, climbed.awaited, climbed.steps))

    escalated = escalate(silences, staffordshire(), night, console="")

    contact, *leads = escalated.changes
    assert contact.held.recipient == "860:social-care:emergency-duty"
    content = contact.notification["content"]
    assert isinstance(content, dict)
    assert (content["told_as"], content["duties"]) == ("out of hours", 2)
    for number, lead in ((0, leads[1]), (1, leads[0])):
        notices = escalated.notices_of[UUID(int=number)]
        assert notices == (lead.held.duty_id, contact.held.duty_id)


MOMENTS = st.datetimes(
    datetime(2026, 3, 20),  # noqa: DTZ001 - made aware below
    datetime(2026, 4, 12),  # noqa: DTZ001
).map(lambda at: at.replace(tzinfo=UTC))
DUTIES = st.builds(
    lambda who, **rest: replace(DUTY, recipient=who[0], organisation=who[1], **rest),
    st.sampled_from(RECIPIENTS),
    urgency=st.sampled_from(Urgency),
    state=st.sampled_from([DutyState.OWED, DutyState.SENT, DutyState.ACKNOWLEDGED]),
    respond_by=MOMENTS,
    owed_at=MOMENTS,
    asks=st.sampled_from(
        [(Ask.ACKNOWLEDGE,), (Ask.RECORD,), (Ask.ACKNOWLEDGE, Ask.RECORD, Ask.ACT)]
    ),
    act_by=st.none() | MOMENTS,
    refused_at=st.none() | MOMENTS,
)


@given(
    duty=DUTIES,
    looks=st.lists(st.timedeltas(timedelta(minutes=1), 4 * DAY), min_size=1, max_size=30),
)
def test_whenever_one_looks_every_step_is_taken_once_and_in_order_until_somebody_answers(
    duty: WatchedDuty, looks: list[timedelta]
) -> None:
    taken: dict[datetime, LastStep] = {}
    steps: list[int] = []
    readers: list[str] = []
    at = min(duty.respond_by, duty.owed_at) - DAY
    look_at: datetime | None = at
    for look in looks:
        at += look
        if look_at is None or look_at > at:
            continue
        climbed = climb(duty, taken, staffordshire(), at)
        look_at = climbed.look_at
        if climbed.awaited is None:
            assert look_at is None
            continue
        assert look_at is not None
        assert look_at > at
        if climbed.steps:
            assert all(step.due_at <= at for step in climbed.steps)
            steps += [step.step for step in climbed.steps]
            readers += [step.team.recipient for step in climbed.steps]
            last, begun = climbed.steps[-1], silence_of(duty)
            assert begun is not None
            taken[begun] = LastStep(
                last.step, at, last.told, last.team.recipient, climbed.awaited.since
            )

    assert steps == list(range(1, len(steps) + 1))
    told = [reader for reader in readers if reader != ON_CALL]
    assert duty.recipient not in told
    assert len(told) == len(set(told))
    assert readers == told + [ON_CALL] * (len(readers) - len(told))


@given(duty=DUTIES)
def test_however_long_the_silence_a_person_outside_mash_is_told_within_days(
    duty: WatchedDuty,
) -> None:
    climbed = climb(duty, {}, staffordshire(), max(duty.respond_by, duty.owed_at) + 60 * DAY)

    if climbed.awaited is not None:
        assert climbed.steps[-1].told is Told.ON_CALL
        assert climbed.steps[-1].due_at - climbed.awaited.since < 9 * DAY


@given(duty=DUTIES, at=MOMENTS, later=st.timedeltas(timedelta(0), 20 * DAY))
def test_the_later_one_looks_the_higher_it_has_climbed(
    duty: WatchedDuty, at: datetime, later: timedelta
) -> None:
    first = climb(duty, {}, staffordshire(), at)
    second = climb(duty, {}, staffordshire(), at + later)

    assert [s.step for s in first.steps] == [s.step for s in second.steps][: len(first.steps)]


@pytest.mark.parametrize(("ahead", "steps"), [(timedelta(minutes=10), ()), (365 * DAY, (4,))])
def test_a_step_that_a_clock_far_ahead_took_does_not_hold_up_the_next(
    ahead: timedelta, steps: tuple[int, ...]
) -> None:
    at = DUE + 9 * DAY

    climbed = climbing(DUTY, at, on_call_at(at + ahead, 3))

    assert tuple(step.step for step in climbed.steps) == steps
