"""The timeline of a person as a document: read back from its bytes."""

import io
import re
from datetime import timedelta

from pypdf import PdfReader

from tests.builders import police as incident
from tests.integration.console.people import (
    ASHA,
    ERIK,
    INCIDENT,
    VICTIM,
    Town,
    registered,
)
from tests.unit.schemas.letters import police


async def document(town: Town) -> PdfReader:
    """The timeline of Asha as the coordinator prints it."""
    coordinator = await town.finds(ASHA)
    answer = await coordinator.post(f"{coordinator.last.url.path}/timeline.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert ASHA not in answer.headers["content-disposition"]
    return PdfReader(io.BytesIO(answer.content))


def words_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


async def test_the_document_says_who_printed_it_when_why_and_by_which_rulebook(town: Town) -> None:
    await town.told(INCIDENT)

    reader = await document(town)

    words = words_of(reader)
    [row] = await town.desk.ledger.rows("SELECT DISTINCT rulebook_hash FROM decision")
    assert reader.metadata is not None
    assert reader.metadata.title == "Case timeline"
    assert "Printed by Carys Hill" in words
    assert "Fri 6 March 2026, 12:00" in words
    assert "serious case review 12" in words
    assert row[0] in words.replace(" ", "")
    assert f"Page 1 of {len(reader.pages)}" in words
    assert "Asha Example" in words
    assert "Midwifery (" in words
    assert "Hide from online access" in words
    assert [each[1] for each in await town.desk.views()][-1] == "printed_person"


async def test_the_document_holds_nothing_of_anybody_else(town: Town) -> None:
    await town.told(registered(ERIK, gp_practice="Y90004"), INCIDENT)

    words = words_of(await document(town))

    for told in ("Erik", "Sample", "Finn", ERIK, ERIK[6:], "Test Road", "ZZ99"):
        assert told not in words


async def test_a_long_timeline_goes_on_over_pages_and_says_where_it_is_cut(town: Town) -> None:
    await town.told(INCIDENT)
    await town.desk.ledger.rows(
        "INSERT INTO duty_change (duty_id, changed_at, changed_by, state, revision, why)"
        " SELECT duty_id, $1, 'router', 'owed', 1, 'line ' || n || repeat(' of a long story', $2)"
        " FROM (SELECT duty_id FROM duty WHERE service = 'midwifery'"
        "  AND person_key LIKE 'nhs:%' LIMIT 1) AS d, generate_series(1, 2500) AS n",
        town.desk.clock.now() + timedelta(days=1),
        3,
    )

    reader = await document(town)

    assert len(reader.pages) > 20
    assert "There is more than is printed here" in words_of(reader)
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert re.search(rf"Page {number} of {len(reader.pages)}\b", text)
        assert number == 1 or "What happened" in text


async def test_a_document_without_the_oldest_events_says_so(town: Town) -> None:
    await town.told(INCIDENT)
    await town.desk.ledger.rows(
        "INSERT INTO occurrence_person (nhs_number, occurrence_id, occurred_at)"
        " SELECT $1, gen_random_uuid(), $2 FROM generate_series(1, 500)",
        ASHA,
        town.desk.clock.now() - timedelta(days=1000),
    )

    words = words_of(await document(town))

    assert "There is more than is printed here" in words
    assert "these are the newest" in words


async def test_letters_that_the_font_lacks_and_markup_in_a_name_break_nothing(town: Town) -> None:
    name = {"given": "Zoë <b>Ş</b> & 漢", "family": "Example"}
    await town.told(police(incident({**VICTIM, "name": name}), id="incident"))

    words = words_of(await document(town))

    assert "Zoë <b>" in words
    assert "& ? Example" in words
