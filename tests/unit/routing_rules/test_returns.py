"""Who is told after somebody has said that it is not theirs."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from routing_rules.case import Case, HeldDuty, Outcome
from routing_rules.casework import decide, decide_again
from routing_rules.known import NOTHING_KNOWN
from routing_rules.returns import Return
from schemas.values import DutyState, NotificationKind, Service
from tests.builders import (
    EMERGENCY,
    MARAC,
    NOW,
    POLICE,
    a_person,
    an_event,
    at_home,
    attendance,
    conference,
    nhs_number,
    police,
    staffordshire,
)

KEY = f"nhs:{nhs_number(1)}"
VICTIM = a_person(
    "victim", number=1, date_of_birth="1996-04-11", sex="female", pregnant="yes", **at_home()
)
STAFFORD, BURTON = "RJF:midwifery", "RJE:midwifery"


def a_case(data: dict[str, object] | None = None) -> Case:
    event = an_event(POLICE, data or police(VICTIM))
    after, _ = decide(Case(UUID(int=7)), event, staffordshire(), NOW)
    return after


def returned(
    case: Case, recipient: str, to: str | None = None, *, by_hand: bool = False
) -> tuple[Case, Outcome]:
    """The case after a recipient of midwifery returned it, as the router decides it again."""
    said = Return(KEY, Service.MIDWIFERY, recipient, to, by_hand, NOW + timedelta(hours=1))
    duties = tuple(
        replace(duty, state=DutyState.WITHDRAWN, is_ended=True)
        if duty.recipient == recipient and (duty.instead_of or duty.service) == Service.MIDWIFERY
        else duty
        for duty in case.duties
    )
    now = replace(case, duties=duties, returns=(*case.returns, said))
    return decide_again(
        now, staffordshire(), NOW + timedelta(hours=1), NOTHING_KNOWN, is_late=False
    )


def told(case: Case) -> set[str]:
    """Who is told of the victim on behalf of midwifery."""
    return {duty.recipient for duty in _open(case)}


def _open(case: Case) -> list[HeldDuty]:
    return [
        duty
        for duty in case.duties
        if (duty.instead_of or duty.service) is Service.MIDWIFERY and not duty.is_ended
    ]


def test_midwifery_is_told_to_begin_with() -> None:
    assert told(a_case()) == {STAFFORD}


def test_what_is_returned_goes_to_whom_they_name() -> None:
    after, outcome = returned(a_case(), STAFFORD, BURTON)

    (change,) = outcome.changes
    assert told(after) == {BURTON}
    assert change.notification["kind"] == "notify"
    assert change.held.organisation == "RJE"


@pytest.mark.parametrize("to", [None, "RZZ:midwifery", "Y90001", STAFFORD])
def test_where_they_name_nobody_of_that_service_it_is_an_exception(to: str | None) -> None:
    after, outcome = returned(a_case(), STAFFORD, to)

    (change,) = outcome.changes
    assert change.held.kind is NotificationKind.EXCEPTION
    assert change.held.instead_of is Service.MIDWIFERY
    assert change.notification["because"] == f"returned as not ours by {STAFFORD}"
    assert told(after) == {change.held.recipient}
    assert change.held.service is Service.MASH


def test_a_team_of_another_service_is_not_told_in_its_place() -> None:
    _, outcome = returned(a_case(), STAFFORD, "R1E:health-visiting:E07000193")

    (change,) = outcome.changes
    assert change.held.service is Service.MASH


def test_the_second_time_it_is_mashs() -> None:
    once, _ = returned(a_case(), STAFFORD, BURTON)

    twice, outcome = returned(once, BURTON, "RL4:midwifery")

    (change,) = outcome.changes
    assert change.notification["because"] == f"returned as not ours by {BURTON}"
    assert told(twice) == {change.held.recipient}
    assert change.held.service is Service.MASH


def test_it_does_not_go_round_in_a_circle() -> None:
    once, _ = returned(a_case(), STAFFORD, BURTON)

    _, outcome = returned(once, BURTON, STAFFORD)

    (change,) = outcome.changes
    assert change.held.service is Service.MASH


def test_mash_can_name_who_is_told_however_often_it_was_returned() -> None:
    once, _ = returned(a_case(), STAFFORD, BURTON)
    twice, outcome = returned(once, BURTON)
    mash = outcome.changes[0].held.recipient

    third, _ = returned(twice, mash, "RL4:midwifery", by_hand=True)
    fourth, again = returned(third, "RL4:midwifery")
    fifth, _ = returned(fourth, mash, BURTON, by_hand=True)

    assert told(third) == {"RL4:midwifery"}
    assert told(fourth) == {mash}
    assert again.changes[0].held.episode == 2
    assert told(fifth) == {BURTON}


def test_what_is_handed_over_can_be_handed_back() -> None:
    there, _ = returned(a_case(), STAFFORD, BURTON, by_hand=True)

    back, _ = returned(there, BURTON, STAFFORD, by_hand=True)

    assert told(there) == {BURTON}
    assert told(back) == {STAFFORD}


def test_a_return_is_kept_to_by_what_comes_later() -> None:
    case, _ = returned(a_case(), STAFFORD, BURTON)
    worse = an_event(
        POLICE, police(VICTIM, risk="high"), event_id="e2", time=NOW + timedelta(hours=2)
    )

    after, outcome = decide(case, worse, staffordshire(), NOW + timedelta(hours=2))

    kinds = {change.held.recipient: change.notification["kind"] for change in outcome.changes}
    assert told(after) == {BURTON}
    assert kinds[BURTON] == "update"
    assert STAFFORD not in kinds


def test_a_return_is_among_the_facts_of_the_decision() -> None:
    _, outcome = returned(a_case(), STAFFORD, BURTON)

    assert outcome.facts["returns"] == [
        {
            "person_key": KEY,
            "service": "midwifery",
            "recipient": STAFFORD,
            "to_recipient": BURTON,
            "is_by_hand": False,
            "at": (NOW + timedelta(hours=1)).isoformat(),
        }
    ]


def test_nobody_is_told_whom_the_publisher_forbids() -> None:
    _, outcome = returned(a_case(police(VICTIM, do_not_tell=["RJE"])), STAFFORD, BURTON)

    (change,) = outcome.changes
    assert change.held.service is Service.MASH
    assert "must not be told" in str(change.notification["because"])


def test_nothing_else_of_the_case_changes() -> None:
    case = a_case()

    after, _ = returned(case, STAFFORD, BURTON)

    others = {d.duty_id for d in case.duties if d.service is not Service.MIDWIFERY}
    assert others <= {duty.duty_id for duty in after.duties if not duty.is_ended}


def test_who_takes_over_an_action_is_told_which() -> None:
    action = {"id": "a1", "service": "midwifery", "organisation": "RJF", "status": "open"}
    event = an_event(MARAC, conference(VICTIM, actions=[{**action, "text": "Call her"}]))
    case, _ = decide(Case(UUID(int=7)), event, staffordshire(), NOW)

    _, outcome = returned(case, STAFFORD, BURTON)

    (change,) = outcome.changes
    assert change.notification["content"]["actions"][0]["id"] == "a1"  # type: ignore[index, call-overload]
    assert "act" in change.notification["asks"]  # type: ignore[operator]


def test_a_closed_team_has_its_contact_told_at_once_of_what_is_returned_at_night() -> None:
    child = a_person("patient", number=1, date_of_birth="2014-04-11", **at_home())
    data = attendance(child, concerns=["self_harm"], arrived_at=NOW.isoformat())
    case, first = decide(Case(UUID(int=7)), an_event(EMERGENCY, data), staffordshire(), NOW)
    camhs = next(duty for duty in case.duties if duty.service is Service.CAMHS)
    assert "RRE:camhs:on-call" not in {change.held.recipient for change in first.changes}
    night = NOW + timedelta(hours=12)
    said = Return(KEY, Service.CAMHS, camhs.recipient, "RLY:camhs", is_by_hand=True, at=night)
    withdrawn = replace(camhs, state=DutyState.WITHDRAWN, is_ended=True)
    others = tuple(duty for duty in case.duties if duty is not camhs)
    now = replace(case, duties=(*others, withdrawn), returns=(said,))

    after, outcome = decide_again(now, staffordshire(), night, NOTHING_KNOWN, is_late=False)

    assert {"RLY:camhs", "RLY:camhs:on-call"} == {c.held.recipient for c in outcome.changes}
    contact = replace(said, recipient="RLY:camhs:on-call", to_recipient=None, is_by_hand=False)
    held = tuple(
        replace(duty, state=DutyState.WITHDRAWN, is_ended=True)
        if duty.recipient == "RLY:camhs:on-call"
        else duty
        for duty in after.duties
    )
    refused = replace(after, duties=held, returns=(*after.returns, contact))
    _, again = decide_again(refused, staffordshire(), night, NOTHING_KNOWN, is_late=False)
    assert {(c.held.service, c.held.instead_of) for c in again.changes} == {
        (Service.MASH, Service.CAMHS)
    }


def test_what_mash_gives_to_a_team_that_is_no_more_stays_its_own_for_the_first_reason() -> None:
    once, outcome = returned(a_case(), STAFFORD)
    mash = outcome.changes[0].held.recipient

    after, again = returned(once, mash, "RZZ:midwifery", by_hand=True)

    (change,) = again.changes
    assert told(after) == {mash}
    assert change.notification["because"] == f"returned as not ours by {STAFFORD}"
