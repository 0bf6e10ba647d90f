"""What waits for MASH: taken, given back, read, read again; and the notice of a finding."""

from uuid import UUID, uuid4

import pytest

from tests.builders import police
from tests.console_kit import Visitor
from tests.integration.console.desk import Desk
from tests.integration.console.test_pathways import pregnant
from tests.integration.router.kit import a_router, message, records

SECRET = b'{"name": "Asha Example", "note": "<script>alert(1)</script>"'


async def nobody_could_be_told(desk: Desk) -> UUID:
    """A pregnant victim of whom nobody knows where she lives: MASH has an exception."""
    body = message(police(pregnant(None, 7), police_reference="STF/2026/000700"), event_id="x1")
    await a_router(desk.ledger.pool).handle(records(body, begin=700))
    [row] = await desk.ledger.rows(
        "SELECT duty_id FROM duty WHERE instead_of = 'midwifery' AND ended_at IS NULL"
    )
    found: UUID = row["duty_id"]
    return found


async def could_not_be_read(desk: Desk, body: bytes = SECRET, *, offset: int = 800) -> UUID:
    """A message that is no event: a dead letter, and a duty of MASH."""
    await a_router(desk.ledger.pool).handle(records(body, begin=offset))
    [row] = await desk.ledger.rows(
        "SELECT duty_id FROM duty INNER JOIN dead_letter USING (dead_letter_id)"
        " WHERE log_offset = $1",
        offset,
    )
    found: UUID = row["duty_id"]
    return found


async def another(desk: Desk) -> Visitor:
    """A second coordinator, who is somebody else."""
    visitor = await desk.reception.person("carys")
    await desk.ledger.rows(
        "UPDATE console_session SET name = 'Another Coordinator', subject = 'other'"
        " WHERE session_hash ="
        " (SELECT session_hash FROM console_session ORDER BY begun_at DESC, ctid DESC LIMIT 1)"
    )
    return visitor


async def test_what_has_no_recipient_is_listed_with_why_and_nobodys_name(desk: Desk) -> None:
    duty_id = await nobody_could_be_told(desk)
    coordinator = await desk.reception.person("carys")

    page = await coordinator.get("/exceptions?waiting=no_recipient")

    assert f'href="/duties/{duty_id}"' in page.text
    assert "Midwifery should know, and does not" in coordinator.words
    assert "Nobody has it." in coordinator.words
    assert "Asha" not in page.text


async def test_what_could_not_be_read_is_listed_with_why_and_without_its_content(
    desk: Desk,
) -> None:
    await could_not_be_read(desk)
    auditor = await desk.reception.person("arthur")

    page = await auditor.get("/exceptions?waiting=unreadable")

    assert "1 could not be read" in auditor.words
    assert "Asha" not in page.text
    assert '<form method="post" action="/exceptions' not in page.text
    assert "/content" not in page.text


async def test_whoever_takes_it_has_it_and_can_give_it_back(desk: Desk) -> None:
    duty_id = await nobody_could_be_told(desk)
    coordinator = await desk.reception.person("carys")
    await coordinator.get("/exceptions")

    taken = await coordinator.post(f"/exceptions/{duty_id}/take", seen="")
    await coordinator.get(taken.headers["location"])
    assert "It is yours now." in coordinator.words
    assert "You have it" in coordinator.words
    await coordinator.get("/exceptions?taken=no")
    assert str(duty_id) not in coordinator.last.text
    await coordinator.post(f"/exceptions/{duty_id}/give-back", seen="1")
    await coordinator.get("/exceptions?taken=no")

    assert str(duty_id) in coordinator.last.text
    deeds = [view[1] for view in await desk.views()]
    assert [each for each in deeds if each != "saw_exceptions"] == [
        "signed_in",
        "took",
        "gave_back",
    ]


async def test_a_double_click_takes_once(desk: Desk) -> None:
    duty_id = await nobody_could_be_told(desk)
    coordinator = await desk.reception.person("carys")
    await coordinator.get("/exceptions")

    for _ in range(2):
        answer = await coordinator.post(f"/exceptions/{duty_id}/take", seen="")
        assert answer.status_code == 303

    assert len(await desk.ledger.rows("SELECT 1 FROM duty_taking")) == 1


