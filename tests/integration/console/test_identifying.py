"""Saying who somebody in an event is: the one thing typed here that decides who is told."""

import pytest

from tests.builders import a_person, nhs_number
from tests.builders import police as incident
from tests.console_kit import Visitor
from tests.integration.console.people import VICTIM, Town
from tests.unit.schemas.letters import police

TODDLER = a_person("child_present", ref="c1", name={"given": "Tom", "family": "Example"})


async def at_event(town: Town, subject: str = "carys") -> tuple[Visitor, str]:
    """Somebody with an event open in which nobody knows who the child is."""
    if not await town.desk.ledger.rows("SELECT 1 FROM occurrence"):
        await town.told(police(incident(VICTIM, TODDLER), id="unknown-child"))
    [row] = await town.desk.ledger.rows("SELECT occurrence_id FROM occurrence")
    visitor = await town.desk.reception.person(subject)
    await visitor.get(f"/events/{row['occurrence_id']}")
    return visitor, f"/events/{row['occurrence_id']}/identify"


def traced(number: int, born: str = "11/4/2019", seen: str = "0") -> dict[str, str]:
    return {
        "ref": "c1",
        "nhs_number": nhs_number(number),
        "date_of_birth": born,
        "identify_why": "traced by the school",
        "seen": seen,
    }


@pytest.mark.parametrize("born", ["11/4/19", "11/4/2091"])
async def test_a_date_on_which_nobody_in_an_event_can_be_born_traces_nobody(
    town: Town, born: str
) -> None:
    coordinator, path = await at_event(town)

    answer = await coordinator.post(path, **traced(8, born))

    assert answer.status_code == 400
    assert "Enter the date of birth as traced, such as 11/4/2019" in coordinator.words
    assert await town.desk.ledger.rows("SELECT 1 FROM identification") == []


async def test_of_two_who_trace_one_child_at_once_the_second_is_told_and_changes_nothing(
    town: Town,
) -> None:
    coordinator, path = await at_event(town)
    await coordinator.post(path, **traced(8))
    await town.desk.ledger.rows("UPDATE identification SET identified_by = 'Dilys Moor'")

    answer = await coordinator.post(path, **traced(9))

    assert answer.status_code == 409
    assert "Nothing was changed: Dilys Moor was faster" in coordinator.words
    [row] = await town.desk.ledger.rows("SELECT nhs_number FROM identification")
    assert row["nhs_number"] == nhs_number(8)
    assert (await town.desk.views())[-2][1:] == (
        "identified",
        "traced by the school",
        "refused: Dilys Moor was faster: look who c1 is now",
    )


async def test_whoever_has_read_what_another_said_can_correct_it(town: Town) -> None:
    coordinator, path = await at_event(town)
    await coordinator.post(path, **traced(8))
    await town.desk.ledger.rows("UPDATE identification SET identified_by = 'Dilys Moor'")
    page = await coordinator.get(path.removesuffix("/identify"))

    answer = await coordinator.post(path, **traced(9, seen="1"))

    assert 'name="seen" value="1"' in page.text
    assert answer.status_code == 303
    rows = await town.desk.ledger.rows("SELECT nhs_number FROM identification ORDER BY 1")
    assert len(rows) == 2
