from typing import Any

import pytest

from routing_rules.register_people import active_flags, uncertain_flags
from schemas.registration import FlagKind
from tests.unit.routing_rules.register_events import AT, ToldEvent, days, registration
from tests.unit.routing_rules.test_register_people import asha

PLAN = FlagKind.CHILD_PROTECTION


def flagged(*flags: dict[str, Any], at: float = -30) -> ToldEvent:
    return registration(at=days(at), record={"flags": list(flags)})


def plan(state: str = "active", **known: Any) -> dict[str, Any]:
    return {"kind": "child_protection", "state": state, "authority": "E10000028", **known}


@pytest.mark.parametrize(
    ("flag", "is_active"),
    [
        (plan(), True),
        (plan(**{"from": "2026-03-06", "until": "2026-03-06"}), True),
        (plan(**{"from": "2026-03-07"}), False),
        (plan(until="2026-03-05"), False),
        (plan("ended"), False),
        (plan("unknown"), False),
    ],
)
def test_a_flag_is_active_from_its_first_to_its_last_day(
    flag: dict[str, Any], is_active: bool
) -> None:
    assert active_flags(asha(flagged(flag)), AT) == ({PLAN} if is_active else frozenset())


@pytest.mark.parametrize(
    ("flag", "is_uncertain"),
    [
        (plan("unknown"), True),
        (plan("unknown", until="2026-03-05"), False),
        (plan(**{"from": "2026-03-09", "until": "2026-03-01"}), True),
        (plan("ended", **{"from": "2026-03-09", "until": "2026-03-01"}), False),
        (plan(), False),
    ],
)
def test_a_flag_of_unclear_state_is_not_taken_for_no_flag(
    flag: dict[str, Any], is_uncertain: bool
) -> None:
    assert uncertain_flags(asha(flagged(flag)), AT) == ({PLAN} if is_uncertain else frozenset())


def test_a_flag_ends_only_by_its_own_authority_and_what_is_left_out_goes_on() -> None:
    elsewhere = {"kind": "child_protection", "state": "active"}
    set_ = flagged(plan(), elsewhere, {"kind": "looked_after", "state": "active"})
    ended = flagged(plan("ended"), at=-20)
    both = {PLAN, FlagKind.LOOKED_AFTER}
    assert active_flags(asha(set_, ended), AT) == both
    assert active_flags(
        asha(set_, flagged(plan("ended"), {**elsewhere, "state": "ended"}, at=-20)), AT
    ) == {FlagKind.LOOKED_AFTER}
    assert active_flags(asha(set_, flagged(plan("ended"), at=20)), AT) == both


def test_a_plan_that_follows_an_ended_one_is_active() -> None:
    periods = plan("ended", until="2025-01-01"), plan(**{"from": "2026-02-01"})
    assert active_flags(asha(flagged(*periods)), AT) == {PLAN}
    assert active_flags(asha(flagged(*reversed(periods)), flagged(*periods)), AT) == {PLAN}


def test_an_unclear_flag_does_not_end_a_clear_one() -> None:
    found = asha(flagged(plan()), flagged(plan("unknown"), at=-20))
    assert active_flags(found, AT) == {PLAN}
    assert not uncertain_flags(found, AT)


def test_a_contradicted_flag_is_uncertain() -> None:
    found = asha(flagged(plan()), flagged(plan("ended")))
    assert not active_flags(found, AT)
    assert uncertain_flags(found, AT) == {PLAN}
    assert found.contradicted == {"flags"}
