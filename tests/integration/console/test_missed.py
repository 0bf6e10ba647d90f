"""The finder, a duty and what is done about it, and the event behind it."""

import csv
import io
import time
from uuid import uuid4

from tests.builders import a_person, at_home
from tests.console_kit import Visitor
from tests.integration.console.desk import LATER, Desk
from tests.unit.schemas.letters import envelope


async def at_duty(desk: Desk, subject: str = "carys") -> tuple[Visitor, str]:
    """Somebody with the midwives' duty open, long after it was due."""
    desk.clock.set(LATER)
    visitor = await desk.reception.person(subject)
    path = f"/duties/{(await desk.duty('midwifery'))['duty_id']}"
    await visitor.get(path)
    return visitor, path


async def test_what_was_missed_is_listed_with_its_cause_and_a_way_to_act(desk: Desk) -> None:
    desk.clock.set(LATER)
    coordinator = await desk.reception.person("carys")

    page = await coordinator.get("/missed?service=midwifery")

    assert "1 line with this filter" in coordinator.words
    assert "Not acknowledged" in coordinator.words
    assert f'href="/duties/{(await desk.duty("midwifery"))["duty_id"]}"' in page.text


async def test_a_filter_that_cannot_be_used_is_said_above_the_page(desk: Desk) -> None:
    coordinator = await desk.reception.person("carys")

    answer = await coordinator.get("/missed?from=yesterday&cause=nonsense")

    assert answer.status_code == 400
    assert coordinator.title.startswith("Error: Missed")
    assert "Enter a day such as 28/2/2026" in coordinator.words


async def test_the_csv_holds_every_row_and_nobodys_name(desk: Desk) -> None:
    desk.clock.set(LATER)
    auditor = await desk.reception.person("arthur")

    answer = await auditor.get("/missed.csv")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["service"] for row in rows} >= {"midwifery", "health-visiting"}
    assert "attachment" in answer.headers["content-disposition"]
    assert "Example" not in answer.text
    assert (await desk.views())[-1][:2] == ("Arthur Penn", "exported_missed")


async def test_ten_thousand_rows_are_paged_through_without_a_gap(desk: Desk) -> None:
    desk.clock.set(LATER)
    names = [
        row["column_name"]
        for row in await desk.ledger.rows(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'duty' AND column_name NOT IN"
            " ('duty_id', 'occurrence_id', 'notification_id', 'overdue_from')"
        )
    ]
    kept = ", ".join(names)
    await desk.ledger.rows(
        f"INSERT INTO duty (duty_id, occurrence_id, notification_id, {kept})"  # noqa: S608
        f" SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), {kept}"
        " FROM duty, generate_series(1, 10000) WHERE service = 'midwifery'"
    )
    coordinator = await desk.reception.person("carys")

    begun = time.monotonic()
    await coordinator.get("/missed?service=midwifery")
    first = coordinator.last.text
    following = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = (await coordinator.get(following)).text
    took = time.monotonic() - begun

    assert "10,001 lines with this filter" in first
    links = [set(page.split('href="/duties/')[1:]) for page in (first, second)]
    assert [len(each) for each in links] == [50, 50]
    assert not links[0] & links[1]
    assert took < 30


async def test_closing_needs_a_reason_and_is_recorded_with_it(desk: Desk) -> None:
    coordinator, path = await at_duty(desk)

    without = await coordinator.post(f"{path}/close", seen="")
    await coordinator.post(f"{path}/close", seen="", close_why="told by telephone")

    assert without.status_code == 400
    assert "Say why, so that a review can follow it" in without.text
    duty = await desk.duty("midwifery")
    assert duty["state"] == "closed"
    assert (await desk.views())[-1] == ("Carys Hill", "closed", "told by telephone", "it is closed")


async def test_a_double_click_closes_once(desk: Desk) -> None:
    coordinator, path = await at_duty(desk)

    first = await coordinator.post(f"{path}/close", seen="", close_why="told by telephone")
    second = await coordinator.post(f"{path}/close", seen="", close_why="told by telephone")
    await coordinator.get(second.headers["location"])

    assert (first.status_code, second.status_code) == (303, 303)
    assert "It was closed already." in coordinator.words
    duty = await desk.duty("midwifery")
    closed = await desk.ledger.rows(
        "SELECT 1 FROM duty_change WHERE duty_id = $1 AND state = 'closed'", duty["duty_id"]
    )
    assert len(closed) == 1


async def test_of_two_people_the_second_is_told_who_was_faster(desk: Desk) -> None:
    first, path = await at_duty(desk)
    second = await desk.reception.person("carys")
    second_name = "Another Coordinator"
    await desk.ledger.rows(
        "UPDATE console_session SET name = $1, subject = 'other' WHERE session_hash ="
        " (SELECT session_hash FROM console_session ORDER BY begun_at DESC, ctid DESC LIMIT 1)",
        second_name,
    )
    await second.get(path)
    await first.post(f"{path}/resend", seen="", resend_why="they say that it never came")

    answer = await second.post(f"{path}/close", seen="", close_why="told by telephone")

    assert answer.status_code == 409
    assert "Somebody was faster" in answer.text
    assert "Carys Hill changed this duty" in answer.text
    assert (await desk.duty("midwifery"))["state"] == "sent"


async def test_handing_over_makes_another_team_the_owner(desk: Desk) -> None:
    coordinator, path = await at_duty(desk)

    answer = await coordinator.post(
        f"{path}/hand-over", seen="", hand_over_to="RJE:midwifery", hand_over_why="she has moved"
    )

    assert answer.status_code == 303
    assert (await desk.duty("midwifery"))["recipient"] == "RJE:midwifery"


