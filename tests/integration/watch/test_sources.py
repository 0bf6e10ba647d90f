"""What is wrong with a source is found once, owned by MASH, and ends when it is put right."""

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.ledger.queues import Queues
from services.ledger.sources import LogGap, note_log_gaps, probe_message_id
from services.runtime.clock import FixedClock
from services.runtime.postgres import transaction
from services.runtime.topics import Topics
from services.watch.sources import Looked, SourceWatch
from tests.builders import staffordshire
from tests.integration.router.kit import a_router, family, records
from tests.integration.watch.rig import MASH, Rig

PUBLISHER = "staffordshire-police"
NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _event(number: int, at: datetime, *, event_id: str | None = None) -> bytes:
    return json.dumps(
        {
            "specversion": "1.0",
            "id": event_id or f"e{number}",
            "source": f"urn:fieldfare:source:{PUBLISHER}",
            "type": "fieldfare.police.domestic-abuse.v1",
            "time": at.isoformat(),
            "sequence": str(number),
            "data": family(f"STF/{number}"),
        }
    ).encode()


class Sources:
    """A ledger whose sources are looked at; `offset` is where the police's topic ends."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.offset = 0

    def watch(self, *, with_probes: bool = False) -> SourceWatch:
        queues = Queues(Topics("fieldfare"), 1)
        return SourceWatch(self.rig.pool, staffordshire(), queues, with_probes=with_probes)

    async def send(self, numbers: Iterable[int], at: datetime, **known: Any) -> None:
        values = [_event(number, at, **known) for number in numbers]
        router = a_router(self.rig.pool, clock=FixedClock(at))
        await router.handle(records(*values, begin=self.offset))
        self.offset += len(values)

    async def look(self, at: datetime, *, with_probes: bool = False) -> Looked:
        return await self.watch(with_probes=with_probes).look(at)

    async def open(self, kind: str | None = None) -> list[str]:
        """The kinds of findings about the police that are open."""
        found = await self.rig.rows(
            "SELECT kind FROM source_finding WHERE ended_at IS NULL AND publisher = $1"
            " AND kind = coalesce($2, kind) ORDER BY kind",
            PUBLISHER, kind,
        )  # fmt: skip
        return [row["kind"] for row in found]

    async def ended(self) -> list[tuple[str, str]]:
        found = await self.rig.rows(
            "SELECT kind, ended_because FROM source_finding WHERE ended_at IS NOT NULL"
            " AND publisher = $1 ORDER BY ended_at, kind",
            PUBLISHER,
        )
        return [(row["kind"], row["ended_because"]) for row in found]

    async def duties(self) -> list[dict[str, Any]]:
        """Duties about the police's findings, in order of opening."""
        found = await self.rig.rows(
            "SELECT duty.* FROM duty INNER JOIN source_finding AS f"
            " ON duty.duty_id IN (f.duty_id, f.copy_id) WHERE f.publisher = $1"
            " ORDER BY f.opened_at, duty.service",
            PUBLISHER,
        )
        return [dict(row) for row in found]

    async def answer(self, at: datetime) -> None:
        """MASH acknowledges all that it was told of the police."""
        ids = [duty["duty_id"] for duty in await self.duties() if duty["ended_at"] is None]
        await self.rig.pool.execute(
            "UPDATE duty SET state = 'acknowledged', ended_at = $2, look_at = NULL"
            " WHERE duty_id = any($1::uuid[])",
            ids, at,
        )  # fmt: skip


@pytest.fixture
def sources(rig: Rig) -> Sources:
    return Sources(rig)


async def _with_a_gap(sources: Sources) -> None:
    """17 is missing, and has been waited for."""
    await sources.send([*range(1, 17), 18], NOON)
    await sources.look(NOON + MINUTE)
    await sources.look(NOON + 11 * MINUTE)


async def test_a_missing_number_is_a_duty_of_mash_once_however_many_look(
    sources: Sources,
) -> None:
    await sources.send([*range(1, 17), 18], NOON)
    await sources.look(NOON + MINUTE)

    at = NOON + 11 * MINUTE
    await asyncio.gather(*(sources.look(at) for _ in range(4)))
    await sources.look(at + MINUTE)

    assert await sources.open() == ["sequence_gap"]
    (duty,) = await sources.duties()
    assert (duty["recipient"], duty["kind"], duty["about"]) == (MASH, "escalate", None)
    assert duty["because"] == f"{PUBLISHER}: 1 event missing by their numbers: 17"
    assert duty["look_at"] == duty["respond_by"]
    bodies = await sources.rig.rows("SELECT body FROM outbox WHERE duty_id = $1", duty["duty_id"])
    content = json.loads(bodies[0]["body"])["content"]
    assert (content["source"], content["missing"], content["count"]) == (PUBLISHER, "17", 1)
    assert content["contact"].startswith("County police")


