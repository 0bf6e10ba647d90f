"""What the watch owes is about nobody, has a clock, and can be taken back."""

from datetime import UTC, datetime
from uuid import UUID

from routing_rules.decision import Reason
from routing_rules.watch_notices import WatchNotice, owe_notice, withdraw_notice
from schemas.values import Ask, DutyState, Urgency
from tests.builders import NOW, staffordshire

MASH = staffordshire().mash(NOW.date())
NOTICE = WatchNotice(
    belongs_to=UUID(int=1),
    team=MASH,
    urgency=Urgency.SAME_DAY,
    reason=Reason("source-silent", "A source that says nothing may be hiding something."),
    because="nothing has come from rjf-queens-ed since 09:00",
    content={"source": "rjf-queens-ed"},
    asks=(Ask.ACKNOWLEDGE, Ask.ACT),
)


def test_it_is_a_duty_about_nobody_with_a_clock() -> None:
    change = owe_notice(NOTICE, staffordshire(), NOW)

    assert (change.held.kind, change.held.about, change.held.person_key) == (
        "escalate",
        None,
        "escalation",
    )
    assert change.held.respond_by == datetime(2026, 3, 6, 18, tzinfo=UTC)
    assert change.owed is not None
    assert change.owed.look_at == change.held.respond_by
    assert change.notification["asks"] == ["acknowledge", "act"]
    assert change.notification["content"] == {"source": "rjf-queens-ed"}


def test_the_same_matter_for_the_same_recipient_is_the_same_duty() -> None:
    first, second = (owe_notice(NOTICE, staffordshire(), NOW) for _ in range(2))

    assert first == second


def test_it_is_taken_back_in_so_many_words() -> None:
    owed = owe_notice(NOTICE, staffordshire(), NOW)

    back = withdraw_notice(NOTICE.belongs_to, owed.held, "it speaks again", staffordshire(), NOW)

    assert (back.held.state, back.held.is_ended, back.why) == (
        DutyState.WITHDRAWN,
        True,
        "it speaks again",
    )
    assert back.notification["kind"] == "withdraw"
    assert back.notification["supersedes"] == owed.notification["notification_id"]
