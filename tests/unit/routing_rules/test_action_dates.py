"""By when what is asked must be done."""

from datetime import UTC, date, datetime

import pytest

from routing_rules.decision import OwedDuty
from routing_rules.working_time import end_of_day
from schemas.values import Ask, EventType, Service
from tests.builders import MARAC, POLICE, a_person, at_home, conference, decision_on, police
from tests.documented import ROUTED_PATHWAYS

VICTIM = a_person("victim", number=1, date_of_birth="1996-04-11", sex="female", **at_home())


def an_action(
    due_on: str | None, organisation: str = "RJF", status: str = "open"
) -> dict[str, object]:
    number = f"{due_on}{organisation}{status}"
    action: dict[str, object] = {"id": number, "service": "midwifery", "status": status}
    action["organisation"] = organisation
    return action if due_on is None else {**action, "due_on": due_on}


def duty_with(*actions: dict[str, object], service: Service = Service.MIDWIFERY) -> OwedDuty:
    duties = decision_on(MARAC, conference(VICTIM, actions=list(actions))).duties
    (duty,) = (d for d in duties if (d.instead_of or d.service) is service)
    return duty


def test_the_first_open_action_of_the_team_has_to_be_done_by_the_end_of_its_day() -> None:
    duty = duty_with(an_action("2026-06-10"), an_action("2026-06-08"), an_action(None))

    assert duty.act_by == datetime(2026, 6, 8, 23, tzinfo=UTC)


def test_a_closed_action_has_no_time() -> None:
    duty = duty_with(an_action("2026-06-10"), an_action("2026-06-08", status="done"))

    assert duty.act_by == datetime(2026, 6, 10, 23, tzinfo=UTC)


def test_an_action_without_a_date_gives_none() -> None:
    assert duty_with(an_action(None)).act_by is None


def test_mash_has_the_actions_of_the_service_that_it_stands_for() -> None:
    duty = duty_with(an_action("2026-03-07", organisation="R9Z"))

    assert duty.service is Service.MASH
    assert duty.act_by == datetime(2026, 3, 8, tzinfo=UTC)


def test_it_is_looked_at_when_the_first_of_both_times_has_come() -> None:
    soon = duty_with(an_action("2026-03-06"))
    later = duty_with(an_action("2026-09-01"))

    assert soon.look_at == min(datetime(2026, 3, 7, tzinfo=UTC), soon.respond_by)
    assert later.look_at == later.respond_by


def test_no_action_is_due_where_there_was_no_conference() -> None:
    duties = decision_on(POLICE, police(VICTIM)).duties

    assert {duty.act_by for duty in duties} == {None}


@pytest.mark.parametrize(
    ("day", "over"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 29, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 26, tzinfo=UTC)),
    ],
    ids=["winter", "the clocks go forward", "the clocks go back"],
)
def test_a_day_is_over_at_midnight_in_london(day: date, over: datetime) -> None:
    assert end_of_day(day) == over


def test_the_last_day_of_the_calendar_is_no_problem() -> None:
    assert end_of_day(date.max).year == 9999


def duties_of(event_type: EventType) -> tuple[OwedDuty, ...]:
    return decision_on(event_type, ROUTED_PATHWAYS[event_type]["data"]).duties


def test_who_has_not_answered_an_invitation_has_to_by_the_first_of_its_days() -> None:
    data = ROUTED_PATHWAYS[EventType.CONFERENCE_INVITATION]["data"]
    first = min(date.fromisoformat(data[key]) for key in ("response_due_on", "report_due_on"))

    times = {(Ask.ACT in d.asks, d.act_by) for d in duties_of(EventType.CONFERENCE_INVITATION)}

    assert times == {(True, end_of_day(first)), (False, None)}


def test_an_assessment_has_to_be_done_by_the_end_of_its_day() -> None:
    due = date.fromisoformat(ROUTED_PATHWAYS[EventType.ASSESSMENT_DUE]["data"]["due_on"])

    times = {d.act_by for d in duties_of(EventType.ASSESSMENT_DUE) if Ask.ACT in d.asks}

    assert times == {end_of_day(due)}


def became_looked_after(**told: object) -> OwedDuty:
    event = ROUTED_PATHWAYS[EventType.CHILD_STATUS]
    data = {**event["data"], "plan": "looked_after", "change": "started", **told}
    duties = decision_on(EventType.CHILD_STATUS, data).duties
    return next(d for d in duties if d.service is Service.LOOKED_AFTER_HEALTH)


def test_a_looked_after_child_is_assessed_within_twenty_working_days_over_easter() -> None:
    """Domain facts 2: the twentieth working day after 27 March 2026 is 28 April."""
    duty = became_looked_after(changed_on="2026-03-27")

    assert duty.act_by == end_of_day(date(2026, 4, 28))


def test_without_the_day_on_which_it_began_there_is_no_day_by_which() -> None:
    assert became_looked_after(changed_on=None).act_by is None


def test_another_change_sets_no_date() -> None:
    assert became_looked_after(change="changed", changed_on="2026-03-27").act_by is None
