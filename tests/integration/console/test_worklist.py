"""A receiving team's own notices: read, answered, and nobody else's."""

from datetime import timedelta
from uuid import UUID, uuid4

from tests.console_kit import Visitor
from tests.integration.console.desk import LATER, Desk


async def opened(desk: Desk) -> tuple[Visitor, str]:
    """The midwife with her notice open."""
    midwife = await desk.reception.person("mina")
    path = f"/worklist/{(await desk.duty('midwifery'))['notification_id']}"
    await midwife.get(path)
    return midwife, path


async def test_a_team_sees_its_own_notices_with_what_must_not_be_overlooked(desk: Desk) -> None:
    midwife = await desk.reception.person("mina")

    await midwife.get("/worklist")

    assert "1 open notice" in midwife.words
    assert "Safe contact: Do not phone, text or write." in midwife.words
    assert "You are asked to acknowledge and record. Notice 1" in midwife.words


async def test_what_is_overdue_stands_out(desk: Desk) -> None:
    desk.clock.set(LATER)
    midwife = await desk.reception.person("mina")

    await midwife.get("/worklist")

    assert "1 overdue" in midwife.words
    assert "Overdue by 4 days" in midwife.words


async def test_another_teams_notice_is_as_if_it_were_not_there(desk: Desk) -> None:
    midwife = await desk.reception.person("mina")
    theirs = (await desk.duty("health-visiting"))["notification_id"]

    other, unknown, nonsense = (
        await midwife.get(f"/worklist/{theirs}"),
        await midwife.get(f"/worklist/{uuid4()}"),
        await midwife.get("/worklist/nonsense"),
    )
    await midwife.get("/worklist")
    answered = await midwife.post(f"/worklist/{theirs}/answer", status="acknowledged")

    assert [a.status_code for a in (other, unknown, nonsense, answered)] == [404] * 4
    assert (await desk.duty("health-visiting"))["state"] == "sent"


async def test_acknowledging_takes_two_clicks_and_is_in_the_persons_name(desk: Desk) -> None:
    midwife, path = await opened(desk)

    answer = await midwife.post(f"{path}/answer", status="acknowledged")
    await midwife.get(answer.headers["location"])

    assert "Acknowledged in your name." in midwife.words
    assert (await desk.duty("midwifery"))["state"] == "acknowledged"
    [receipt] = await desk.ledger.rows("SELECT said_by, verdict FROM receipt")
    assert (receipt["said_by"], receipt["verdict"]) == ("Mina Oakley", "applied")
    assert (await desk.views())[-2][:2] == ("Mina Oakley", "answered")


async def test_a_double_click_answers_once_and_says_so(desk: Desk) -> None:
    midwife, path = await opened(desk)

    first = await midwife.post(f"{path}/answer", status="acknowledged")
    second = await midwife.post(f"{path}/answer", status="acknowledged")

    assert (first.status_code, second.status_code) == (303, 409)
    assert "That was said already. Nothing was changed." in second.text
    assert len(await desk.ledger.rows("SELECT 1 FROM receipt WHERE verdict = 'applied'")) == 1


async def test_done_needs_an_outcome(desk: Desk) -> None:
    midwife, path = await opened(desk)

    without = await midwife.post(f"{path}/answer", status="done")
    midwife_said = await midwife.post(f"{path}/answer", status="done", outcome="Seen at home")

    assert without.status_code == 400
    assert "Say what came of it" in without.text
    assert midwife_said.status_code == 303
    assert (await desk.duty("midwifery"))["state"] == "done"


async def test_not_ours_goes_to_whom_they_name(desk: Desk) -> None:
    midwife, path = await opened(desk)

    await midwife.post(f"{path}/answer", status="not_ours", suggested="RJE:midwifery")

    rows = await desk.ledger.rows(
        "SELECT recipient, state FROM duty WHERE service = 'midwifery' ORDER BY owed_at"
    )
    assert sorted((row["recipient"], row["state"]) for row in rows) == [
        ("RJE:midwifery", "owed"),
        ("RJF:midwifery", "withdrawn"),
    ]


async def test_what_was_taken_back_is_shown_for_a_week(desk: Desk) -> None:
    midwife, path = await opened(desk)
    await midwife.post(f"{path}/answer", status="not_ours", suggested="RJE:midwifery")
    await desk.publish()

    await midwife.get("/worklist")
    assert "Taken back in the last seven days" in midwife.words
    desk.clock.advance(timedelta(days=8))
    await midwife.sign_in("mina")
    await midwife.get("/worklist")

    assert "Taken back" not in midwife.words


async def test_a_script_in_what_was_written_is_shown_and_never_run(desk: Desk) -> None:
    await desk.happened("STF/2026/000002", safe_contact="<script>alert(1)</script>")
    midwife, _ = await opened(desk)
    duties = await desk.ledger.rows("SELECT notification_id FROM duty WHERE service = 'midwifery'")

    pages = [(await midwife.get(f"/worklist/{row[0]}")).text for row in duties]

    assert any("&lt;script&gt;alert(1)&lt;/script&gt;" in page for page in pages)
    assert not any("<script>alert" in page for page in pages)


async def test_who_read_a_notice_is_recorded_with_ids_and_no_copies(desk: Desk) -> None:
    _, path = await opened(desk)

    [seen] = await desk.ledger.rows("SELECT * FROM console_view WHERE what = 'saw_notice'")

    assert path.rpartition("/")[2] in seen["things"]
    assert "Example" not in str(dict(seen))
    assert all(UUID(thing) for thing in seen["things"])