async def test_of_two_people_the_later_reads_who_was_faster(desk: Desk) -> None:
    duty_id = await nobody_could_be_told(desk)
    first, second = await desk.reception.person("carys"), await another(desk)
    await first.get("/exceptions")
    await second.get("/exceptions")
    await first.post(f"/exceptions/{duty_id}/take", seen="")

    answer = await second.post(f"/exceptions/{duty_id}/take", seen="")

    assert answer.status_code == 409
    assert "Carys Hill took it" in answer.text
    assert "Nothing of yours was done." in answer.text
    [row] = await desk.ledger.rows("SELECT subject FROM duty_taking")
    assert row["subject"] != "other"


async def test_what_somebody_has_is_taken_over_by_who_has_seen_that_and_given_back_by_nobody_else(
    desk: Desk,
) -> None:
    duty_id = await nobody_could_be_told(desk)
    first, second = await desk.reception.person("carys"), await another(desk)
    await first.get("/exceptions")
    await first.post(f"/exceptions/{duty_id}/take", seen="")
    await second.get("/exceptions")
    assert "Carys Hill has it" in second.words

    not_theirs = await second.post(f"/exceptions/{duty_id}/give-back", seen="1")
    over = await second.post(f"/exceptions/{duty_id}/take", seen="1")

    assert (not_theirs.status_code, over.status_code) == (409, 303)
    await first.get("/exceptions")
    assert "Another Coordinator has it" in first.words


async def test_who_had_what_refuses_to_be_changed(desk: Desk) -> None:
    duty_id = await nobody_could_be_told(desk)
    coordinator = await desk.reception.person("carys")
    await coordinator.get("/exceptions")
    await coordinator.post(f"/exceptions/{duty_id}/take", seen="")

    for change in ("UPDATE duty_taking SET name = 'x'", "DELETE FROM duty_taking"):
        with pytest.raises(Exception, match="stays as it is"):
            await desk.ledger.rows(change)


async def test_what_does_not_wait_any_more_can_neither_be_taken_nor_read_again(desk: Desk) -> None:
    coordinator = await desk.reception.person("carys")
    await coordinator.get("/exceptions")

    for path in ("take", "give-back", "re-process"):
        answer = await coordinator.post(f"/exceptions/{uuid4()}/{path}", seen="")
        assert answer.status_code == 409, path
        assert "It does not wait any more" in answer.text
        assert (await coordinator.post(f"/exceptions/x/{path}", seen="")).status_code == 404


async def test_the_content_is_shown_for_a_reason_alone_and_that_is_recorded(desk: Desk) -> None:
    duty_id = await could_not_be_read(desk)
    coordinator = await desk.reception.person("carys")
    path = f"/exceptions/{duty_id}/content"

    asked = await coordinator.get(path)
    without = await coordinator.post(path, why="  ")
    shown = await coordinator.post(path, why="to find out who should be told")

    assert "Asha" not in asked.text + without.text
    assert without.status_code == 400
    assert "Asha Example" in shown.text
    assert "<script>alert" not in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert (await desk.views())[-1] == (
        "Carys Hill",
        "saw_letter",
        "to find out who should be told",
        None,
    )
    [view] = await desk.ledger.rows("SELECT things FROM console_view WHERE what = 'saw_letter'")
    assert str(duty_id) in view["things"]


@pytest.mark.parametrize("subject", ["arthur", "rosa", "omar", "mina"])
async def test_nobody_but_a_coordinator_sees_content(desk: Desk, subject: str) -> None:
    duty_id = await could_not_be_read(desk)
    visitor = await desk.reception.person(subject)
    await visitor.follow("/")

    answer = await visitor.post(f"/exceptions/{duty_id}/content", why="to look")

    assert answer.status_code == 403
    assert "Asha" not in answer.text


