"""Duties in a real ledger, and watches over them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from schemas.values import DutyState
from services.ledger.duties import DutyRow, insert_duties
from services.ledger.jsonb import json_text
from services.ledger.queues import Queues
from services.runtime.postgres import Pool, transaction
from services.runtime.topics import Topics
from services.watch.chasing import Chased, Chasing
from services.watch.failpoints import Failpoints, NoFailpoints
from tests.builders import staffordshire

DUE = datetime(2026, 3, 4, 17, tzinfo=UTC)
"""A Wednesday in term, at the close of office hours."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LEAD = "RJF:safeguarding"
MASH = "MASH:mash"
ON_CALL = "860:social-care:duty-director"
_IDS = UUID(int=7)


@dataclass(slots=True)
class Rig:
    """A ledger, and everything that a test asks of it."""

    pool: Pool
    dsn: str
    added: int = 0
    ids: list[UUID] = field(default_factory=list)

    def chasing(self, failpoints: Failpoints | None = None, **limits: int) -> Chasing:
        """A watch's own work, under the shipped rulebook."""
        queues = Queues(Topics("fieldfare"), 1)
        points = failpoints or NoFailpoints()
        return Chasing(
            self.pool, staffordshire(), queues, "https://console.example", points, **limits
        )

    async def chase(self, at: datetime) -> Chased:
        """One pass."""
        return await self.chasing().chase(at)

    async def owe(
        self,
        count: int = 1,
        *,
        service: str = "midwifery",
        recipient: str = "RJF:midwifery",
        urgency: str = "next_working_day",
        asks: Sequence[str] = ("acknowledge",),
        state: DutyState = DutyState.SENT,
        due: datetime = DUE,
        owed_at: datetime | None = None,
        act_by: datetime | None = None,
        kind: str = "notify",
    ) -> list[UUID]:
        """Duties that are due at a time."""
        rows = []
        for _ in range(count):
            self.added += 1
            duty_id = uuid5(_IDS, str(self.added))
            rows.append(
                DutyRow(
                    duty_id=duty_id,
                    occurrence_id=uuid5(duty_id, "occurrence"),
                    dead_letter_id=None,
                    person_key="9990000018",
                    about=json_text({"ref": "p1", "name": {"given": "Asha"}}),
                    service=service,
                    recipient=recipient,
                    organisation=recipient.split(":", maxsplit=1)[0],
                    kind=kind,
                    instead_of=None,
                    because=None,
                    urgency=urgency,
                    respond_by=due,
                    asks=json_text(list(asks)),
                    reasons="[]",
                    late=False,
                    episode=1,
                    revision=1,
                    fingerprint=b"",
                    notification_id=uuid5(duty_id, "notice"),
                    state=state,
                    owed_at=owed_at or due - DAY,
                    act_by=act_by,
                    look_at=min(due, act_by) if act_by else due,
                    district=None,
                )
            )
        async with transaction(self.pool) as connection:
            await insert_duties(connection, rows)
        return [row.duty_id for row in rows]

    async def rows(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """The rows of a query."""
        return list(await self.pool.fetch(query, *arguments))

    async def end(self, *duty_ids: UUID, state: str = "acknowledged") -> None:
        """All that these ask has been answered."""
        await self.pool.execute(
            "UPDATE duty SET state = $2, ended_at = owed_at, look_at = NULL"
            " WHERE duty_id = any($1::uuid[])",
            duty_ids,
            state,
        )

    async def refuse(self, duty_id: UUID, at: datetime) -> None:
        """Its recipient cannot act."""
        await self.pool.execute(
            "UPDATE duty SET refused_at = $2, look_at = $2 WHERE duty_id = $1", duty_id, at
        )

    async def steps(self) -> list[tuple[str, int, bool]]:
        """Whom each step that was taken told, in order, and whether late."""
        found = await self.rows(
            "SELECT recipient, step, late FROM escalation ORDER BY escalated_at, step, duty_id"
        )
        return [tuple(row) for row in found]

    async def notices(self) -> list[dict[str, Any]]:
        """Bodies of what went out, in order."""
        found = await self.rows("SELECT body FROM outbox ORDER BY outbox_no")
        return [json.loads(row["body"]) for row in found]

    async def readers(self) -> list[str]:
        """Who was told, in order."""
        return [each["recipient"] for each in await self.notices()]

    async def open_notices(self) -> int:
        """How many duties of the watch nobody has answered."""
        [row] = await self.rows(
            "SELECT count(*) FROM duty WHERE kind = 'escalate' AND ended_at IS NULL"
        )
        return int(row[0])
