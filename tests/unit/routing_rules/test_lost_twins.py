"""Twins of whom one was lost: whose loss it was is told, or MASH asks; nobody guesses."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.register_problems import ProblemKind
from schemas.events import Event
from tests.unit.routing_rules.pregnancies import (
    ASHA,
    BELLA,
    CARL,
    MOTHER,
    after,
    baby,
    birth,
    booked,
    ended,
    standing,
)
from tests.unit.routing_rules.test_lost_babies import transfer
from tests.unit.routing_rules.test_unborn_links import contents_of_register

TWINS = (baby(), baby(CARL, 2))
OF_WHOM = {"neonatal_death": "died", "stillbirth": "stillborn"}


def of_unknown_end(number: str, order: int) -> dict[str, Any]:
    return {name: told for name, told in baby(number, order).items() if name != "outcome"}


@pytest.mark.parametrize("outcome", OF_WHOM)
@pytest.mark.parametrize("says", ["both live", "neither is told"])
@given(data=st.data())
@settings(max_examples=6, deadline=None)
def test_mash_is_asked_which_of_twins_was_lost_and_both_are_still_told_about(
    outcome: str, says: str, data: st.DataObject
) -> None:
    twins = TWINS if says == "both live" else (of_unknown_end(BELLA, 1), of_unknown_end(CARL, 2))
    left = transfer(of_unknown_end(BELLA, 1), of_unknown_end(CARL, 2))
    told = [booked(), birth(*twins), ended(outcome), left]
    events: Sequence[Event] = data.draw(st.permutations(told))

    casebook = after(events)

    asked = contents_of_register(casebook)
    assert [(each["nhs_number"], each["reason"]) for each in asked] == [
        (ASHA, ProblemKind.WHOSE_LOSS.value)
    ]
    assert not {BELLA, CARL} & {*map(str, asked[0].values())}
    assert {"baby1", "baby2"} <= {ref for ref, _ in standing(casebook, left)}
    [duty] = [held for duties in casebook.of_register.values() for held in duties]
    assert casebook.told[duty.duty_id]["urgency"] == "same_day"


@pytest.mark.parametrize("outcome", OF_WHOM)
def test_nobody_is_asked_where_the_birth_says_which(outcome: str) -> None:
    for twins in (
        (baby(), baby(CARL, 2, OF_WHOM[outcome])),
        (baby(outcome="stillborn"), baby(CARL, 2, "died")),
        (baby(),),
    ):
        for events in ([birth(*twins), ended(outcome)], [ended(outcome), birth(*twins)]):
            assert contents_of_register(after(events)) == []


def test_a_death_beside_a_stillbirth_that_is_told_is_asked_about() -> None:
    born = birth(baby(outcome="stillborn"), baby(CARL, 2))

    left = transfer(of_unknown_end(CARL, 2))
    casebook = after([born, ended("neonatal_death"), left])

    assert len(contents_of_register(casebook)) == 1
    assert "baby2" in {ref for ref, _ in standing(casebook, left)}


def test_the_end_of_another_pregnancy_is_not_one_of_the_twins() -> None:
    other = ended("neonatal_death", pregnancy_id="MAT-2", mother=MOTHER | {"role": "patient"})

    assert contents_of_register(after([birth(*TWINS), other])) == []
