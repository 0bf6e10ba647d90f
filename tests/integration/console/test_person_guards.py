"""What a person's page never shows: of the accused, the protected, the restricted, the lost."""

from datetime import timedelta
from typing import Any

from tests.builders import police as incident
from tests.integration.console.people import (
    ASHA,
    BELLA,
    BORN,
    CARL,
    ERIK,
    INCIDENT,
    VICTIM,
    Town,
    identity,
    linked,
    registered,
)
from tests.unit.schemas.letters import booking, envelope, police

ERIK_BORN = {"born_day": "2", "born_month": "1", "born_year": "1990"}
NOBODY = "Nobody can be shown for that"


async def test_another_persons_link_cannot_be_opened(town: Town) -> None:
    await town.told(INCIDENT)
    coordinator = await town.finds(ASHA)

    answer = await coordinator.post(f"{coordinator.last.url.path}/open", whom="0" * 32)

    assert answer.status_code == 404
    assert "There is no such link" in answer.text


async def test_somebody_only_accused_is_as_if_they_were_not_there(town: Town) -> None:
    await town.told(INCIDENT)

    by_number = await town.finds(ERIK, **ERIK_BORN)
    by_name = await town.looks("name", given="Erik", family="Sample", **ERIK_BORN)
    by_event = await town.looks("reference", reference="incident", ref="p2")

    assert NOBODY in by_number.words
    assert NOBODY in by_name.words
    assert NOBODY in by_event.words


async def test_nothing_of_a_victim_is_on_the_page_of_the_accused(town: Town) -> None:
    await town.told(
        registered(ERIK, name={"given": "Erik", "family": "Sample"}, date_of_birth="1990-01-02"),
        registered(ASHA, date_of_birth="1996-04-11"),
        linked(ERIK, ASHA, "former_partner"),
        INCIDENT,
    )
    [row] = await town.desk.ledger.rows("SELECT occurrence_id FROM occurrence")

    accused = await town.finds(ERIK, **ERIK_BORN)
    victim = await town.finds(ASHA)

    assert "Erik Sample" in accused.words
    assert "No event about this person may be shown" in accused.words
    page = accused.last.text
    assert not any(
        told in page for told in ("Former partner", "Police domestic", "Asha", str(row[0]), ASHA)
    )
    assert "Former partner" in victim.words


async def test_numbers_that_were_joined_are_one_person(town: Town) -> None:
    other = {**VICTIM, "nhs_number": BELLA}
    await town.told(
        INCIDENT,
        police(incident(other, police_reference="STF/2026/000002"), id="second"),
        identity(ASHA, BELLA, "merged"),
    )

    by_old, by_new = await town.finds(ASHA), await town.finds(BELLA)

    for coordinator in (by_old, by_new):
        assert coordinator.words.count("Police domestic abuse Staffordshire police") == 2
        assert "Other NHS numbers of this person" in coordinator.words


async def test_a_protected_identity_leads_to_no_other_and_no_other_to_it(town: Town) -> None:
    known: dict[str, Any] = {
        "name": {"given": "Asha", "family": "Example"},
        "date_of_birth": "1996-04-11",
    }
    new = {**VICTIM, "nhs_number": BELLA, "name": {"given": "Nora", "family": "Newname"}}
    await town.told(
        registered(ASHA, **known),
        registered(BELLA, **known | {"name": new["name"]}),
        linked(CARL, ASHA, "child"),
        identity(ASHA, BELLA, "protected"),
        INCIDENT,
        police(incident({**new, "ref": "victim"}), id="later"),  # the same event, told again
        police(incident(new, police_reference="STF/2026/000002"), id="second"),
    )

    old_page, new_page = await town.finds(ASHA), await town.finds(BELLA)
    by_event = await town.looks("reference", reference="STF/2026/000001", ref="victim")
    by_name = await town.looks("name", given="Asha", family="Example", **BORN)

    assert "Nora" not in old_page.last.text
    assert BELLA[6:] not in old_page.words
    assert "No event" in old_page.words
    assert "Asha" not in new_page.last.text
    assert ASHA[6:] not in new_page.words
    assert new_page.words.count("Police domestic abuse Staffordshire police") == 1
    assert "rotected" not in old_page.words + new_page.words
    assert "Household" not in old_page.words + new_page.words
    assert NOBODY in by_event.words
    assert NOBODY in by_name.words


async def test_a_pregnancy_that_was_lost_is_spoken_of_gently(town: Town) -> None:
    ended = {"pregnancy_id": "MAT-1", "provider": "RJE", "ended_on": "2026-03-06"}
    await town.told(
        booking({"mother": {**VICTIM, "ref": "m", "role": "patient"}}, id="booked"),
        INCIDENT,
        envelope(
            "fieldfare.maternity.ended.v1",
            "rje-maternity",
            {**ended, "outcome": "miscarriage"},
            id="ended",
        ),
    )

    unborn = await town.looks("reference", reference="STF/2026/000001", ref="u1")

    assert "A pregnancy that has ended" in unborn.words
    assert "Nobody is to be contacted about it" in unborn.words
    assert "Unborn child" not in unborn.words
    assert "Due" not in unborn.words


async def test_the_day_of_a_loss_is_that_of_london_in_summer_too(town: Town) -> None:
    ended = {"pregnancy_id": "MAT-1", "provider": "RJE"}
    await town.told(
        booking({"mother": {**VICTIM, "ref": "m", "role": "patient"}}, id="booked"),
        envelope(
            "fieldfare.maternity.ended.v1",
            "rje-maternity",
            {**ended, "outcome": "miscarriage"},
            id="ended",
            time="2025-07-09T23:30:00+00:00",
        ),
        INCIDENT,
    )

    coordinator = await town.finds(ASHA)

    assert "One ended, 10 July 2025" in coordinator.words


async def test_a_restricted_address_is_said_and_not_shown(town: Town) -> None:
    hidden = {**VICTIM, "address_restricted": True}
    await town.told(police(incident(hidden), id="incident"))

    coordinator = await town.finds(ASHA)

    assert "Address Restricted" in coordinator.words
    assert "Test Road" not in coordinator.last.text
    assert "ZZ99" not in coordinator.last.text


async def test_what_was_found_is_for_one_session_and_a_short_time(town: Town) -> None:
    await town.told(INCIDENT)
    coordinator = await town.finds(ASHA)
    path = coordinator.last.url.path

    other = await town.desk.reception.person("carys")
    auditor = await town.desk.reception.person("arthur")
    assert (await other.get(path)).status_code == 404
    assert (await auditor.get(path)).status_code == 404
    for _ in range(3):
        town.desk.clock.advance(timedelta(minutes=10, seconds=1))
        last = await coordinator.get(path)

    assert last.status_code == 404
    assert "Find the person again" in coordinator.words


async def test_a_script_in_a_name_is_shown_and_never_run(town: Town) -> None:
    named = {**VICTIM, "name": {"given": "<script>alert(1)</script>", "family": "Example"}}
    await town.told(police(incident(named), id="incident"))

    coordinator = await town.finds(ASHA)

    assert "&lt;script&gt;alert(1)&lt;/script&gt; Example" in coordinator.last.text
    assert "<script>alert" not in coordinator.last.text
