"""A ledger of an older release keeps what it holds, and knows as much as can be known of it."""

from datetime import UTC, datetime, timedelta

from routing_rules.known import Row
from services.ledger.migrate import migrate, read_migrations
from services.ledger.register import read_register, relatives_of, write_rows
from services.runtime.postgres import open_pool, transaction
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.pregnancies import baby, birth, booked
from tests.unit.routing_rules.register_events import ASHA, BELLA, DORA, link
from tests.unit.routing_rules.test_register_pregnancies import with_these

AT = datetime(2026, 3, 6, 12, tzinfo=UTC)
_BEFORE_ANSWERS = 2
_BEFORE_UNBORN_LINKS = 16
_DUTY = """
INSERT INTO duty (
    duty_id, person_key, service, recipient, organisation, kind, urgency, respond_by, asks,
    reasons, late, episode, revision, fingerprint, notification_id, state, owed_at
)
SELECT
    duty_id::uuid, 'k', 'midwifery', 'RJF:midwifery', 'RJF', 'notify', 'routine', $1, asks::jsonb,
    '[]', false, 1, 2, '', last::uuid, state, $1
FROM (VALUES
    ('00000000-0000-0000-0000-000000000001', '["record"]', 'sent',
     '00000000-0000-0000-0000-00000000000b'),
    ('00000000-0000-0000-0000-000000000002', '[]', 'withdrawn',
     '00000000-0000-0000-0000-00000000000c')
) AS fresh (duty_id, asks, state, last)
"""
_OUTBOX = """
INSERT INTO outbox (message_id, topic, partition, recipient, message_key, headers, body, duty_id)
SELECT message_id::uuid, 't', 0, 'r', 'r', '{}', '', duty_id::uuid
FROM (VALUES
    ('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-000000000001'),
    ('00000000-0000-0000-0000-00000000000b', '00000000-0000-0000-0000-000000000001'),
    ('00000000-0000-0000-0000-00000000000c', '00000000-0000-0000-0000-000000000002')
) AS fresh (message_id, duty_id)
"""
_CHANGES = """
INSERT INTO duty_change (duty_id, changed_at, changed_by, state, revision, why)
VALUES
    ('00000000-0000-0000-0000-000000000001', $1, 'relay', 'sent', 1, 'published'),
    ('00000000-0000-0000-0000-000000000002', $2, 'router', 'withdrawn', 2, 'entered in error')
"""


async def test_duties_of_an_older_release_are_open_or_ended_as_they_were(fresh_dsn: str) -> None:
    later = AT + timedelta(hours=1)
    async with open_pool(fresh_dsn, size=1, application_name="test") as pool:
        await migrate(pool, at=AT, migrations=read_migrations()[:_BEFORE_ANSWERS])
        await pool.execute(_DUTY, AT)
        await pool.execute(_OUTBOX)
        await pool.execute(_CHANGES, AT, later)

        await migrate(pool, at=later)

        duties = await pool.fetch("SELECT sent_at, ended_at, look_at FROM duty ORDER BY duty_id")
        notices = await pool.fetch(
            "SELECT right(notification_id::text, 1) AS id, revision FROM notification ORDER BY 1"
        )
    assert [tuple(row) for row in duties] == [(AT, None, AT), (None, later, None)]
    assert [tuple(row) for row in notices] == [("a", 1), ("b", 2), ("c", 1)]


async def test_a_father_who_was_linked_to_a_pregnancy_before_is_found_from_the_baby(
    fresh_dsn: str,
) -> None:
    told = (link(DORA, "MAT-1"), link(ASHA, BELLA))
    register = with_these(booked(), birth(baby()), *(arriving(one) for one in told))
    everything = register.known_about([ASHA, BELLA, DORA])
    rows: list[Row] = [
        *everything.links[ASHA],
        *everything.endings[ASHA],
        *everything.bookings[ASHA],
    ]
    unborn = [row for row in everything.links[DORA] if row.pregnancy_id]
    async with open_pool(fresh_dsn, size=1, application_name="test") as pool:
        await migrate(pool, at=AT, migrations=read_migrations()[:_BEFORE_UNBORN_LINKS])
        async with transaction(pool) as connection:
            await write_rows(connection, [*rows, *unborn], at=AT)
        await pool.execute("DELETE FROM register_label WHERE label LIKE 'unborn|%'")

        await migrate(pool, at=AT)

        async with transaction(pool) as connection:
            for number in (ASHA, BELLA, DORA):
                found = await read_register(connection, [number])
                assert found.known_about([number]) == register.known_about([number])
                assert {ASHA, BELLA, DORA} <= {number} | await relatives_of(connection, [number])
