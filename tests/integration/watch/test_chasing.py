"""Silence is chased step by step, each once, until somebody answers."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from schemas.notification import EscalationContent, Notification
from schemas.values import DutyState
from tests.integration.watch.rig import DAY, DUE, HOUR, LEAD, MASH, ON_CALL, Rig

pytestmark = pytest.mark.integration


async def test_before_it_is_due_nobody_is_told(rig: Rig) -> None:
    await rig.owe()

    chased = await rig.chase(DUE - HOUR)

    assert chased.looked_at == 0
    assert await rig.notices() == []


async def test_it_climbs_to_the_lead_to_mash_and_to_a_person_outside_mash(rig: Rig) -> None:
    await rig.owe()

    for at in (DUE, DUE + HOUR, DUE + DAY, DUE + 2 * DAY, DUE + 2 * DAY + HOUR):
        await rig.chase(at)

    assert await rig.steps() == [(LEAD, 1, False), (MASH, 2, False), (ON_CALL, 3, False)]
    assert [r for r in await rig.readers() if r != "860:social-care:emergency-duty"] == [
        LEAD,
        MASH,
        ON_CALL,
    ]


async def test_the_last_step_repeats_until_somebody_answers(rig: Rig) -> None:
    (duty,) = await rig.owe(urgency="immediate")
    for hours in (0, 1, 2, 4, 6):
        await rig.chase(DUE + hours * HOUR)
    assert [step for _, step, _ in await rig.steps()] == [1, 2, 3, 4, 5]

    await rig.end(duty)
    await rig.chase(DUE + 30 * DAY)

    assert len(await rig.steps()) == 5


async def test_what_has_been_answered_in_between_climbs_no_further(rig: Rig) -> None:
    (duty,) = await rig.owe()
    await rig.chase(DUE)
    await rig.end(duty)

    await rig.chase(DUE + 5 * DAY)

    assert await rig.steps() == [(LEAD, 1, False)]


async def test_a_notice_ends_gently_when_all_that_it_told_of_has_ended(rig: Rig) -> None:
    first, second = await rig.owe(2)
    await rig.chase(DUE)
    await rig.end(first)
    await rig.chase(DUE + DAY)
    assert await rig.open_notices() == 2  # the lead's, and MASH's about the other

    await rig.end(second)
    await rig.chase(DUE + 2 * DAY)

    assert await rig.open_notices() == 0
    kinds = [each["kind"] for each in await rig.notices()]
    assert kinds == ["escalate", "escalate", "withdraw", "withdraw"]
    why = await rig.rows("SELECT DISTINCT why FROM duty_change WHERE state = 'withdrawn'")
    assert [row["why"] for row in why] == ["all that it told of has been answered"]


async def test_a_refusal_goes_to_the_lead_at_once_and_then_up(rig: Rig) -> None:
    (duty,) = await rig.owe(due=DUE + 5 * DAY, owed_at=DUE - DAY)
    refused = datetime(2026, 3, 4, 10, tzinfo=UTC)
    await rig.refuse(duty, refused)

    for at in (refused, refused + HOUR, refused + 4 * HOUR, refused + DAY, DUE + DAY):
        await rig.chase(at)

    assert [who for who, *_ in await rig.steps()] == [LEAD, MASH, ON_CALL]
    assert {n["content"]["counts"][0]["unmet"] for n in await rig.notices()} == {"refused"}


async def test_a_silent_mash_is_not_told_of_itself(rig: Rig) -> None:
    await rig.owe(service="mash", recipient=MASH, kind="exception", asks=("acknowledge", "act"))

    await rig.chase(DUE)

    assert await rig.steps() == [(ON_CALL, 1, False)]


async def test_a_practice_has_no_lead_so_mash_is_told_at_once(rig: Rig) -> None:
    await rig.owe(service="gp", recipient="Y90004")

    await rig.chase(DUE)

    assert await rig.steps() == [(MASH, 1, False)]


async def test_a_finding_that_nobody_answers_climbs_like_any_duty(rig: Rig) -> None:
    await rig.owe(service="mash", recipient=MASH, kind="escalate")

    await rig.chase(DUE)

    assert await rig.readers() == [ON_CALL]


async def test_all_silences_of_one_reader_are_one_notice_of_counts_and_nobodys_name(
    rig: Rig,
) -> None:
    await rig.owe(3)
    await rig.owe(2, asks=("record",), state=DutyState.ACKNOWLEDGED)
    await rig.owe(service="health-visiting", recipient="R1E:health-visiting:E07000193")

    await rig.chase(DUE)

    to_r1e, to_rjf = await rig.notices()
    assert (to_r1e["recipient"], to_rjf["recipient"]) == ("R1E:safeguarding", LEAD)
    of_midwives = {"service": "midwifery", "recipient": "RJF:midwifery"}
    assert to_rjf["content"] == {
        "told_as": "lead",
        "step": 1,
        "duties": 5,
        "counts": [
            {**of_midwives, "unmet": "not_acknowledged", "duties": 3},
            {**of_midwives, "unmet": "not_recorded", "duties": 2},
        ],
        "do": [
            "Open the link to see which they are, and acknowledge this when you have seen to them.",
            "Not acknowledged: ask the team to read it and to accept what is asked.",
            "Not recorded: ask the team to file it.",
        ],
        "oldest_due": "2026-03-04T17:00:00+00:00",
        "late": False,
        "link": f"https://console.example/missed?notice={to_rjf['duty_id']}",
    }
    assert to_rjf["because"] == "5 duties wait: 3 not acknowledged, 2 not recorded"
    assert (to_rjf["kind"], to_rjf["about"], to_rjf["asks"]) == ("escalate", None, ["acknowledge"])
    assert to_rjf["respond_by"] == "2026-03-05T17:00:00+00:00"
    assert "Asha" not in str(await rig.notices())
    assert "9990000018" not in str(await rig.notices())
    for each in (to_r1e, to_rjf):
        EscalationContent.model_validate_json(json.dumps(each["content"]))
    Notification.model_validate_json(
        (await rig.rows("SELECT body FROM outbox LIMIT 1"))[0]["body"][:-1]
        + b',"recipient_sequence":1}'
    )


async def test_at_night_what_is_immediate_reaches_the_leads_out_of_hours_contact_too(
    rig: Rig,
) -> None:
    night = datetime(2026, 3, 4, 23, tzinfo=UTC)
    await rig.owe(urgency="immediate", due=night)

    await rig.chase(night)

    assert set(await rig.readers()) == {LEAD, "860:social-care:emergency-duty"}
    [row] = await rig.rows("SELECT recipient, copy_id FROM escalation")
    assert row["recipient"] == LEAD
    assert isinstance(row["copy_id"], UUID)


async def test_what_was_routed_late_is_not_chased_before_it_could_be_answered(rig: Rig) -> None:
    owed_at = DUE + 3 * DAY  # a Saturday
    await rig.owe(owed_at=owed_at)

    await rig.chase(owed_at)
    assert await rig.steps() == []

    await rig.chase(datetime(2026, 3, 9, 17, tzinfo=UTC))
    assert await rig.steps() == [(LEAD, 1, False)]


async def test_an_action_waits_for_its_own_date(rig: Rig) -> None:
    act_by = DUE + 30 * DAY
    await rig.owe(asks=("acknowledge", "act"), state=DutyState.ACKNOWLEDGED, act_by=act_by)

    await rig.chase(DUE)
    [row] = await rig.rows("SELECT look_at FROM duty")
    assert row["look_at"] == act_by

    await rig.chase(act_by)
    [found] = await rig.rows("SELECT unmet, since FROM escalation")
    assert tuple(found) == ("not_done", act_by)


async def test_a_duty_says_in_its_history_to_whom_it_was_escalated(rig: Rig) -> None:
    (duty,) = await rig.owe()

    await rig.chase(DUE)

    rows = await rig.rows("SELECT * FROM duty_change WHERE duty_id = $1", duty)
    assert [(row["changed_by"], row["state"], row["why"]) for row in rows] == [
        ("watch", "sent", "not acknowledged: escalated to RJF:safeguarding, step 1")
    ]


async def test_steps_wait_for_bank_holidays_and_changed_clocks(rig: Rig) -> None:
    thursday = datetime(2026, 4, 2, 16, tzinfo=UTC)  # before Easter, 17:00 in London
    await rig.owe(due=thursday)

    await rig.chase(thursday)
    await rig.chase(thursday + 4 * DAY)
    assert len(await rig.steps()) == 1

    await rig.chase(datetime(2026, 4, 7, 16, tzinfo=UTC))
    assert len(await rig.steps()) == 2


async def test_an_update_of_what_is_overdue_goes_on_with_the_same_silence(rig: Rig) -> None:
    (duty,) = await rig.owe()
    await rig.chase(DUE)
    await rig.pool.execute(
        "UPDATE duty SET revision = 2, state = 'owed', look_at = respond_by WHERE duty_id = $1",
        duty,
    )

    await rig.chase(DUE + HOUR)
    await rig.chase(DUE + DAY)

    assert [who for who, *_ in await rig.steps()] == [LEAD, MASH]
    rows = await rig.rows("SELECT step, revision, unmet FROM escalation ORDER BY step")
    assert [tuple(row) for row in rows] == [(1, 1, "not_acknowledged"), (2, 2, "not_sent")]


async def test_what_a_clock_far_ahead_put_off_is_chased_when_the_clock_is_right_again(
    rig: Rig,
) -> None:
    await rig.owe(urgency="immediate")
    for days in (365, 366):
        await rig.chase(DUE + days * DAY)
    told = len(await rig.steps())

    await rig.chase(DUE + HOUR)
    await rig.chase(DUE + HOUR)

    steps = await rig.rows("SELECT escalated_at FROM escalation ORDER BY step")
    assert [row[0] for row in steps[told:]] == [DUE + HOUR]
    await rig.chase(DUE + 3 * HOUR)
    assert len(await rig.steps()) == told + 2
