"""The rulebook as people read it: rules, promises, directory, and versions."""

import pytest

from tests.builders import staffordshire
from tests.integration.console.desk import Desk
from tests.integration.console.office import Office
from tests.small_rulebook import small_rulebook

CHANGED = small_rulebook(medium="immediate", toddlers=True)


async def test_rules_are_listed_by_kind_of_event_and_shown_when_asked_for(office: Office) -> None:
    omar = await office.reception.person("omar")

    await omar.get("/rules")
    assert "1 rule and 1 withhold block" in omar.words
    assert "da-pregnant-victim" not in omar.words
    await omar.get("/rules?event=fieldfare.police.domestic-abuse.v1")

    said = omar.words
    for words in (
        "A pregnant victim of domestic abuse is known to her maternity service.",
        "When the event has risk: high or medium or not assessed or standard",
        "About each person with role: victim; pregnant: possible or yes",
        "Tells midwifery at the booked provider",
        "If no booking midwifery of the home district",
        "immediate if risk is high or not assessed; same day if risk is medium",
        "Asks them to acknowledge, record",
        "para 1.13. Pathways P01. Owner: named midwife. Review by 1 April 2027.",
        "rules/police.yaml:",
    ):
        assert words in said
    assert "confidential" not in said


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("service=midwifery", "da-pregnant-victim"),
        ("service=social-care", "Withheld: sexual health of a child is confidential"),
        ("owner=named.midwife", "da-pregnant-victim"),
        ("source=para+1.13", "da-pregnant-victim"),
        ("source=P01", "da-pregnant-victim"),
        ("text=COMMON+law", "Lawful basis the common law duty of confidentiality"),
        ("text=nothing+is+so", "No rule is so."),
        ("event=x", "No rule is so."),
    ],
)
async def test_rules_are_found_by(office: Office, asked: str, found: str) -> None:
    carys = await office.reception.person("carys")

    answer = await carys.get(f"/rules?{asked}")

    assert answer.status_code == 200
    assert found in carys.words


async def test_a_rule_leads_to_its_own_lines(office: Office) -> None:
    arthur = await office.reception.person("arthur")
    await arthur.get("/rules?all=yes")
    assert "/rules/text?file=rules/police.yaml#line-3" in arthur.last.text

    await arthur.get("/rules/text?file=rules/police.yaml")

    assert 'id="line-3"><code>- rule: da-pregnant-victim' in arthur.last.text
    for file in ("../promises.yaml", "/etc/passwd", "x", ""):
        assert (await arthur.get(f"/rules/text?file={file}")).status_code == 404


async def test_what_a_rule_says_is_shown_and_never_run(office: Office) -> None:
    proposed = await office.propose(CHANGED)
    rosa = await office.reception.person("rosa")

    await rosa.get(f"/rules?all=yes&version={proposed}")

    assert '<script>alert("Health visitors")</script> hear of a child' in rosa.words
    assert "<script>alert" not in rosa.last.text
    assert f"Rulebook staffordshire {proposed[:12]}" in rosa.words


async def test_a_version_that_is_not_kept_is_not_there(office: Office) -> None:
    rosa = await office.reception.person("rosa")

    for path in ("/rules", "/rules/promises", "/rules/directory", "/rules/what-if"):
        assert (await rosa.get(f"{path}?version=abcdef123")).status_code == 404


async def test_promises_have_their_verdicts_and_a_gap_its_words(office: Office) -> None:
    proposed = await office.propose(small_rulebook(broken=True, toddlers=True))
    carys = await office.reception.person("carys")

    await carys.get("/rules/promises")
    assert "1 proved 0 with a gap" in carys.words
    assert "Promised is told or MASH owns it: midwifery" in carys.words
    assert "Never told : gp: it has teams, and no rule tells it" in carys.words
    await carys.get(f"/rules/promises?verdict=GAP&text=1.14&version={proposed}")

    assert "a child of any age is known to somebody Gap" in carys.words
    assert "role child present age at least 5" in carys.words
    assert "Nearest rule: da-child-under-five (rules/police.yaml:" in carys.words
    assert "Try example of gap 1" in carys.words
    await carys.get("/rules/promises?text=toddlers")
    assert "No promise is so." in carys.words


async def test_the_directory_says_who_serves_whom_and_where_nobody_does(office: Office) -> None:
    omar = await office.reception.person("omar")

    await omar.get("/rules/directory?day=6/3/2026")
    assert "RJE:midwifery" in omar.words
    assert "Midwifery" in omar.words
    assert "There is none: every gap is MASH's, each time." in omar.words
    await omar.get("/rules/directory?day=1/9/2013")

    assert "Nobody. RYW:school-nursing:E07000192 from 2015-09-01; MASH owns what is due" in (
        omar.words
    )
    assert (await omar.get("/rules/directory?day=x")).status_code == 400


async def test_the_whole_rulebook_is_read_on_one_page(desk: Desk) -> None:
    omar = await desk.reception.person("omar")

    answer = await omar.get("/rules?all=yes")

    assert answer.status_code == 200
    document = staffordshire().document
    blocks = len(document.rules) + len(document.withholds)
    assert f"{blocks} found</h2>" in answer.text
    assert "Emergency attendance" in omar.words
