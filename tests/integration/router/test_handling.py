"""What one batch leaves in the ledger."""

import json
from datetime import timedelta

from services.ledger.reading import find_events
from services.router.record import Record
from tests.integration.router.kit import (
    NOON,
    TOPIC,
    Ledger,
    a_router,
    family,
    handle_each,
    message,
    records,
)
from tests.unit.schemas.letters import family_link, to_bytes


async def test_an_event_becomes_duties_notices_and_a_reply(ledger: Ledger) -> None:
    written = await a_router(ledger.pool).handle(records(message()))

    counts = await ledger.counts()
    notices = await ledger.notices()
    assert written.events == 1
    assert counts["event"] == counts["occurrence"] == counts["decision"] == 1
    assert counts["duty"] == counts["duty_change"] == written.duty_changes == len(notices) > 3
    assert {"midwifery", "health-visiting"} <= {notice["service"] for notice in notices}
    assert await ledger.next_offset() == 1
    [reply] = await ledger.replies()
    assert reply["status"] == "accepted"
    assert reply["id"] == "e1"


async def test_a_notice_stands_in_its_recipients_lane_with_headers_to_filter_by(
    ledger: Ledger,
) -> None:
    await a_router(ledger.pool).handle(records(message()))

    [row] = await ledger.rows("SELECT * FROM outbox WHERE topic = 'fieldfare.queue.midwifery.RJF'")
    headers, body = json.loads(row["headers"]), json.loads(row["body"])
    assert row["recipient"] == row["message_key"] == body["recipient"] == headers["ce_recipient"]
    assert headers["ce_id"] == body["notification_id"] == str(row["message_id"])
    assert headers["ce_service"] == "midwifery"
    assert headers["ce_urgency"] == body["urgency"]
    assert "recipient_sequence" not in body


async def test_an_event_for_the_register_is_stored_and_accepted_without_a_decision(
    ledger: Ledger,
) -> None:
    topic = "fieldfare.events.registration.registration"
    told = [family_link(), family_link({"is": "carer"}, id="event-2")]
    arrived = [Record(topic, 0, i, (), to_bytes(each), 0) for i, each in enumerate(told)]

    written = await a_router(ledger.pool).handle([*arrived, *records(message())])

    counts = await ledger.counts()
    assert (written.events, counts["event"]) == (3, 3)
    assert counts["occurrence"] == counts["decision"] == 1
    assert [reply["status"] for reply in await ledger.replies()] == ["accepted"] * 3


async def test_an_event_that_comes_three_times_is_routed_once(ledger: Ledger) -> None:
    router = a_router(ledger.pool)

    await router.handle(records(message(), message()))
    once = await ledger.counts()
    await router.handle(records(message(), begin=2))

    again = await ledger.counts()
    assert [reply["status"] for reply in await ledger.replies()] == [
        "accepted",
        "repeated",
        "repeated",
    ]
    assert again == {**once, "outbox": once["outbox"] + 1}
    assert again["event"] == 1


async def test_the_same_id_with_other_bytes_is_a_dead_letter_and_a_duty_of_mash(
    ledger: Ledger,
) -> None:
    router = a_router(ledger.pool)
    other = message(family(risk="high"))

    await router.handle(records(message(), other))
    await router.handle(records(other, begin=2))

    letters = await ledger.rows("SELECT * FROM dead_letter ORDER BY log_offset")
    assert [(row["field"], row["reason"]) for row in letters] == [("id", "id_reused")] * 2
    assert [row["body"] for row in letters] == [other] * 2
    duties = await ledger.rows("SELECT * FROM duty WHERE dead_letter_id IS NOT NULL")
    assert {row["dead_letter_id"] for row in duties} == {row["dead_letter_id"] for row in letters}
    assert {row["service"] for row in duties} == {"mash"}
    refusals = (await ledger.replies())[1:]
    assert {(reply["status"], reply["field"]) for reply in refusals} == {("refused", "id")}


