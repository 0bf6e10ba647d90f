"""What was missed though no duty shows it: no rule, and sources that left something out."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from routing_rules.rulebook import Rulebook
from schemas.reading import read_event
from schemas.values import Service
from services.ledger.migrate import migrate
from services.ledger.missed import MissedFilter, count_missed
from services.ledger.missed_causes import MissedCause
from services.router.handler import Router
from services.router.messages import Post
from services.router.routing import Routing
from services.runtime.clock import FixedClock
from services.runtime.postgres import open_pool
from services.runtime.topics import Topics
from tests.builders import a_person, at_home, police, staffordshire, with_rules
from tests.integration.ledger.missed_kit import HAPPENED, HOUR, NOW, Duties
from tests.integration.router.kit import message, records

OF_NO_USE = """
- rule: of-no-use-here
  why: It never fires for the people of these tests.
  event: emergency attendance
  when: {concerns: [fgm]}
  about:
    each person where: {role: patient}
  tell:
    - safeguarding: of the attending hospital
      urgency: same day
      ask: [acknowledge]
  source: [para 1.13]
  owner: named.nurse
  review by: 2027-04-01
"""
VICTIM = a_person("victim", ref="p1", number=1, date_of_birth="1990-01-01", **at_home())


@pytest.fixture
async def ledger(fresh_dsn: str) -> AsyncIterator[Duties]:
    async with open_pool(fresh_dsn, size=2, application_name="test") as pool:
        await migrate(pool, at=HAPPENED)
        yield Duties(pool)


async def route(
    ledger: Duties, rulebook: Rulebook, *people: dict[str, Any], event: str = "e1", offset: int = 0
) -> None:
    """The police tell of an incident, or more of the same one."""
    data = police(*people, incident_at=HAPPENED.isoformat())
    routing = Routing(rulebook, Post(Topics("fieldfare"), 1))
    router = Router(ledger.pool, routing, read_event, FixedClock(HAPPENED))
    await router.handle(records(message(data, event_id=event, at=HAPPENED), begin=offset))


async def test_a_person_of_concern_whom_no_rule_names_is_a_miss(ledger: Duties) -> None:
    others = (a_person("alleged_perpetrator", ref="p2"), a_person("other_adult", ref="p3"))
    await route(ledger, with_rules(OF_NO_USE), VICTIM, *others)

    (missed,) = await ledger.missed()

    assert (missed.cause, missed.person, missed.service) == (MissedCause.NO_RULE, "p1", None)
    assert (missed.owner, missed.district) == ("MASH", "E07000193")
    assert missed.event is not None
    assert missed.event.id == "e1"
    assert await count_missed(ledger.pool, MissedFilter(), at=NOW) == {MissedCause.NO_RULE: 1}
    assert len(await ledger.missed(service=Service.GP)) == 1
    assert await ledger.missed(district="E07000197") == ()


async def test_one_human_under_two_refs_is_one_miss(ledger: Duties) -> None:
    again = {**VICTIM, "ref": "p2", "role": "child_present"}
    await route(ledger, with_rules(OF_NO_USE), VICTIM, again)

    assert [missed.person for missed in await ledger.missed()] == ["p1"]


async def test_it_is_over_once_a_rule_has_told_somebody(ledger: Duties) -> None:
    await route(ledger, with_rules(OF_NO_USE), VICTIM)
    await route(ledger, staffordshire(), VICTIM, event="e2", offset=1)

    assert await ledger.causes(at=HAPPENED + HOUR) == []


async def test_who_was_told_before_the_rules_forgot_them_was_told(ledger: Duties) -> None:
    await route(ledger, staffordshire(), VICTIM)
    await route(ledger, with_rules(OF_NO_USE), VICTIM, event="e2", offset=1)

    assert MissedCause.NO_RULE not in await ledger.causes()


@pytest.mark.parametrize(
    ("kind", "ended", "expected"),
    [
        ("silent", None, [MissedCause.SOURCE_SILENT]),
        ("sudden_fall", None, [MissedCause.SOURCE_SILENT]),
        ("silent", NOW - HOUR, [MissedCause.SOURCE_SILENT]),
        ("sequence_gap", None, [MissedCause.SOURCE_GAP]),
        ("daily_count_differs", None, [MissedCause.SOURCE_GAP]),
        ("log_gap", None, [MissedCause.SOURCE_GAP]),
        ("sequence_gap", NOW - HOUR, []),
        ("clock_skew", None, []),
    ],
)
async def test_what_a_source_left_out_is_a_miss_of_nobody_known(
    ledger: Duties, kind: str, ended: object, expected: list[MissedCause]
) -> None:
    async with ledger.pool.acquire() as connection:
        await connection.execute(
            "INSERT INTO source_finding (finding_id, duty_id, publisher, kind, detail,"
            " opened_at, ended_at) VALUES ($1, $2, 'staffordshire-police', $3, $4, $5, $6)",
            *(uuid4(), uuid4(), kind, json.dumps({}), HAPPENED, ended),
        )
        await connection.execute(
            "INSERT INTO source_offset"
            " VALUES ('fieldfare.events.police.staffordshire-police', 0, 7)"
        )

    rows = await ledger.missed()

    assert [row.cause for row in rows] == expected
    assert all((row.publisher, row.service) == ("staffordshire-police", "police") for row in rows)
    assert all((row.event, row.person) == (None, None) for row in rows)
    assert len(await ledger.missed(service=Service.GP, district="E07000193")) == len(expected)
    assert await ledger.missed(since=HAPPENED + timedelta(days=1)) == ()
