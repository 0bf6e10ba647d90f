"""What cannot stand about somebody is a duty of MASH, once, and about nobody who is guarded."""

from typing import Any

import pytest

from routing_rules.decision import OwedDuty
from schemas.events import Event
from schemas.values import Ask, EventType, NotificationKind, Service, Urgency
from tests.builders import POLICE, a_person, an_event, police
from tests.unit.routing_rules.learned_events import decision
from tests.unit.routing_rules.pregnancies import (
    LATER,
    MOTHER,
    after,
    baby,
    birth,
    booked,
    ended,
)
from tests.unit.routing_rules.register_events import ASHA, CARL, ToldEvent, booking, registration

VICTIM = a_person(nhs_number=ASHA, nhs_number_status="verified", gp_practice="Y90004")
NO_MORE = {**MOTHER, "ref": "mother", "role": "patient", "pregnant": "no"}
UNKNOWN_SCHOOL = "the directory knows no school with this URN"


def left() -> Event:
    """A mother and her baby go home on the day of the birth."""
    data = {"pregnancy_id": "MAT-1", "transferred_on": "2026-03-08", "mother": NO_MORE}
    kind = EventType.MATERNITY_POSTNATAL_TRANSFER
    return an_event(kind, {**data, "babies": [baby()]}, event_id="left", time=LATER)


def amiss(*known: ToldEvent, people: tuple[dict[str, Any], ...] = (VICTIM,)) -> list[OwedDuty]:
    """MASH's duties that stand for no other service."""
    duties = decision(an_event(POLICE, police(*people)), *known).duties
    return [d for d in duties if d.service is Service.MASH and d.instead_of is None]


def test_a_conflict_is_a_routine_duty_of_mash_to_put_it_right() -> None:
    (duty,) = amiss(registration(gp_practice="Y90001"))

    assert duty.because == "the register and the event differ on the practice"
    assert (duty.kind, duty.urgency) == (NotificationKind.NOTIFY, Urgency.ROUTINE)
    assert duty.asks == (Ask.ACKNOWLEDGE, Ask.ACT)
    assert [reason.rule for reason in duty.reasons] == ["data-quality"]


def test_several_conflicts_of_one_person_are_one_duty() -> None:
    told = VICTIM | {"maternity_provider": "RJF", "pregnant": "no"}

    (duty,) = amiss(registration(gp_practice="Y90001"), booking(), people=(told,))

    assert duty.because == "; ".join(
        f"the register and the event differ on the {name}"
        for name in ("practice", "maternity provider", "pregnancy")
    )


@pytest.mark.parametrize("told", [birth(baby()), ended(mother=NO_MORE), left()])
def test_the_end_of_a_pregnancy_does_not_contradict_its_booking(told: Event) -> None:
    """That she is not pregnant any more is what the event is about."""
    casebook = after([booked(), told])

    assert not [each for each in casebook.told.values() if "differ" in str(each["because"])]


def test_whatever_else_the_end_of_a_pregnancy_contradicts_is_amiss() -> None:
    casebook = after([booked(), birth(baby(), mother=NO_MORE | {"maternity_provider": "RJF"})])

    (amiss,) = [each for each in casebook.told.values() if "differ" in str(each["because"])]
    assert amiss["because"] == "the register and the event differ on the maternity provider"


@pytest.mark.parametrize(
    ("school", "because"),
    [
        ({"urn": "999999", "type": "state"}, [UNKNOWN_SCHOOL]),
        ({"urn": "900006"}, []),
        ({"type": "home_educated"}, []),
        (None, []),
    ],
)
def test_a_school_that_nobody_knows_is_amiss(
    school: dict[str, str] | None, because: list[str]
) -> None:
    assert [d.because for d in amiss(people=(VICTIM | {"school": school},))] == because


def test_one_human_under_two_refs_has_one_duty_that_says_it_once() -> None:
    again = VICTIM | {"ref": "again", "role": "alleged_perpetrator"}

    (duty,) = amiss(registration(gp_practice="Y90001"), people=(VICTIM, again))

    assert duty.because == "the register and the event differ on the practice"


def test_nothing_amiss_is_told_about_somebody_who_is_only_accused() -> None:
    accused = a_person(
        "alleged_perpetrator",
        nhs_number=CARL,
        nhs_number_status="verified",
        gp_practice="Y90004",
        school={"urn": "999999"},
    )

    assert amiss(registration(CARL, gp_practice="Y90001"), people=(VICTIM, accused)) == []
