"""A ledger that has routed an event, and the console over it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg

from services.runtime.clock import FixedClock
from tests.console_kit import Reception
from tests.integration.router.kit import (
    NOON,
    Ledger,
    a_router,
    family,
    message,
    records,
    records_of,
)

LATER = NOON + timedelta(days=5)
"""By then everything that was asked is overdue."""


@dataclass(slots=True)
class Desk:
    """What a test makes happen, and what it sees of the ledger."""

    ledger: Ledger
    reception: Reception
    offset: int = 0
    clock: FixedClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = self.reception.clock

    async def happened(self, reference: str = "STF/2026/000001", **known: Any) -> None:
        """An event comes in, and is routed; its notices are sent."""
        router = a_router(self.ledger.pool, clock=FixedClock(self.clock.now()))
        body = message(family(reference, **known), event_id=f"e{self.offset}", at=self.clock.now())
        await router.handle(records(body, begin=self.offset))
        self.offset += 1
        await self.publish()

    async def received(self, event: Mapping[str, Any]) -> None:
        """An event of any publisher comes in, and is routed; its notices are sent."""
        router = a_router(self.ledger.pool, clock=FixedClock(self.clock.now()))
        await router.handle(records_of(event))
        await self.publish()

    async def publish(self) -> None:
        """What a relay leaves behind when it has published everything."""
        await self.ledger.rows(
            "WITH numbered AS (SELECT outbox_no, row_number() OVER (PARTITION BY recipient, topic"
            " ORDER BY outbox_no) AS n FROM outbox) UPDATE outbox SET recipient_sequence = n,"
            " published_at = $1, published_offset = n FROM numbered"
            " WHERE numbered.outbox_no = outbox.outbox_no AND withdrawn_at IS NULL",
            self.clock.now(),
        )
        await self.ledger.rows(
            "UPDATE duty SET state = 'sent', sent_at = $1 WHERE state = 'owed'", self.clock.now()
        )

    async def duty(self, service: str) -> asyncpg.Record:
        """The last duty of a service."""
        return (
            await self.ledger.rows(
                "SELECT * FROM duty WHERE service = $1 ORDER BY owed_at, duty_id", service
            )
        )[-1]

    async def views(self) -> list[tuple[str, str, str | None, str | None]]:
        """Who saw and did what, why, and what came of it, in order."""
        found = await self.ledger.rows(
            "SELECT name, what, reason, outcome FROM console_view ORDER BY view_no"
        )
        return [(row["name"], row["what"], row["reason"], row["outcome"]) for row in found]
