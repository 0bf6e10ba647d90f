"""What is told for the sake of an unborn child is let rest when the child is lost."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.pregnancy_endings import LET_IT_REST
from schemas.events import Event
from schemas.values import EventType
from tests.builders import NOW, an_event
from tests.unit.routing_rules.pregnancies import (
    MOTHER,
    after,
    baby,
    birth,
    booked,
    death_of_the_mother,
    ended,
    standing,
    withdrawals,
)

ALERT, REMOVED, CONCEALED = "unborn_alert", "child_removed_before", "concealed_pregnancy"
WITHOUT_NUMBER = {name: value for name, value in MOTHER.items() if not name.startswith("nhs_")}


def concern(*concerns: str, mother: dict[str, Any] = MOTHER, **known: Any) -> Event:
    data = {
        "pregnancy_id": "MAT-1",
        "identified_on": "2026-03-06",
        "provider": "RJE",
        "mother": {**mother, "ref": "mother", "role": "patient", "pregnant": "unknown"},
        "concerns": [*concerns],
        **known,
    }
    return an_event(EventType.MATERNITY_CONCERN, data, event_id="concern", time=NOW)


@pytest.mark.parametrize("mother", [MOTHER, WITHOUT_NUMBER], ids=["identified", "no number"])
@given(data=st.data())
@settings(max_examples=6, deadline=None)
def test_no_hospital_waits_for_a_birth_after_a_loss_whatever_came_first(
    mother: dict[str, Any], data: st.DataObject
) -> None:
    alert = concern(ALERT, mother=mother)
    before = standing(after([booked(), alert]), alert)
    assert len({to for _, to in before if "midwifery" in to}) == 3
    assert any("health-visiting" in to for _, to in before)

    casebook = after(data.draw(st.permutations([booked(), alert, ended("stillbirth")])))

    assert standing(casebook, alert) == set()
    gone = [each for each in withdrawals(casebook, alert) if each["service"] != "mash"]
    assert {each["because"] for each in gone} <= {LET_IT_REST}


@pytest.mark.parametrize("concerns", [(ALERT,), (REMOVED,), (CONCEALED,), (ALERT, CONCEALED)])
def test_whatever_is_for_the_child_is_let_rest_when_its_mother_dies(
    concerns: Sequence[str],
) -> None:
    alert = concern(*concerns)

    casebook = after([booked(), alert, death_of_the_mother()])

    assert not any("midwifery" in to for _, to in standing(casebook, alert))


@pytest.mark.parametrize("own", ["domestic_abuse", "mental_health", "fgm", "unknown"])
def test_what_is_told_for_her_own_sake_stays_and_says_nothing_of_the_child(own: str) -> None:
    both, alone = concern(ALERT, own), concern(own)
    expected = standing(after([booked(), alone]), alone)

    casebook = after([booked(), both, ended()])

    assert standing(casebook, both) == expected
    assert expected
    contents = [told["content"] for told in casebook.owed_for(both)]
    assert not any("unborn alert" in repr(content) for content in contents)


def test_an_alert_stands_after_a_birth_and_when_one_of_twins_was_lost() -> None:
    alert = concern(ALERT)
    before = standing(after([booked(), alert]), alert)
    twins = birth(baby(None, 1, "stillborn"), baby(None, 2))

    for over in (birth(baby()), twins, ended("birth")):
        assert standing(after([booked(), alert, over]), alert) == before


def test_an_end_that_was_told_by_mistake_brings_the_alert_back() -> None:
    alert = concern(ALERT)
    before = standing(after([booked(), alert]), alert)
    mistaken = ended(event_id="mistaken", status="entered_in_error", time=NOW.replace(day=9))

    assert standing(after([booked(), alert, ended(), mistaken]), alert) == before


@given(data=st.data())
@settings(max_examples=6, deadline=None)
def test_an_end_that_names_the_mother_alone_reaches_what_names_the_pregnancy_alone(
    data: st.DataObject,
) -> None:
    """The birth says whose the pregnancy is, and nobody says of which the baby's death was."""
    alert = concern(ALERT, mother=WITHOUT_NUMBER)
    mother = {**MOTHER, "ref": "mother", "role": "patient", "pregnancy_id": None}
    death = ended("neonatal_death", mother=mother, pregnancy_id=None)
    born = birth(baby(None))
    expected = standing(after([booked(), born, death, alert]), alert)

    casebook = after(data.draw(st.permutations([booked(), born, alert, death])))

    assert standing(casebook, alert) == expected == set()


def test_another_publishers_pregnancy_of_the_same_name_is_not_hers() -> None:
    """What names a pregnancy names it for its publisher only."""
    alert = concern(ALERT, mother=WITHOUT_NUMBER)
    before = standing(after([alert]), alert)

    others = replace(ended(), source="urn:fieldfare:source:other-maternity")
    assert standing(after([booked("other-maternity"), alert, others]), alert) == before