async def test_what_comes_within_the_grace_alarms_nobody(sources: Sources) -> None:
    await sources.send([1, 3], NOON)
    await sources.look(NOON + MINUTE)
    await sources.send([2], NOON + 5 * MINUTE)

    await sources.look(NOON + 20 * MINUTE)

    assert (await sources.open(), await sources.duties()) == ([], [])


async def test_a_gap_that_is_filled_late_ends_and_its_duty_is_taken_back(
    sources: Sources,
) -> None:
    await _with_a_gap(sources)
    await sources.send([17], NOON + HOUR)

    await sources.look(NOON + HOUR)

    assert await sources.ended() == [("sequence_gap", "it is so no more")]
    (duty,) = await sources.duties()
    assert (duty["state"], duty["ended_at"]) == ("withdrawn", NOON + HOUR)
    (feed,) = await sources.rig.rows(
        "SELECT again, repeated FROM source_feed WHERE publisher = $1", PUBLISHER
    )
    assert (feed["again"], feed["repeated"]) == ([], [])


async def test_of_a_gap_filled_in_part_the_rest_stays_missing(sources: Sources) -> None:
    await sources.send([1, 5], NOON)
    await sources.look(NOON + MINUTE)
    await sources.look(NOON + 11 * MINUTE)
    await sources.send([3], NOON + HOUR)

    await sources.look(NOON + HOUR)

    gaps = await sources.rig.rows(
        "SELECT first_number, last_number, noted_at FROM source_gap WHERE ended_at IS NULL"
        " ORDER BY first_number"
    )
    noted = NOON + 11 * MINUTE
    assert [tuple(gap) for gap in gaps] == [(2, 2, noted), (4, 4, noted)]
    assert await sources.open() == ["sequence_gap"]


async def test_what_was_answered_for_is_not_told_again_and_what_is_new_is(
    sources: Sources,
) -> None:
    await _with_a_gap(sources)
    await sources.send([20], NOON + 20 * MINUTE)
    await sources.look(NOON + 21 * MINUTE)
    await sources.look(NOON + 32 * MINUTE)
    await sources.answer(NOON + 40 * MINUTE)

    await sources.look(NOON + 41 * MINUTE)
    await sources.look(NOON + 42 * MINUTE)

    assert await sources.ended() == [("sequence_gap", "a named person has answered for it")]
    assert await sources.open() == ["sequence_gap"]
    *_, duty = await sources.duties()
    assert duty["because"].endswith("1 event missing by their numbers: 19")
    gaps = await sources.rig.rows("SELECT first_number FROM source_gap WHERE ended_at IS NULL")
    assert sorted(gap["first_number"] for gap in gaps) == [17, 19]


async def test_numbers_used_twice_are_told_until_somebody_answers(sources: Sources) -> None:
    await sources.send([1, 2], NOON)
    await sources.send([2], NOON, event_id="other")

    await sources.look(NOON + MINUTE)
    assert await sources.open() == ["numbers_repeated"]
    await sources.answer(NOON + HOUR)
    await sources.look(NOON + HOUR)
    await sources.look(NOON + HOUR + MINUTE)

    assert await sources.open() == []
    assert len(await sources.duties()) == 1


FRIDAY_NIGHT = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)


async def test_a_source_that_stops_on_a_friday_night_alarms_before_monday_and_heals(
    sources: Sources,
) -> None:
    await sources.send([1], FRIDAY_NIGHT)
    hours = [FRIDAY_NIGHT + n * HOUR for n in range(1, 58)]
    opened = []
    for at in hours:
        await sources.look(at)
        opened += [at for _ in await sources.open("silent")]

    assert opened
    assert opened[0] < datetime(2026, 3, 7, 12, tzinfo=UTC)
    assert MASH in {duty["recipient"] for duty in await sources.duties()}
    monday = hours[-1]
    await sources.send([2], monday)
    await sources.look(monday)

    assert await sources.open() == []
    assert {duty["state"] for duty in await sources.duties()} == {"withdrawn"}


