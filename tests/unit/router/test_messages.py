import json
from uuid import UUID

import pytest

from routing_rules.case import Case
from routing_rules.casework import decide
from schemas.events import FieldWarning, Refused
from services.ledger.outbox import OutboxRow
from services.router.arrivals import Unreadable
from services.router.messages import Post
from services.router.record import Record
from services.runtime.topics import Topics, partition_of
from tests.builders import NOW, POLICE, a_person, an_event, at_home, police, staffordshire

POST = Post(Topics("fieldfare"), 8)
RECORD = Record("fieldfare.events.police.staffordshire-police", 0, 1, (), b"", 0)
EVENT = an_event(POLICE, police(a_person("victim", number=1, pregnant="yes", **at_home())))


def notices() -> list[tuple[dict[str, object], OutboxRow]]:
    _, outcome = decide(Case(UUID(int=1)), EVENT, staffordshire(), NOW)
    return [
        (dict(change.notification), POST.notification(change, at=NOW)) for change in outcome.changes
    ]


def test_a_notice_goes_to_its_organisations_queue_and_its_recipients_partition() -> None:
    for body, row in notices():
        practices = body["service"] == "gp"
        where = "gp.practices" if practices else f"{body['service']}.{body['organisation']}"
        assert row.topic == f"fieldfare.queue.{where}"
        assert row.partition == partition_of(str(body["recipient"]), 8)
        assert json.loads(row.body) == json.loads(json.dumps(body))


def test_a_notice_has_an_id_of_its_own_in_its_headers() -> None:
    rows = [row for _, row in notices()]

    assert len(rows) > 2
    for row in rows:
        headers = json.loads(row.headers)
        assert headers["ce_id"] == str(row.message_id)
        assert headers["ce_type"] == "fieldfare.notification.v1"
        assert headers["ce_recipient"] == row.recipient == row.message_key


def test_a_reply_goes_to_the_publisher_and_names_no_recipient() -> None:
    row = POST.accepted(RECORD, EVENT, at=NOW)

    assert (row.topic, row.recipient) == (
        "fieldfare.replies.staffordshire-police",
        "replies:staffordshire-police",
    )
    assert json.loads(row.body) == {
        "source": EVENT.source,
        "id": "e1",
        "status": "accepted",
        "at": "2026-03-06T14:00:00Z",
        "warnings": [],
        "field": None,
        "reason": None,
    }


def a_refusal(**known: str) -> OutboxRow | None:
    refused = Refused("data.people", "no readable people", b"", **known)  # type: ignore[arg-type]
    return POST.refused(Unreadable(RECORD, refused), at=NOW)


def test_a_refusal_names_field_and_reason() -> None:
    row = a_refusal(source=EVENT.source, id="e1")

    assert row is not None
    body = json.loads(row.body)
    assert (body["status"], body["field"]) == ("refused", "data.people")
    assert body["reason"] == "no readable people"


@pytest.mark.parametrize("known", [{}, {"source": "s"}, {"id": "i"}])
def test_nobody_is_told_of_a_refusal_of_what_has_no_name(known: dict[str, str]) -> None:
    assert a_refusal(**known) is None


def test_warnings_are_passed_on_as_paths_and_reasons() -> None:
    event = an_event(POLICE, police(a_person("victim")))
    object.__setattr__(event, "warnings", (FieldWarning("data.x", "unknown field; ignored"),))

    body = json.loads(POST.accepted(RECORD, event, at=NOW).body)

    assert body["warnings"] == [{"field": "data.x", "reason": "unknown field; ignored"}]


def test_a_dead_letter_is_announced_by_its_id_alone() -> None:
    letter = UUID(int=5)

    row = POST.dead_letter(letter, reason="not readable as JSON", at=NOW)

    assert (row.topic, row.message_key) == ("fieldfare.dead-letters", str(letter))
    assert json.loads(row.body) == {
        "dead_letter_id": str(letter),
        "reason": "not readable as JSON",
        "at": "2026-03-06T14:00:00Z",
    }
