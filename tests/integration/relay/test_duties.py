"""What publishing does to duties."""

from uuid import UUID, uuid4

import pytest

from tests.integration.relay.rig import NOON, Rig, relay_running

pytestmark = pytest.mark.integration

_ADD_DUTY = """
INSERT INTO duty (
    duty_id, person_key, service, recipient, organisation, kind, urgency, respond_by, asks,
    reasons, late, episode, revision, fingerprint, notification_id, state, owed_at
) VALUES (
    $1, 'key', 'midwifery', 'RJF:midwifery', 'RJF', 'notify', 'immediate', $3, '[]', '[]', false,
    1, 2, '', $4, $2, $3
)
"""


async def _add_duty(rig: Rig, state: str, notifications: int = 1) -> UUID:
    duty_id = uuid4()
    ids = await rig.add(notifications)
    await rig.pool.execute(
        "UPDATE outbox SET duty_id = $2 WHERE message_id = ANY($1)", ids, duty_id
    )
    await rig.pool.execute(_ADD_DUTY, duty_id, state, NOON, ids[0])
    return duty_id


async def test_an_owed_duty_is_sent_once_its_notification_is_published(rig: Rig) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    duty_id = await _add_duty(rig, "owed", notifications=2)

    async with relay_running(rig.settings):
        await rig.until_published()

    [duty] = await rig.pool.fetch("SELECT state, sent_at FROM duty")
    assert (duty["state"], duty["sent_at"]) == ("sent", NOON)
    changes = await rig.pool.fetch("SELECT * FROM duty_change")
    assert [dict(row) | {"change_no": 0} for row in changes] == [
        {
            "change_no": 0,
            "duty_id": duty_id,
            "changed_at": NOON,
            "changed_by": "relay",
            "state": "sent",
            "revision": 2,
            "why": "published",
        }
    ]


@pytest.mark.parametrize("state", ["received", "acknowledged", "withdrawn", "closed"])
async def test_a_duty_that_has_moved_on_is_never_moved_back(rig: Rig, state: str) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    await _add_duty(rig, state)

    async with relay_running(rig.settings):
        await rig.until_published()

    assert await rig.pool.fetchval("SELECT state FROM duty") == state
    assert await rig.pool.fetchval("SELECT count(*) FROM duty_change") == 0


async def test_an_earlier_notice_does_not_say_that_the_update_was_sent(rig: Rig) -> None:
    await rig.make_topics("queue.midwifery.RJF")
    duty_id = await _add_duty(rig, "owed")
    await rig.pool.execute(
        "UPDATE duty SET notification_id = $2 WHERE duty_id = $1", duty_id, duty_id
    )

    async with relay_running(rig.settings):
        await rig.until_published()

    assert await rig.pool.fetchval("SELECT (state, sent_at IS NULL)::text FROM duty") == "(owed,t)"