async def test_what_cannot_be_read_is_announced_without_its_bytes(ledger: Ledger) -> None:
    await a_router(ledger.pool).handle(records(b"{not json", None))

    letters = await ledger.rows("SELECT dead_letter_id, body FROM dead_letter ORDER BY log_offset")
    notes = await ledger.rows(
        "SELECT body, recipient FROM outbox WHERE topic = 'fieldfare.dead-letters'"
    )
    assert [row["body"] for row in letters] == [b"{not json", b""]
    assert {json.loads(row["body"])["dead_letter_id"] for row in notes} == {
        str(row["dead_letter_id"]) for row in letters
    }
    assert not any(b"not json{" in row["body"] for row in notes)
    assert await ledger.replies() == []


async def test_an_update_in_the_same_batch_or_later_adds_to_the_case(ledger: Ledger) -> None:
    worse = message(family(risk="high"), event_id="e2", at=NOON + timedelta(minutes=1))
    third = message(family(risk="medium"), event_id="e3", at=NOON + timedelta(minutes=2))

    await handle_each(a_router(ledger.pool), [records(message(), worse), records(third, begin=2)])

    counts = await ledger.counts()
    duties = await ledger.rows("SELECT duty_id, revision, notification_id FROM duty")
    changes = await ledger.rows("SELECT duty_id, max(revision) FROM duty_change GROUP BY duty_id")
    assert counts["event"] == counts["decision"] == 3
    assert counts["occurrence"] == 1
    assert {row["duty_id"]: row["revision"] for row in duties} == {
        row[0]: row[1] for row in changes
    }
    assert max(row["revision"] for row in duties) == 3
    newest = {notice["duty_id"]: notice["notification_id"] for notice in await ledger.notices()}
    assert newest == {str(row["duty_id"]): str(row["notification_id"]) for row in duties}


async def test_nobody_hears_of_what_was_withdrawn_before_it_had_a_number(ledger: Ledger) -> None:
    cancelled = message(family(status="cancelled"), event_id="e2", at=NOON + timedelta(minutes=1))
    router = a_router(ledger.pool)

    await router.handle(records(message()))
    assert await ledger.notices()
    await router.handle(records(cancelled, begin=1))

    assert await ledger.notices() == []
    assert {row[0] for row in await ledger.rows("SELECT DISTINCT state FROM duty")} == {"withdrawn"}


async def test_nor_within_one_batch(ledger: Ledger) -> None:
    cancelled = message(family(status="cancelled"), event_id="e2", at=NOON + timedelta(minutes=1))

    await a_router(ledger.pool).handle(records(message(), cancelled))

    assert await ledger.notices() == []
    withdrawn = await ledger.rows("SELECT count(*) FROM outbox WHERE withdrawn_at IS NOT NULL")
    duties = await ledger.rows("SELECT count(*) FROM duty WHERE state = 'withdrawn'")
    assert withdrawn[0][0] == duties[0][0] > 3


async def test_what_has_a_number_is_withdrawn_by_a_notice(ledger: Ledger) -> None:
    cancelled = message(family(status="cancelled"), event_id="e2", at=NOON + timedelta(minutes=1))
    router = a_router(ledger.pool)
    await router.handle(records(message()))
    await ledger.rows(
        "UPDATE outbox SET recipient_sequence = 1 WHERE topic = 'fieldfare.queue.midwifery.RJF'"
    )

    await router.handle(records(cancelled, begin=1))

    assert [(n["service"], n["kind"]) for n in await ledger.notices()] == [
        ("midwifery", "notify"),
        ("midwifery", "withdraw"),
    ]


async def test_several_topics_and_partitions_share_a_batch(ledger: Ledger) -> None:
    first = records(message(event_id="a"), begin=7, partition=1)
    second = records(message(family("STF/2"), event_id="b"), begin=3, partition=2)

    await a_router(ledger.pool).handle([*first, *second])

    offsets = await ledger.rows(
        "SELECT topic, partition, next_offset FROM source_offset ORDER BY 2"
    )
    assert [tuple(row) for row in offsets] == [(TOPIC, 1, 8), (TOPIC, 2, 4)]


async def test_an_event_can_be_looked_up(ledger: Ledger) -> None:
    odd = family(colour="blue")
    await a_router(ledger.pool).handle(records(message(odd)))

    [found] = await find_events(ledger.pool, "e1")

    assert (found.topic, found.partition, found.log_offset) == (TOPIC, 0, 0)
    assert [warning.field for warning in found.warnings] == ["data.colour"]
    assert found.decided_at is not None
    assert await find_events(ledger.pool, "e1", source="urn:other") == ()