async def test_of_what_may_not_be_kept_that_is_said(desk: Desk) -> None:
    duty_id = await could_not_be_read(desk)
    await desk.ledger.rows("UPDATE dead_letter SET body = NULL, headers = NULL")
    coordinator = await desk.reception.person("carys")

    await coordinator.get(f"/exceptions/{duty_id}/content")

    assert "Its content was not kept" in coordinator.words
    assert (await coordinator.get(f"/exceptions/{uuid4()}/content")).status_code == 404


async def test_after_a_fix_one_click_reads_it_again_and_says_what_came_of_it(desk: Desk) -> None:
    duty_id = await could_not_be_read(desk)
    coordinator = await desk.reception.person("carys")
    await coordinator.get("/exceptions")

    still = await coordinator.post(f"/exceptions/{duty_id}/re-process")
    body = message(police(pregnant("E07000193", 9), police_reference="STF/1"), event_id="fixed")
    await desk.ledger.rows("UPDATE dead_letter SET body = $1", body)
    done = await coordinator.post(f"/exceptions/{duty_id}/re-process")
    again = await coordinator.post(f"/exceptions/{duty_id}/re-process")

    assert still.status_code == 409
    assert "it still cannot be read" in still.text
    assert done.status_code == 200
    assert "The event is routed" in done.text
    assert str(duty_id) not in done.text
    assert again.status_code == 409
    assert len(await desk.ledger.rows("SELECT 1 FROM event WHERE id = 'fixed'")) == 1


async def test_what_has_no_recipient_is_decided_again(desk: Desk) -> None:
    duty_id = await nobody_could_be_told(desk)
    coordinator = await desk.reception.person("carys")
    await coordinator.get("/exceptions")

    answer = await coordinator.post(f"/exceptions/{duty_id}/re-process")

    assert "Decided again: 0 duties changed." in answer.text
    assert (await desk.views())[-2][1:3] == ("re_routed", "what was wrong was put right")


async def test_many_exceptions_are_paged_through_without_a_gap_and_filtered(desk: Desk) -> None:
    for n in range(60):
        await could_not_be_read(desk, b"{broken", offset=900 + n)
    coordinator = await desk.reception.person("carys")

    seen: list[str] = []
    path = "/exceptions?waiting=unreadable"
    while path:
        text = (await coordinator.get(path)).text
        seen += [part.split('"')[0] for part in text.split('<a href="/duties/')[1:]]
        path = text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")

    assert len(seen) == len(set(seen)) == 60
    await coordinator.get("/exceptions?taken=yes")
    assert "Nothing waits that fits this filter." in coordinator.words
    wrong = await coordinator.get("/exceptions?waiting=x&after=y")
    assert wrong.status_code == 400


async def test_a_notice_about_a_source_shows_what_is_wrong_with_it_to_whoever_was_told(
    desk: Desk,
) -> None:
    duty = await desk.duty("midwifery")
    finding = uuid4()
    await desk.ledger.rows(
        "INSERT INTO source_finding (finding_id, publisher, kind, detail, opened_at, duty_id)"
        " VALUES ($1, 'staffordshire-police', 'silent', $2, $3, $4)",
        finding,
        '{"because": "no event for 26 hours"}',
        desk.clock.now(),
        duty["duty_id"],
    )
    coordinator = await desk.reception.person("carys")
    midwife = await desk.reception.person("mina")

    for notice in (finding, duty["duty_id"]):
        page = await coordinator.get(f"/missed?notice={notice}")
        assert page.status_code == 200
        assert "Staffordshire police: silent" in coordinator.words
        assert "no event for 26 hours" in coordinator.words
        assert "It is still so." in coordinator.words
        assert "duty sergeant" in coordinator.words
        theirs = await midwife.get(f"/missed?notice={notice}")
        assert theirs.status_code == 200
        assert f"/duties/{duty['duty_id']}" not in theirs.text
    await desk.ledger.rows("UPDATE duty SET recipient = 'RJE:midwifery'")
    assert (await midwife.get(f"/missed?notice={finding}")).status_code == 404
    await desk.ledger.rows(
        "UPDATE source_finding SET ended_at = $1, ended_because = 'it_is_heard'", desk.clock.now()
    )
    await coordinator.get(f"/missed?notice={finding}")
    assert "It is over" in coordinator.words
