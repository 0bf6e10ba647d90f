"""What is recorded is what was shown: an auditor asks who saw one duty, in whichever list."""

from uuid import uuid4

from tests.console_kit import Visitor
from tests.integration.console.desk import LATER, Desk
from tests.integration.console.test_exceptions import nobody_could_be_told

LISTS = "SELECT what, outcome, things FROM console_view WHERE what LIKE 'saw%' ORDER BY view_no"


async def signed_in(desk: Desk, subject: str = "carys") -> Visitor:
    desk.clock.set(LATER)
    return await desk.reception.person(subject)


async def test_a_list_of_duties_is_recorded_with_the_duties_in_it(desk: Desk) -> None:
    duty = str((await desk.duty("midwifery"))["duty_id"])
    auditor = await signed_in(desk, "arthur")

    await auditor.get("/duties?service=midwifery")
    await auditor.get("/missed?service=midwifery&from=1/3/2026")

    behind, missed = await desk.ledger.rows(LISTS)
    assert (behind["what"], missed["what"]) == ("saw_duties", "saw_missed")
    assert (behind["things"], missed["things"]) == ([duty], [duty])
    assert "service=midwifery" in behind["outcome"]
    assert missed["outcome"] == "list: from=1%2F3%2F2026&service=midwifery"


async def test_the_list_of_exceptions_is_recorded_with_those_in_it(desk: Desk) -> None:
    duty_id = await nobody_could_be_told(desk)
    coordinator = await signed_in(desk)

    await coordinator.get("/exceptions")

    [seen] = await desk.ledger.rows(LISTS)
    assert seen["what"] == "saw_exceptions"
    assert str(duty_id) in seen["things"]


async def test_a_notice_of_duties_is_recorded_with_the_duties_that_it_is_about(desk: Desk) -> None:
    duty, notice = (await desk.duty("midwifery"))["duty_id"], uuid4()
    midwife = await signed_in(desk, "mina")
    await desk.ledger.rows(
        "INSERT INTO escalation VALUES ($1, 1, $2, 1, 'not_acknowledged', 'lead', $3, $2, $2,"
        " FALSE, $4, NULL)",
        duty,
        desk.clock.now(),
        "RJF:midwifery",
        notice,
    )

    await midwife.get(f"/missed?notice={notice}")

    [seen] = await desk.ledger.rows(LISTS)
    assert (seen["what"], seen["things"]) == ("saw_missed", [str(notice), str(duty)])


async def test_an_export_is_recorded_with_what_was_asked_of_which_field(desk: Desk) -> None:
    auditor = await signed_in(desk, "arthur")

    await auditor.get("/missed.csv?to=2026-03-09")

    assert (await desk.views())[-1][1:] == ("exported_missed", None, "list: to=2026-03-09")


async def test_an_order_that_came_too_late_is_recorded_as_one_that_was_not_done(desk: Desk) -> None:
    path = f"/duties/{(await desk.duty('midwifery'))['duty_id']}"
    coordinator = await signed_in(desk)
    await coordinator.get(path)
    await desk.ledger.rows(
        "INSERT INTO duty_change (duty_id, changed_at, changed_by, state, revision, why)"
        " SELECT duty_id, $1, 'Dilys Moor', state, revision, 'rang them' FROM duty"
        " WHERE service = 'midwifery'",
        desk.clock.now(),
    )

    answer = await coordinator.post(f"{path}/close", seen="", close_why="told by telephone")

    assert answer.status_code == 409
    [order] = [view for view in await desk.views() if view[1] == "closed"]
    assert order[2:] == ("told by telephone", "refused: somebody else changed the duty")


async def test_what_an_auditor_types_is_kept_only_if_the_record_knows_it(desk: Desk) -> None:
    duty = str((await desk.duty("midwifery"))["duty_id"])
    await (await signed_in(desk)).get(f"/duties/{duty}")
    auditor = await signed_in(desk, "arthur")

    unknown = await auditor.get("/audit?about=999+000+0018")
    long = await auditor.get(f"/audit?about={'9990000018' * 400}")
    known = await auditor.get(f"/audit?about={duty}")

    assert [each.status_code for each in (unknown, long, known)] == [200, 200, 200]
    assert "Fri 6 March 2026" not in known.text
    assert "11 March 2026" in known.text
    rows = await desk.ledger.rows("SELECT things FROM console_view WHERE what = 'saw_audit'")
    assert [row["things"] for row in rows] == [[], [], [duty]]