async def test_an_order_that_cannot_be_done_says_why_and_is_recorded(desk: Desk) -> None:
    coordinator, path = await at_duty(desk)

    answer = await coordinator.post(
        f"{path}/hand-over", seen="", hand_over_to="MASH:mash", hand_over_why="she has moved"
    )

    assert answer.status_code == 409
    assert "Nothing was changed: MASH:mash is no other team of midwifery" in answer.text
    outcomes = [view[3] for view in await desk.views() if view[1] == "handed_over"]
    assert len(outcomes) == 1
    assert (outcomes[0] or "").startswith("refused: ")


async def test_an_auditor_sees_a_duty_and_has_nothing_to_press(desk: Desk) -> None:
    auditor, path = await at_duty(desk, "arthur")

    refused = await auditor.post(f"{path}/close", seen="", close_why="x")

    assert "What you can do" not in auditor.last.text
    assert refused.status_code == 403


async def test_unknown_ids_are_answered_as_such(desk: Desk) -> None:
    coordinator = await desk.reception.person("carys")

    for path in (f"/duties/{uuid4()}", "/duties/x", f"/events/{uuid4()}", "/events/x"):
        assert (await coordinator.get(path)).status_code == 404, path
    assert (await coordinator.get(f"/missed?notice={uuid4()}")).status_code == 404


async def test_an_event_shows_why_somebody_was_not_told_and_can_be_decided_again(
    desk: Desk,
) -> None:
    coordinator = await desk.reception.person("carys")
    path = f"/events/{(await desk.duty('midwifery'))['occurrence_id']}"
    await coordinator.get(path)

    answer = await coordinator.post(f"{path}/re-route", re_route_why="the directory is put right")
    await coordinator.get(answer.headers["location"])

    assert "It was decided again." in coordinator.words
    assert "Police domestic abuse" in coordinator.words
    assert "Asha" not in coordinator.words


async def test_a_number_that_is_typed_wrongly_is_not_written_into_the_page_again(
    desk: Desk,
) -> None:
    coordinator = await desk.reception.person("carys")
    path = f"/events/{(await desk.duty('midwifery'))['occurrence_id']}"
    await coordinator.get(path)

    answer = await coordinator.post(
        f"{path}/identify",
        ref="p1",
        nhs_number="999 000 0017",
        date_of_birth="11/4/1996",
        identify_why="traced",
    )

    assert answer.status_code == 400
    assert "Enter the NHS number: ten digits, as traced" in answer.text
    assert "999 000 0017" not in answer.text


async def test_whoever_was_told_by_a_notice_sees_what_it_is_about_and_nobody_else(
    desk: Desk,
) -> None:
    desk.clock.set(LATER)
    duty, notice = await desk.duty("midwifery"), uuid4()
    await desk.ledger.rows(
        "INSERT INTO escalation VALUES ($1, 1, $2, 1, 'not_acknowledged', 'lead', $3, $2, $2,"
        " FALSE, $4, NULL)",
        duty["duty_id"],
        desk.clock.now(),
        "RJF:midwifery",
        notice,
    )
    midwife = await desk.reception.person("mina")

    theirs = await midwife.get(f"/missed?notice={notice}")
    assert theirs.status_code == 200
    assert "1 duty that had no answer" in midwife.words
    assert "RJF:midwifery" in midwife.words
    everything = await midwife.get("/missed")
    await desk.ledger.rows("UPDATE escalation SET recipient = 'RJF:safeguarding'")
    not_theirs = await midwife.get(f"/missed?notice={notice}")

    assert (everything.status_code, not_theirs.status_code) == (403, 404)


async def test_a_notice_names_no_clinic_to_who_may_not_hear_of_it(desk: Desk) -> None:
    girl = a_person("patient", number=3, date_of_birth="2011-05-01", **at_home())
    contact = {"contact_id": "CON-1", "setting": "sexual_health", "concerns": ["self_harm"]}
    kind, data = "fieldfare.community.contact.v1", {**contact, "patient": girl}
    await desk.received(envelope(kind, "r1e-sexual-health", data, id="CLINIC-7"))
    desk.clock.set(LATER)
    duty, notice = await desk.duty("camhs"), uuid4()
    await desk.ledger.rows(
        "INSERT INTO escalation VALUES ($1, 1, $2, 1, 'not_acknowledged', 'lead', $3, $2, $2,"
        " FALSE, $4, NULL)",
        duty["duty_id"],
        desk.clock.now(),
        "RJF:midwifery",
        notice,
    )
    midwife, coordinator = [await desk.reception.person(who) for who in ("mina", "carys")]

    theirs = (await midwife.get(f"/missed?notice={notice}")).text
    full = (await coordinator.get(f"/missed?notice={notice}")).text

    assert duty["recipient"] in theirs
    assert "sexual" not in theirs
    assert "CLINIC-7" not in theirs
    assert "sexual health" in full
    assert "CLINIC-7" in full


async def test_the_auditor_finds_who_saw_a_duty(desk: Desk) -> None:
    _, path = await at_duty(desk)
    auditor = await desk.reception.person("arthur")

    await auditor.get(f"/audit?about={path.rpartition('/')[2]}")

    assert "Carys Hill" in auditor.words
    assert "Saw duty" in auditor.words


async def test_sources_and_now_are_shown_to_the_operator_without_links_to_people(
    desk: Desk,
) -> None:
    operator = await desk.reception.person("omar")

    sources, now = await operator.get("/sources"), await operator.get("/now")

    assert "received" in sources.text
    assert "Latest events" in now.text
    assert "/events/" not in now.text
    assert "/duties/" not in sources.text
