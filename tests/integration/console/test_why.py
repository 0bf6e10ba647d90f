"""What every rule said of an event, and why a service was not told."""

import json
from uuid import uuid4

from tests.builders import a_person, at_home, attendance
from tests.console_kit import Visitor
from tests.integration.console.people import INCIDENT, Town
from tests.unit.schemas.letters import emergency


async def why(town: Town, subject: str = "arthur", **asked: str) -> Visitor:
    """Somebody who has asked about the one event of the ledger."""
    visitor = await town.desk.reception.person(subject)
    [row] = await town.desk.ledger.rows("SELECT occurrence_id FROM occurrence")
    await visitor.get(f"/events/{row[0]}/rules", params=asked)
    return visitor


async def test_every_rule_says_whether_it_fired_and_which_condition_failed(town: Town) -> None:
    await town.told(INCIDENT)

    auditor = await why(town)

    assert "all conditions hold" in auditor.words
    assert "did not fire for victim" in auditor.words
    assert "role is victim, not" in auditor.words
    assert "staffordshire@sha256:" in auditor.words
    assert "other facts than those that were stored" not in auditor.words
    assert (await town.desk.views())[-1][1] == "saw_rules"


async def test_somebody_who_was_told_is_said_to_have_been(town: Town) -> None:
    await town.told(INCIDENT)

    auditor = await why(town, service="midwifery", about="victim")

    assert "It is told: sent." in auditor.words


async def test_the_nearest_rule_and_what_did_not_hold_is_the_answer(town: Town) -> None:
    await town.told(INCIDENT)

    auditor = await why(town, service="school-nursing", about="victim")

    assert "none of them fits" in auditor.words
    assert "The nearest rules, and what did not hold" in auditor.words
    assert "not" in auditor.words.partition("what did not hold:")[2]


async def test_of_somebody_guarded_the_guard_is_the_whole_answer(town: Town) -> None:
    await town.told(INCIDENT)

    auditor = await why(town, service="gp", about="p2")

    assert "Only an alleged perpetrator: nothing is ever told about them." in auditor.words
    assert "The nearest rules" not in auditor.words


async def test_what_is_withheld_is_said_with_its_block_and_never_what_it_was(town: Town) -> None:
    child = a_person("patient", ref="kid", number=7, date_of_birth="2012-01-01", **at_home())
    told = attendance(child, concerns=["emergency_contraception", "self_harm"])
    await town.told(emergency(told, id="attended"))
    [row] = await town.desk.ledger.rows("SELECT nobody FROM decision")
    withheld = [each for each in json.loads(row["nobody"]) if "withheld" in each["because"]]
    assert withheld

    auditor = await why(town, service=withheld[0]["service"], about="kid")

    assert "Withheld: " in auditor.words
    assert "Lawful basis" in auditor.words or "basis" not in withheld[0]
    assert "emergency_contraception" not in auditor.last.text


async def test_no_team_is_said_with_mash_in_its_place(town: Town) -> None:
    nowhere = a_person("victim", number=1, date_of_birth="1996-04-11", sex="female", pregnant="yes")
    data = {**INCIDENT["data"], "people": [nowhere]}
    await town.told({**INCIDENT, "data": data})
    rows = await town.desk.ledger.rows(
        "SELECT instead_of, because FROM duty WHERE instead_of IS NOT NULL LIMIT 1"
    )

    auditor = await why(town, service=rows[0]["instead_of"], about="victim")

    assert f"No team could be told: {rows[0]['because']}" in auditor.words
    assert "So MASH owns it." in auditor.words


async def test_a_record_without_facts_says_so(town: Town) -> None:
    await town.told(INCIDENT)
    await town.desk.ledger.rows("UPDATE decision SET facts = '{}'")

    auditor = await why(town, service="school-nursing", about="victim")

    assert auditor.last.status_code == 200
    assert "The record has no facts of this decision any more." in auditor.words


async def test_facts_that_do_not_fit_what_was_stored_are_said_to_differ(town: Town) -> None:
    await town.told(INCIDENT)
    await town.desk.ledger.rows(
        "UPDATE decision SET facts = jsonb_set(facts, '{event,risk}', '\"standard\"')"
    )

    auditor = await why(town)

    assert "other facts than those that were stored" in auditor.words


async def test_what_nobody_can_ask_is_answered_with_what_to_choose(town: Town) -> None:
    await town.told(INCIDENT)

    auditor = await why(town, service="<script>", about="<script>alert(1)</script>")
    unknown = await auditor.get(f"/events/{uuid4()}/rules")

    assert "Choose the service that was not told" in auditor.words or unknown.status_code == 404
    assert unknown.status_code == 404


async def test_a_script_in_the_question_is_never_run(town: Town) -> None:
    await town.told(INCIDENT)

    auditor = await why(town, service="gp", about="<script>alert(1)</script>")

    assert auditor.last.status_code == 400
    assert "Choose the person in the event" in auditor.words
    assert "<script>alert" not in auditor.last.text
