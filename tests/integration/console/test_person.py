"""One person over time: what is found, what is shown of them, and what never is."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import police as incident
from tests.console_kit import Visitor
from tests.integration.console.people import (
    ASHA,
    BELLA,
    BORN,
    CARL,
    DORA,
    INCIDENT,
    VICTIM,
    WHY,
    Town,
    linked,
    registered,
)
from tests.unit.schemas.letters import police

ERIK_BORN = {"born_day": "2", "born_month": "1", "born_year": "1990"}
NOBODY = "Nobody can be shown for that"


async def test_somebody_is_found_by_number_and_shown_with_all_that_was_told(town: Town) -> None:
    await town.told(registered(ASHA, name={"given": "Asha", "family": "Example"}), INCIDENT)

    coordinator = await town.finds("999 000 0018" if ASHA == "9990000018" else ASHA)

    assert "Asha Example" in coordinator.words
    assert "Police domestic abuse" in coordinator.words
    assert "Midwifery" in coordinator.words
    assert "sent, by relay" in coordinator.words or "owed, by router" in coordinator.words
    assert "1 Test Road" not in coordinator.last.text


async def test_a_number_may_have_spaces_and_dashes(town: Town) -> None:
    await town.told(INCIDENT)

    coordinator = await town.finds(f" {ASHA[:3]}-{ASHA[3:6]} {ASHA[6:]} ")

    assert "Asha Example" in coordinator.words


async def test_the_reason_and_the_ids_are_recorded_and_nothing_that_was_typed(town: Town) -> None:
    await town.told(INCIDENT)

    await town.finds(ASHA)

    views = await town.desk.ledger.rows(
        "SELECT what, name, reason, outcome, things, t::text AS whole FROM console_view AS t"
        " WHERE what <> 'signed_in' ORDER BY view_no"
    )
    assert [(row["what"], row["reason"]) for row in views] == [
        ("searched_person", "Case review: serious case review 12"),
        ("saw_person", "Case review: serious case review 12"),
    ]
    [occurrence] = await town.desk.ledger.rows("SELECT occurrence_id FROM occurrence")
    assert str(occurrence[0]) in views[1]["things"]
    assert not any(ASHA in row["whole"] or "Asha" in row["whole"] for row in views)


@pytest.mark.parametrize("by", ["number", "name", "reference"])
async def test_a_search_that_finds_nobody_is_answered_and_recorded(town: Town, by: str) -> None:
    await town.told(INCIDENT)
    typed = {"nhs_number": DORA, "given": "Asha", "family": "Exam", "reference": "x", "ref": "p1"}

    coordinator = await town.looks(by, **typed, **BORN)

    assert NOBODY in coordinator.words
    assert (await town.desk.views())[-1][1:] == (
        "searched_person",
        "Case review: serious case review 12",
        f"by {by}: found nobody",
    )


async def test_another_date_of_birth_finds_nobody(town: Town) -> None:
    await town.told(INCIDENT)

    assert NOBODY in (await town.finds(ASHA, **BORN | {"born_day": "12"})).words


async def test_the_reference_of_an_event_finds_the_unborn_and_those_nobody_knows(
    town: Town,
) -> None:
    await town.told(INCIDENT)
    reference = "STF/2026/000001"

    unborn = await town.looks("reference", reference=reference, ref="u1")
    stranger = await town.looks("reference", reference="incident", ref="p3")

    assert unborn.title.startswith("Unborn child")
    assert "Police domestic abuse" in unborn.words
    assert "Finn Nobody" in stranger.words
    assert "Asha" not in stranger.words + unborn.words


async def test_somebody_whom_nobody_knows_is_found_by_name_and_date_of_birth(town: Town) -> None:
    await town.told(INCIDENT)
    born = {"born_day": "3", "born_month": "3", "born_year": "2019"}

    found = await town.looks("name", given="finn", family="NOBODY", **born)
    part = await town.looks("name", given="Fin", family="Nobody", **born)

    assert "Finn Nobody" in found.words
    assert NOBODY in part.words


async def test_somebody_with_a_number_that_nobody_has_verified_is_found_by_name(
    town: Town,
) -> None:
    loose = {**VICTIM, "nhs_number_status": "unverified"}
    await town.told(police(incident(loose), id="incident"))

    by_name = await town.looks("name", given="Asha", family="Example", **BORN)
    by_number = await town.finds(ASHA)

    assert "Police domestic abuse" in by_name.words
    assert NOBODY in by_number.words


async def test_a_traced_child_has_a_page_with_what_happened_before_it_was_traced(
    town: Town,
) -> None:
    await town.told(INCIDENT)
    [row] = await town.desk.ledger.rows("SELECT occurrence_id FROM occurrence")
    coordinator = await town.desk.reception.person("carys")
    await coordinator.get(f"/events/{row[0]}")
    traced = {"nhs_number": CARL, "date_of_birth": "3/3/2019", "identify_why": "traced by phone"}
    await coordinator.post(f"/events/{row[0]}/identify", ref="p3", **traced)
    born = {"born_day": "3", "born_month": "3", "born_year": "2019"}

    by_number = await town.finds(CARL, **born)
    by_event = await town.looks("reference", reference=str(row[0]), ref="p3")

    for found in (by_number, by_event):
        assert "Finn Nobody" in found.words
        assert "NHS number" in found.words
        assert "Police domestic abuse" in found.words


async def test_two_of_one_name_and_birth_date_are_not_shown(town: Town) -> None:
    known: dict[str, Any] = {
        "name": {"given": "Asha", "family": "Example"},
        "date_of_birth": "1996-04-11",
    }
    await town.told(registered(ASHA, **known), registered(BELLA, **known))

    coordinator = await town.looks("name", given="Asha", family="Example", **BORN)

    assert "More than one person fits" in coordinator.words
    assert (await town.desk.views())[-1][3] == "by name: found several"


async def test_a_relative_is_opened_by_a_click_that_is_recorded(town: Town) -> None:
    await town.told(
        registered(ASHA, date_of_birth="1996-04-11"),
        registered(CARL, name={"given": "Carl", "family": "Example"}, date_of_birth="2019-03-03"),
        linked(ASHA, CARL, "parent"),
    )
    coordinator = await town.finds(ASHA)
    page = coordinator.last.text

    assert "Child, born 2019" in coordinator.words
    assert CARL not in page
    assert "Carl" not in page
    [whom] = re.findall(r'name="whom" value="([^"]+)"', page)
    assert re.fullmatch(r"0_[0-9a-f]{4}", whom), "too little to find a number by trying all"
    await follow_link(coordinator, "Child, born 2019")

    assert "Carl Example" in coordinator.words
    assert [each[1] for each in await town.desk.views()][-2:] == ["opened_relative", "saw_person"]


async def follow_link(visitor: Visitor, words: str) -> None:
    page = visitor.last.text
    before = page[: page.index(f"<span>{words}")]
    action = re.findall(r'action="(/person/[^"]+/open)"', before)[-1]
    whom = re.findall(r'name="whom" value="(\w+)"', before)[-1]
    answer = await visitor.post(action, whom=whom)
    await visitor.get(answer.headers["location"])


async def test_the_unborn_child_of_somebody_is_a_link_away(town: Town) -> None:
    await town.told(INCIDENT)
    coordinator = await town.finds(ASHA)

    await follow_link(coordinator, "A pregnancy")

    assert coordinator.title.startswith("Unborn child")
    assert "Mother" in coordinator.words


async def test_searching_again_and_again_is_slowed_down_and_recorded(town: Town) -> None:
    coordinator = await town.desk.reception.person("carys")
    await coordinator.get("/person")
    sent = {"by": "number", "nhs_number": ASHA, **BORN, **WHY}
    answers = [(await coordinator.post("/person", **sent)).status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]
    assert "Wait a minute" in coordinator.words
    assert (await town.desk.views())[-1][3] == "refused: too often"


async def test_a_session_that_ended_in_the_middle_of_a_search_shows_nothing(town: Town) -> None:
    await town.told(INCIDENT)
    coordinator = await town.desk.reception.person("carys")
    await coordinator.get("/person")
    town.desk.clock.advance(timedelta(minutes=16))

    answer = await coordinator.post("/person", by="number", nhs_number=ASHA, **BORN, **WHY)

    assert answer.status_code == 401
    assert "You were signed out" in coordinator.words
    assert await town.desk.ledger.rows("SELECT 1 FROM person_look") == []


async def test_a_double_click_finds_the_same_person_twice_and_harms_nothing(town: Town) -> None:
    await town.told(INCIDENT)
    coordinator = await town.desk.reception.person("carys")
    await coordinator.get("/person")
    sent = {"by": "number", "nhs_number": ASHA, **BORN, **WHY}

    both = [await coordinator.post("/person", **sent) for _ in range(2)]

    assert [answer.status_code for answer in both] == [303, 303]
    assert both[0].headers["location"] != both[1].headers["location"]
    assert ASHA not in both[0].headers["location"]


async def test_ten_thousand_lines_are_shown_in_pages_without_a_gap(town: Town) -> None:
    await town.told(INCIDENT)
    await town.desk.ledger.rows(
        "INSERT INTO duty_change (duty_id, changed_at, changed_by, state, revision, why)"
        " SELECT duty_id, $1, 'router', 'owed', 1, 'line ' || n"
        " FROM (SELECT duty_id FROM duty WHERE service = 'midwifery'"
        "  AND person_key LIKE 'nhs:%' LIMIT 1) AS d, generate_series(1, 10000) AS n",
        town.desk.clock.now() + timedelta(days=1),
    )
    coordinator = await town.finds(ASHA)
    path, seen = coordinator.last.url.path, 0

    for _ in range(3):
        page = coordinator.last.text
        seen += page.count("line ")
        following = page.partition('rel="next" href="')[2].partition('"')[0]
        assert following.startswith(path)
        await coordinator.get(following.replace("&amp;", "&"))

    assert 250 < seen <= 300
    assert "The beginning of the timeline" in coordinator.words