async def test_a_silence_that_was_answered_and_goes_on_is_told_again_a_day_later(
    sources: Sources,
) -> None:
    await sources.send([1], NOON)
    at = NOON + 3 * DAY
    await sources.look(at)
    await sources.answer(at + HOUR)

    await sources.look(at + 2 * HOUR)
    assert len(await sources.duties()) == 1
    await sources.look(at + DAY + HOUR)

    assert await sources.open() == ["silent"]
    assert await sources.ended() == [("silent", "it was answered, and is wrong still")]


async def test_who_is_listed_and_never_sent_anything_becomes_silent(sources: Sources) -> None:
    await sources.look(NOON)
    assert await sources.open() == []

    await sources.look(NOON + 2 * DAY)

    assert await sources.open() == ["silent"]


async def test_lost_messages_are_told_and_settled_by_an_answer(sources: Sources) -> None:
    gap = LogGap("fieldfare.events.police.staffordshire-police", 0, 2, 5, PUBLISHER)
    async with transaction(sources.rig.pool) as connection:
        await note_log_gaps(connection, [gap], at=NOON)

    await sources.look(NOON + MINUTE)
    assert await sources.open() == ["log_gap"]
    await sources.answer(NOON + HOUR)
    await sources.look(NOON + HOUR)
    await sources.look(NOON + 2 * HOUR)

    assert await sources.open() == []


async def _probe_of_the_police(sources: Sources) -> UUID:
    (row,) = await sources.rig.rows(
        "SELECT probe_id FROM source_probe WHERE publisher = $1 ORDER BY hour DESC LIMIT 1",
        PUBLISHER,
    )
    return UUID(str(row["probe_id"]))


async def test_a_probe_is_asked_for_once_a_source_and_hour(sources: Sources) -> None:
    at = NOON + 5 * MINUTE
    await asyncio.gather(*(sources.look(at, with_probes=True) for _ in range(3)))
    await sources.look(at + 10 * MINUTE, with_probes=True)
    await sources.look(at + HOUR, with_probes=True)

    asked = await sources.rig.rows(
        "SELECT publisher, count(*) AS n FROM source_probe GROUP BY publisher"
    )
    assert {row["publisher"] for row in asked} == {
        source.publisher for source in staffordshire().settings.sources
    }
    assert {row["n"] for row in asked} == {2}


async def test_a_probe_that_does_not_return_is_lost_until_one_does(sources: Sources) -> None:
    await sources.look(NOON, with_probes=True)
    assert await sources.open() == []
    await sources.look(NOON + 10 * MINUTE, with_probes=True)
    assert await sources.open() == ["probe_lost"]

    later = NOON + HOUR
    await sources.look(later, with_probes=True)
    probe = await _probe_of_the_police(sources)
    await sources.rig.pool.execute(
        "UPDATE source_probe SET arrived_at = $2 WHERE probe_id = $1", probe, later
    )
    await sources.rig.pool.execute(
        "INSERT INTO outbox (message_id, topic, partition, recipient, message_key, headers, body,"
        " published_at) VALUES ($1, 'fieldfare.probes', 0, 'probes', 'x', '{}', '', $2)",
        probe_message_id(probe), later,
    )  # fmt: skip
    assert await sources.open() == ["probe_lost"]
    await sources.look(later + MINUTE, with_probes=True)

    assert await sources.open() == []


async def test_who_is_not_listed_is_told(sources: Sources) -> None:
    await sources.rig.pool.execute(
        "INSERT INTO source_feed (publisher, known_since, heard_at) VALUES ('stranger', $1, $1)",
        NOON,
    )

    await sources.look(NOON)

    found = await sources.rig.rows("SELECT publisher, kind FROM source_finding")
    assert [tuple(row) for row in found] == [("stranger", "not_listed")]


async def test_a_daily_count_that_differs_is_told_and_heals_when_the_rest_comes(
    sources: Sources,
) -> None:
    await sources.send([1, 2], NOON)
    await sources.rig.pool.execute(
        "INSERT INTO source_count (source, id, sha256, publisher, day, count, published_at, topic,"
        " partition, log_offset, received_at)"
        " VALUES ('s', $1, '', $2, '2026-03-06', 3, $3, 't', 0, 0, $3)",
        str(uuid4()), PUBLISHER, NOON,
    )  # fmt: skip

    await sources.look(NOON + 31 * MINUTE)
    assert await sources.open() == ["daily_count_differs"]
    await sources.send([3], NOON + 40 * MINUTE)
    await sources.look(NOON + 41 * MINUTE)

    assert await sources.open() == []
